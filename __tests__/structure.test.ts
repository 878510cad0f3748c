// Holds the structure of src: imports run from top to bottom, and some things are known to one file only.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';

/** From top to bottom. A file belongs to the first level whose pattern fits its path below src. */
const LEVELS: readonly (readonly [string, RegExp])[] = [
  ['entry', /^entry\//],
  ['story', /^(?:run|cleanup)\.ts$|^hosts\/(?!host\.ts)|^cli\//],
  [
    'parts',
    /^(?:inputs|surroundings|effects|mint|open-session|outcome|renewal|sign-in|advice|report|left-over)\.ts$|^azure-devops\/|^consumers\/|^scan\//,
  ],
  ['identity and exchange', /^(?:identity|entra)\//],
  ['ground', /^/],
];

interface Import {
  readonly from: string;
  /** A file below src, or a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));
const imports = files.flatMap(importsOf);
const local = imports.filter(({ to }) => to.endsWith('.ts'));

function importsOf(from: string): Import[] {
  const { body } = parseSync(readFileSync(join('src', from), 'utf8'), { syntax: 'typescript' });
  return body.flatMap((item) => {
    if (item.type !== 'ImportDeclaration') return [];
    const to = item.source.value.startsWith('.')
      ? normalize(join(dirname(from), item.source.value))
          .replaceAll('\\', '/')
          .replace(/\.js$/, '.ts')
      : item.source.value;
    const names = item.specifiers.map((name) => name.type === 'ImportSpecifier' && name.isTypeOnly);
    return [{ from, to, typeOnly: item.typeOnly || (names.length > 0 && names.every(Boolean)) }];
  });
}

const levelOf = (file: string) => LEVELS.findIndex(([, pattern]) => pattern.test(file));

test('the import lines were found', () => {
  expect(files.length).toBeGreaterThan(25);
  expect(local.length).toBeGreaterThan(files.length);
  for (const { to } of local) expect(files).toContain(to);
});

test('imports run one way', () => {
  const upward = local
    .filter(({ from, to }) => levelOf(to) < levelOf(from))
    .map(({ from, to }) => `${from} (${LEVELS[levelOf(from)]?.[0]}) -> ${to} (${LEVELS[levelOf(to)]?.[0]})`);
  expect(upward).toEqual([]);
});

test('no file needs itself to load', () => {
  const needed = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [[...path, file].join(' -> ')];
    return local
      .filter(({ from, typeOnly }) => from === file && !typeOnly)
      .flatMap(({ to }) => needed(to, [...path, file]));
  };
  expect(files.flatMap((file) => needed(file, []))).toEqual([]);
});

test('each program knows one host, and no host knows another', () => {
  const hosts = (from: RegExp) =>
    local.filter(
      (line) =>
        from.test(line.from) &&
        /^hosts\/(?:github-(?:actions|post)|azure-pipelines|pipelines-post|command-line)\.ts$/.test(line.to),
    );
  for (const program of files.filter((file) => file.startsWith('entry/'))) {
    expect(hosts(new RegExp(`^${program}$`)).map(({ to }) => to)).toHaveLength(1);
  }
  expect(hosts(/^(?!entry\/)/)).toEqual([]);
});

describe('only the files named know', () => {
  const importersOf = (name: string) => [
    ...new Set(imports.filter(({ to }) => to === name).map(({ from }) => from)),
  ];
  test.each([
    ['@actions/core', ['hosts/github-actions.ts']],
    ['@actions/http-client', ['http.ts']],
    ['@actions/http-client/lib/proxy', ['early-connections.ts']],
    ['@azure/msal-node', ['entra/exchange.ts', 'identity/managed-identity.ts']],
    ['node:child_process', ['cli/child.ts', 'identity/azure-cli.ts', 'scan/fix/version-control.ts']],
    ['cross-spawn', ['cli/child.ts']],
    ['jwt-decode', ['jwt.ts']],
    ['@rgrove/parse-xml', ['xml.ts']],
  ])('%s', (name, expected) => expect(importersOf(name)).toEqual(expected));

  test('process.env', () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join('src', file), 'utf8')));
    expect(readers.filter((file) => !file.startsWith('hosts/'))).toEqual([]);
  });

  test("a host's members that change the job", () => {
    const callers = files.filter((file) =>
      /host\.(?:mask|beginWrites|setEnvironment|setOutput|addPath)\(/.test(
        readFileSync(join('src', file), 'utf8'),
      ),
    );
    expect(callers).toEqual(['effects.ts']);
  });
});

test('every file says in its first line what it is for', () => {
  for (const file of files)
    expect([
      file,
      readFileSync(join('src', file), 'utf8')
        .replace(/^#!.*\n/, '')
        .split('\n')[0],
    ]).toEqual([file, expect.stringMatching(/^\/\/ .{20,}/)]);
});

test('files are written by one module, exclusively and below the host’s temp folder; others only read (H9, H16, H18)', () => {
  const calls = imports
    .filter(({ to }) => /^node:(?:fs|child_process)/.test(to))
    .map(({ from }) => from)
    .filter((from, index, all) => index === all.indexOf(from))
    .flatMap((from) =>
      [...readFileSync(join('src', from), 'utf8').matchAll(/\b(\w+Sync)\(([^,)]*)/g)].map(
        ([, call, target]) => `${from}: ${call} ${target}`,
      ),
    );
  expect(
    calls.filter(
      (call) =>
        !/: (?:accessSync|existsSync|lstatSync|readFileSync|readdirSync|realpathSync|statSync) /.test(call),
    ),
  ).toEqual([
    'files.ts: mkdirSync dirname(path',
    'files.ts: writeFileSync path',
    'files.ts: utimesSync path',
    'files.ts: renameSync beside',
    'files.ts: rmSync path',
    'hosts/github-actions.ts: truncateSync path',
    "hosts/github-post.ts: openSync process.env.GITHUB_ENV ?? ''",
    'hosts/github-post.ts: writeSync file',
    'hosts/github-post.ts: closeSync file',
    // What `patless scan --fix` rewrites is the user's own, and holds no secret of ours.
    'scan/fix/overwrite.ts: writeFileSync path',
    // `git status`, which is kept from writing.
    "scan/fix/version-control.ts: spawnSync 'git'",
  ]);
});

test('the exchange, and MSAL with it, the tools and rare identities are loaded late, and nothing else', () => {
  const late = files.filter((file) => /\bimport\(/.test(readFileSync(join('src', file), 'utf8')));
  expect(late.sort()).toEqual([
    'azure-devops/verify.ts',
    'cli/fresh-token.ts',
    'cli/register.ts',
    'consumers/register.ts',
    'hosts/command-line.ts',
    'identity/register.ts',
    'mint.ts',
  ]);
});

test('nothing ends the process, prints past the host, dumps memory, or turns verification off (D21, F21, K13)', () => {
  for (const file of files) {
    const text = readFileSync(join('src', file), 'utf8');
    expect([
      file,
      text.match(
        /process\.exit\b|console\.|rejectUnauthorized|ignoreSslError|piiLogging|allowRedirects: true|process\.report|heapsnapshot|v8/,
      ),
    ]).toEqual([file, null]);
  }
});
