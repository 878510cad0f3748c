// One program as ncc bundles it, minified whole (ncc leaves the chunks of dynamic imports as they are), and its size.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { minifySync } from '@swc/core';

const ncc = createRequire(import.meta.url).resolve('@vercel/ncc/dist/ncc/cli.js');

/** @param {string} from A JavaScript file. @param {string} folder Where the bundle goes; made when missing. */
export function bundle(from, folder) {
  const options = ['--minify', '--no-source-map-register', '--quiet'];
  execFileSync(process.execPath, [ncc, 'build', from, '--out', folder, ...options], { stdio: 'inherit' });
  const chunks = readdirSync(folder).filter((file) => /^\d+\.index\.js$/.test(file));
  for (const path of chunks.map((file) => join(folder, file))) {
    const { code } = minifySync(readFileSync(path, 'utf8'), { module: true, compress: true, mangle: true });
    writeFileSync(path, `${code}\n`);
  }
}

/** @param {string} folder A bundle. @returns {number} Bytes of all its JavaScript, chunks included. */
export function bytesIn(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.js'));
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
