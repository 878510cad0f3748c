// Bundles every program in src/entry into dist/<program>/, from what the compiler put into build/.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const ncc = createRequire(import.meta.url).resolve('@vercel/ncc/dist/ncc/cli.js');
const programs = readdirSync('src/entry').map((file) => file.replace(/\.ts$/, ''));

rmSync('dist', { recursive: true, force: true });
for (const program of programs) {
  const from = `build/src/entry/${program}.js`;
  const options = ['--minify', '--no-source-map-register', '--license', 'licenses.txt', '--quiet'];
  execFileSync(process.execPath, [ncc, 'build', from, '--out', `dist/${program}`, ...options], {
    stdio: 'inherit',
  });
}
