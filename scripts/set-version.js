// npm run set-version -- X.Y.Z: one version for package.json, the lock file, the code, the task and the extension.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [, version, major, minor, patch] = /^((\d+)\.(\d+)\.(\d+))$/.exec(process.argv[2] ?? '') ?? [];

if (version === undefined) {
  process.stderr.write('usage: npm run set-version -- X.Y.Z\n');
  process.exitCode = 2;
} else {
  edit('package.json', /^ {2}"version": ".*"/m, `  "version": "${version}"`);
  // The project itself stands in the lock file twice, before all packages.
  for (const indent of ['  ', '      ']) {
    edit(
      'package-lock.json',
      new RegExp(`^${indent}"version": ".*"`, 'm'),
      `${indent}"version": "${version}"`,
    );
  }
  edit('src/version.ts', /'.*'/, `'${version}'`);
  edit('azure-pipelines/vss-extension.json', /"version": ".*?"/, `"version": "${version}"`);
  const parts = `"version": { "Major": ${major}, "Minor": ${minor}, "Patch": ${patch} }`;
  edit('azure-pipelines/task.json', /"version": \{.*?\}/, parts);
}

function edit(name, pattern, replacement) {
  const path = join(ROOT, name);
  const text = readFileSync(path, 'utf8');
  if (!pattern.test(text)) throw new Error(`no version in ${name}`);
  writeFileSync(path, text.replace(pattern, replacement));
}
