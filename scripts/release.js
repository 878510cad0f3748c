// Makes a release from `dist` and the extension, in build/release: node scripts/release.js [TAG]. With a tag it refuses what is
// not ready: another version, a changelog without it, files that differ from the commit.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archive } from './archive.js';
import { licenses } from './licenses.js';
import { sbom } from './sbom.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'build/release');
/** What `uses:` runs, and what a reader of the archive needs; each file is the tag's. */
const ACTION = ['action.yml', 'dist', 'LICENSE', 'README.md', 'SECURITY.md', 'CHANGELOG.md'];

const [tag] = process.argv.slice(2);
const unready = tag === undefined ? [] : notReadyFor(tag);
if (unready.length > 0) {
  process.stderr.write(`${unready.join('\n')}\n`);
  process.exitCode = 1;
} else {
  await makeRelease();
}

async function makeRelease() {
  const files = new Map([
    ['patless-action.zip', await archive(contentsOf(ACTION))],
    ['patless.vsix', readFileSync(join(ROOT, 'build/patless.vsix'))],
    ['patless.cdx.json', sbom(ROOT)],
    ['licenses.txt', licenses(ROOT)],
  ]);
  const sums = [...files].map(([name, content]) => `${sha256(content)}  ${name}\n`).sort(byName);
  files.set('SHA256SUMS', sums.join(''));
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(OUT, name), content);
  process.stdout.write(sums.join(''));
}

/** @returns {string[]} Sentences; empty when all is well. */
function notReadyFor(tag) {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { publisher } = JSON.parse(readFileSync(join(ROOT, 'azure-pipelines/vss-extension.json'), 'utf8'));
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
  return [
    ...(tag === `v${version}`
      ? []
      : [`The tag is ${tag}, but package.json has ${version}: npm run set-version.`]),
    ...(new RegExp(`^## ${version.replaceAll('.', '\\.')} - \\d{4}-\\d\\d-\\d\\d$`, 'm').test(changelog)
      ? []
      : [`CHANGELOG.md has no heading "## ${version} - YYYY-MM-DD".`]),
    ...(publisher === 'OWNER'
      ? ['azure-pipelines/vss-extension.json still has a placeholder for its publisher.']
      : []),
    ...(changed === '' ? [] : [`These files are not what was committed:\n${changed.trimEnd()}`]),
  ];
}

function contentsOf(names) {
  const paths = names.flatMap((name) =>
    name === 'dist'
      ? readdirSync(join(ROOT, name), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
      : [name],
  );
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(ROOT, path))]));
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

function byName(a, b) {
  return a.slice(66) < b.slice(66) ? -1 : 1;
}
