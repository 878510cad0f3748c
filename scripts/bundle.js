// Bundles every program in src/entry into dist/<program>/, from what the compiler put into build/.
import { readdirSync, rmSync } from 'node:fs';
import { bundle } from './ncc.js';

rmSync('dist', { recursive: true, force: true });
for (const program of readdirSync('src/entry').map((file) => file.replace(/\.ts$/, ''))) {
  bundle(`build/src/entry/${program}.js`, `dist/${program}`);
}
