// Bundles every program in src/entry into dist/<program>/, from what the compiler put into build/; and their licences.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { licenses } from './licenses.js';
import { bundle } from './ncc.js';

rmSync('dist', { recursive: true, force: true });
for (const program of readdirSync('src/entry').map((file) => file.replace(/\.ts$/, ''))) {
  bundle(`build/src/entry/${program}.js`, `dist/${program}`);
}
writeFileSync('dist/licenses.txt', licenses('.'));
