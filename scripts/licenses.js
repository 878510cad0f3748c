// The licences of what our programs hold, in one text. ncc's own list names only some: each chunk replaces the one before.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimePackages } from './runtime-packages.js';

const RULE = `\n\n${'-'.repeat(80)}\n\n`;

/** @param {string} root The project, with its packages installed. */
export function licenses(root) {
  const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // What is in `stubs` is our own, too.
  const others = runtimePackages(root).packages.filter(({ path }) => path.includes('node_modules/'));
  const texts = [{ path: '', ...project }, ...others].map((one) => licenseOf(one, join(root, one.path)));
  return `${texts.join(RULE)}\n`;
}

function licenseOf({ name, version, license }, folder) {
  const texts = licenseFiles(folder).map((file) =>
    readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim(),
  );
  if (texts.length === 0) throw new Error(`${name} ${version} comes without a licence text`);
  return [`${name} ${version}: ${license}`, ...texts].join('\n\n');
}

function licenseFiles(folder) {
  return readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|notice|copying)\b/i.test(file))
    .sort()
    .map((file) => join(folder, file));
}
