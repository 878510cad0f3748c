// Packs the Azure Pipelines task: node scripts/package.js [BUNDLES [FILE]], from `dist` to `build/patless.vsix` unless told.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import JSZip from 'jszip';
import { archive } from './archive.js';
import { licenses } from './licenses.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TFX = createRequire(import.meta.url).resolve('tfx-cli/_build/tfx-cli.js');
/** The folders of the task's programs, and what they are called in `dist`. */
const PROGRAMS = { main: 'pipelines-main', post: 'pipelines-post', cli: 'cli' };

const bundles = resolve(process.argv[2] ?? join(ROOT, 'dist'));
const file = resolve(process.argv[3] ?? join(ROOT, 'build/patless.vsix'));
/** What goes into the extension; its folder `Patless` is the task alone, as `tfx build tasks upload` takes it. */
const folder = `${file.replace(/\.vsix$/, '')}-extension`;

assemble();
packWithTfx();
writeFileSync(file, await sameForSameContent(readFileSync(file)));

function assemble() {
  for (const bundle of Object.values(PROGRAMS)) {
    const path = join(bundles, bundle, 'index.js');
    if (!existsSync(path)) fail(`${path} is not there. Make it with \`npm run build\`.`);
  }
  rmSync(folder, { recursive: true, force: true });
  const source = join(ROOT, 'azure-pipelines');
  copy(source, ['vss-extension.json', 'overview.md', 'extension-icon.png'], folder);
  copy(source, ['task.json', 'icon.png'], join(folder, 'Patless'));
  for (const [program, name] of Object.entries(PROGRAMS)) {
    const bundle = join(bundles, name);
    copy(bundle, readdirSync(bundle), join(folder, 'Patless', program));
  }
  writeFileSync(join(folder, 'Patless', 'licenses.txt'), licenses(ROOT));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE.txt'));
}

function copy(from, names, to) {
  mkdirSync(to, { recursive: true });
  for (const name of names) copyFileSync(join(from, name), join(to, name));
}

/** It checks the manifest and the task as well, and only warns of a wrong task. */
function packWithTfx() {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [TFX, 'extension', 'create', '--no-prompt', '--no-color', '--root', folder]
      .concat('--manifests', 'vss-extension.json')
      .concat('--output-path', file),
    { cwd: folder, encoding: 'utf8' },
  );
  const said = `${stdout}${stderr}`;
  if (status !== 0 || /^(?:warning|error): /m.test(said)) fail(`tfx refused the extension:\n${said}`);
}

/** The archive again, without the time of day. */
async function sameForSameContent(packed) {
  const { files } = await JSZip.loadAsync(packed);
  const entries = Object.values(files).filter(({ dir }) => !dir);
  const contents = entries.map(async (entry) => [entry.name, await entry.async('nodebuffer')]);
  return archive(new Map(await Promise.all(contents)));
}

/** @returns {never} */
function fail(message) {
  rmSync(file, { force: true });
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
