// A release: the same bytes from two clones, what is inside it, and one version everywhere.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import JSZip from 'jszip';
import { VERSION } from '../src/version.js';

interface Bom {
  readonly metadata: { readonly component: { readonly version: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly group?: string;
    readonly name: string;
    readonly version: string;
    readonly purl?: string;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};
/** npm's own marks, not the walk through the dependencies that the list comes from. */
const runtime = Object.entries(packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
const nameOf = (path: string) => path.replace(/^.*node_modules\/|^stubs\//, '');

describe('made twice', () => {
  const root = mkdtempSync(join(tmpdir(), 'release-'));
  const clones = [join(root, 'one'), join(root, 'another place', 'with', 'a longer name')];
  const [release = '', again = ''] = clones.map((clone) => join(clone, 'build/release'));
  const read = (name: string) => readFileSync(join(release, name));

  beforeAll(() => {
    clones.forEach((clone, i) => {
      execFileSync('git', ['clone', '--quiet', '--no-hardlinks', '.', clone]);
      // Also what is not committed yet.
      const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
      for (const file of String(files).split('\0').filter(Boolean)) {
        if (!file.startsWith('dist/')) cpSync(file, join(clone, file), { force: true });
      }
      // Copied, not linked: a bundle names its chunks by where their modules lie within the project.
      cpSync('node_modules', join(clone, 'node_modules'), { recursive: true, verbatimSymlinks: true });
      const environment = i === 0 ? {} : { TZ: 'Pacific/Kiritimati', LC_ALL: 'C', HOME: root };
      const { status, stderr } = spawnSync('npm', ['run', '--silent', 'release'], {
        cwd: clone,
        env: { ...process.env, ...environment },
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    });
  }, 300_000);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('is the same, byte for byte', () => {
    expect(readdirSync(release).sort()).toEqual([
      'SHA256SUMS',
      'licenses.txt',
      'patless-action.zip',
      'patless.cdx.json',
      'patless.vsix',
    ]);
    expect(spawnSync('diff', ['--recursive', release, again], { encoding: 'utf8' }).stdout).toBe('');
  });

  test('the sums are those of the files, as sha256sum reads them', () => {
    const lines = readdirSync(release)
      .filter((name) => name !== 'SHA256SUMS')
      .map((name) => `${createHash('sha256').update(read(name)).digest('hex')}  ${name}\n`);
    expect(String(read('SHA256SUMS'))).toBe(
      lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join(''),
    );
  });

  test('the archive holds the action as the repository has it, and nothing of its making', async () => {
    const { files } = await JSZip.loadAsync(read('patless-action.zip'));
    const names = Object.keys(files);
    expect(names).toEqual(expect.arrayContaining(['action.yml', 'LICENSE', 'dist/licenses.txt']));
    expect(names.filter((name) => !/^(?:[\w.]+|dist\/.*\.(?:js|json|txt))$/.test(name))).toEqual([]);
    for (const name of names) {
      const packed = (await files[name]?.async('nodebuffer')) ?? Buffer.alloc(0);
      expect([name, packed.equals(readFileSync(name))]).toEqual([name, true]);
    }
  });

  describe('the list of what is inside', () => {
    const bom = () => JSON.parse(String(read('patless.cdx.json'))) as Bom;

    test('is valid CycloneDX 1.6', async () => {
      const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
      expect(await validator.validate(String(read('patless.cdx.json')))).toBeNull();
    });

    test('names exactly the packages of the lock file that are not for development', () => {
      const listed = bom().components.map(({ group, name, version, 'bom-ref': ref }) => [
        ref,
        group === undefined ? name : `${group}/${name}`,
        version,
      ]);
      expect(listed.sort()).toEqual(
        runtime.map(([path, { version }]) => [path, nameOf(path), version]).sort(),
      );
      expect(listed.length).toBeGreaterThan(20);
    });

    test('names who needs whom, and what comes from the registry', () => {
      const { components, dependencies } = bom();
      const { dependencies: direct } = JSON.parse(readFileSync('package.json', 'utf8')) as {
        dependencies: object;
      };
      const needed = dependencies.flatMap(({ dependsOn = [] }) => dependsOn);
      expect(new Set(needed)).toEqual(new Set(components.map((one) => one['bom-ref'])));
      expect(dependencies.find(({ ref }) => ref === 'patless')?.dependsOn).toEqual(
        Object.keys(direct).map((name) => `node_modules/${name}`),
      );
      expect(components.filter(({ purl }) => purl === undefined).map(({ name }) => name)).toEqual(['undici']);
    });
  });

  test('the licences are those of patless and of every package that may be bundled', () => {
    const text = String(read('licenses.txt'));
    const titles = text.split(`\n${'-'.repeat(80)}\n`).map((part) => part.trim().split('\n')[0]);
    const others = runtime.filter(([path]) => !path.startsWith('stubs/'));
    expect(titles.map((title) => title?.split(': ')[0]).sort()).toEqual(
      [`patless ${VERSION}`, ...others.map(([path, { version }]) => `${nameOf(path)} ${version}`)].sort(),
    );
    expect(text).toContain(readFileSync('node_modules/tunnel/LICENSE', 'utf8').trim());
  });

  test('a tag that does not fit is refused, and says what to do', () => {
    writeFileSync(join(clones[0] ?? '', 'stray.txt'), '');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release.js', 'v0.0.9'], {
      cwd: clones[0],
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^The tag is v0\.0\.9, but package\.json has .*set-version\./m);
    expect(stderr).toMatch(/^CHANGELOG\.md has no heading "## /m);
    expect(stderr).toContain('?? stray.txt');
  });
});

describe('one version', () => {
  test('in package.json, lock file, code, task and extension, and set by one command', () => {
    const folder = mkdtempSync(join(tmpdir(), 'version-'));
    const files = ['package.json', 'package-lock.json', 'src/version.ts', 'azure-pipelines/task.json'].concat(
      'azure-pipelines/vss-extension.json',
      'scripts/set-version.js',
    );
    for (const file of files) cpSync(file, join(folder, file));
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(folder, 'scripts/set-version.js'), ...args]).status;
    const unchanged = () =>
      files.every((file) => readFileSync(join(folder, file)).equals(readFileSync(file)));

    expect([run(), run('1.2'), run('v1.2.3'), unchanged()]).toEqual([2, 2, 2, true]);
    expect([run(VERSION), unchanged()]).toEqual([0, true]);
    expect(run('12.34.56')).toBe(0);
    const text = (file: string) => readFileSync(join(folder, file), 'utf8');
    expect(text('src/version.ts')).toContain("VERSION = '12.34.56'");
    expect(JSON.parse(text('package-lock.json'))).toMatchObject({
      version: '12.34.56',
      packages: { '': { version: '12.34.56' } },
    });
    expect(JSON.parse(text('azure-pipelines/task.json'))).toMatchObject({
      version: { Major: 12, Minor: 34, Patch: 56 },
    });
    for (const file of ['package.json', 'azure-pipelines/vss-extension.json']) {
      expect(JSON.parse(text(file))).toMatchObject({ version: '12.34.56' });
    }
    rmSync(folder, { recursive: true });
  });

  test('the command and the requests tell it', () => {
    expect(String(execFileSync(process.execPath, ['dist/cli/index.js', '--version'])).trim()).toBe(VERSION);
    expect(readFileSync('dist/github-main/index.js', 'utf8')).toContain(VERSION);
  });
});

test('the changelog begins with what is not released, or with the version', () => {
  const [first = ''] = readFileSync('CHANGELOG.md', 'utf8').match(/^## .*$/m) ?? [];
  expect(first).toMatch(
    new RegExp(`^## (?:Unreleased|${VERSION.replaceAll('.', '\\.')} - \\d{4}-\\d\\d-\\d\\d)$`),
  );
});
