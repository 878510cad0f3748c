// `patless scan` as users call it: what it prints in each format, its exit codes, and files that no scan should stumble over.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { main } from '../../src/cli/main.js';
import { detect } from '../../src/scan/detect.js';
import { filledIn, laidOut, SECRETS } from '../support/corpus.js';
import { recordingTerminal } from '../support/recording.js';

interface Run {
  readonly code: number;
  readonly written: string;
  readonly told: string;
  readonly statuses: readonly string[];
}

async function scan(...args: string[]): Promise<Run> {
  const statuses: string[] = [];
  const terminal = recordingTerminal({ status: (line) => void statuses.push(line) });
  const code = await main(['scan', ...args], terminal);
  const { written, told } = terminal;
  return { code, written: written.join(''), told: told.join('\n'), statuses };
}

const folders: string[] = [];

/** A folder with these files. */
function project(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'patless-scan-'));
  folders.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? filledIn(content) : content);
  }
  return root;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const LOGIN = 'steps:\n  - script: az repos list\n    env:\n      AZURE_DEVOPS_EXT_PAT: $(RepoPat)\n';
const CLONE = 'git clone "https://x:$FEED_PAT@dev.azure.com/contoso/widgets/_git/app"\n';

interface Json {
  findings: { file: string; line: number; use: string; confidence: string }[];
  skipped: { file: string; reason: string }[];
}

async function json(...paths: string[]): Promise<Json> {
  return JSON.parse((await scan('--format', 'json', ...paths)).written) as Json;
}

describe('JSON', () => {
  test('has the members of the contract and no others', async () => {
    const root = project({ 'a/azure-pipelines.yml': LOGIN, 'picture.png': Buffer.from([0x89, 0x50, 0, 0]) });
    expect(await json(root)).toEqual({
      findings: [
        {
          file: 'a/azure-pipelines.yml',
          line: 4,
          use: 'cli',
          organization: null,
          confidence: 'certain',
          message: 'The secret RepoPat is the value of AZURE_DEVOPS_EXT_PAT.',
          replacement: '`configure: az-devops` on the task Patless@1; remove this line.',
        },
      ],
      skipped: [{ file: 'picture.png', reason: 'binary' }],
    });
  });

  test('is whole where nothing is found', async () => {
    expect(await json(project({ 'a.txt': 'nothing' }))).toEqual({ findings: [], skipped: [] });
  });

  test('names files below the path; a path may be a file; several paths are told apart', async () => {
    const root = project({ 'one/a.sh': CLONE, 'two/a.sh': CLONE });
    const files = async (...paths: string[]) => (await json(...paths)).findings.map(({ file }) => file);
    expect(await files(`${root}/one`)).toEqual(['a.sh']);
    expect(await files(`${root}/one/a.sh`)).toEqual(['a.sh']);
    expect(await files(`${root}/one/`, `${root}/two/a.sh`)).toEqual([`${root}/one/a.sh`, `${root}/two/a.sh`]);
  });
});

describe('other formats', () => {
  const files = {
    'odd, "name".sh': CLONE,
    '.env': 'AZURE_DEVOPS_ORG=contoso\nAZURE_DEVOPS_PAT={{PAT84}}\n',
    'notes.bin': Buffer.from([0, 1, 2]),
  };

  test('CSV has a header, and quotes what has to be quoted', async () => {
    const { written } = await scan(project(files), '--format', 'csv');
    const lines = written.split('\r\n');
    expect(lines[0]).toBe('file,line,use,organization,confidence,message,replacement');
    expect(lines[1]).toMatch(/^\.env,2,unknown,contoso,certain,/);
    expect(lines[2]).toMatch(/^"odd, ""name"".sh",1,git,contoso,likely,The variable FEED_PAT is in a URL\.,/);
    expect(lines.slice(3)).toEqual(['']);
  });

  test('SARIF has a rule, a level and a place for each, and what was skipped', async () => {
    const { written } = await scan(project(files), '--format', 'sarif');
    const { version, runs } = JSON.parse(written) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: { ruleId: string; level: string; locations: unknown[]; partialFingerprints: object }[];
        invocations: { toolExecutionNotifications: object[] }[];
      }[];
    };
    const [run] = runs;
    expect(version).toBe('2.1.0');
    expect(run?.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['stored-pat/unknown', 'error'],
      ['stored-pat/git', 'warning'],
    ]);
    expect(run?.results[1]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'odd%2C%20%22name%22.sh' },
          region: { startLine: 1 },
        },
      },
    ]);
    const rules = run?.tool.driver.rules.map(({ id }) => id);
    for (const { ruleId } of run?.results ?? []) expect(rules).toContain(ruleId);
    expect(run?.invocations[0]?.toolExecutionNotifications).toHaveLength(1);
  });

  test('people get files, replacements and a count', async () => {
    const { written } = await scan(project(files));
    expect(written).toContain(
      '.env\n     2  certain  A PAT (…2ABC) is the value of AZURE_DEVOPS_PAT. (unknown, contoso)\n',
    );
    expect(written).toContain('\n2 uses of a PAT in 2 of 3 files: 1 certain, 1 likely.\n');
    expect(written).toContain('\n  notes.bin: binary\n');
    expect((await scan(project({ 'a.txt': '' }))).written).toBe('No use of a PAT found in 1 file.\n');
  });

  test.each(['people', 'json', 'csv', 'sarif'])(
    'no secret is shown beyond its last four characters (%s)',
    async (format) => {
      const roots = [
        'npmrc-password',
        'netrc',
        'app-settings',
        'git-config',
        'terraform-variables',
        'cargo-credentials',
      ];
      const paths = roots.map((name) => laidOut(`__tests__/scan/corpus/uses/${name}`, ''));
      folders.push(...paths);
      const { written } = await scan(...paths, ...(format === 'people' ? [] : ['--format', format]));
      expect(written.split('\n').length).toBeGreaterThan(6);
      for (const secret of SECRETS) {
        for (let at = 0; at + 8 <= secret.length; at++)
          expect(written).not.toContain(secret.slice(at, at + 8));
      }
    },
  );
});

describe('exit codes', () => {
  const likely = project({ 'a.sh': CLONE });
  const clean = project({ 'a.sh': 'git fetch\n' });
  test.each([
    [[likely], 0],
    [[likely, '--fail-on', 'certain'], 0],
    [[likely, '--fail-on', 'likely'], 1],
    [['--fail-on=possible', likely], 1],
    [[clean, '--fail-on', 'possible'], 0],
    [[], 2],
    [['--format', 'json'], 2],
    [[likely, '--format', 'xml'], 2],
    [[likely, '--format', 'toString'], 2],
    [[likely, '--fail-on', 'sure'], 2],
    [[likely, '--wrong'], 2],
    [[join(likely, 'not-there')], 2],
  ])('%j: %d', async (args, code) => {
    const run = await scan(...args);
    expect(run.code).toBe(code);
    // Whoever reads the output as JSON or CSV must not get half of it.
    if (code === 2) expect([run.written, run.told !== '']).toEqual(['', true]);
  });
});

describe('files that no scan stumbles over', () => {
  test('they are listed, and the rest is found', async () => {
    const root = project({
      'a.sh': CLONE,
      'huge.sh': Buffer.alloc(6 * 1024 * 1024, CLONE),
      'binary.sh': Buffer.concat([Buffer.from(CLONE), Buffer.from([0])]),
      'latin1.ps1': Buffer.from(`# f\u00fcr alle\n${CLONE}`, 'latin1'),
      'utf16.ps1': Buffer.from(`\ufeff${CLONE}`, 'utf16le'),
      'half.ps1': Buffer.concat([Buffer.from(`\ufeff${CLONE}`, 'utf16le'), Buffer.from([0])]),
      'broken.yml': `a: [\n${CLONE}`,
      'broken.config': `<a>${CLONE}`,
      'elsewhere.yaml': 'a: "b',
      'node_modules/x/a.sh': CLONE,
      '.git/hooks/a.sh': CLONE,
      'z.sh': CLONE,
    });
    symlinkSync(root, join(root, 'circle'));
    symlinkSync('nowhere', join(root, 'dangling'));
    const { findings, skipped } = await json(root);
    expect(findings.map(({ file }) => file)).toEqual([
      'a.sh',
      'broken.config',
      'broken.yml',
      'latin1.ps1',
      'utf16.ps1',
      'z.sh',
    ]);
    expect(Object.fromEntries(skipped.map(({ file, reason }) => [file, reason]))).toEqual({
      'binary.sh': 'binary',
      'broken.config': 'malformed XML; read as plain text',
      'broken.yml': expect.stringMatching(/^malformed YAML, line 2; read as plain text$/),
      'elsewhere.yaml': expect.stringMatching(/^malformed YAML, line 1; read/),
      circle: 'a symbolic link, not followed',
      dangling: 'a symbolic link, not followed',
      'half.ps1': 'binary',
      'huge.sh': 'larger than 5 MB',
      'latin1.ps1': 'not UTF-8; read as Latin-1',
    });
  });

  test('a deep nesting, and a line without an end', async () => {
    const root = project({
      'deep.yml': `azure: ${'['.repeat(100_000)}`,
      'deep.json': `{"azure":${'['.repeat(100_000)}`,
      'deep.xml': `<azure>${'<a>'.repeat(100_000)}`,
      'long.js': `azure=${'a("https://dev.azure.com/x@");'.repeat(100_000)}`,
      'a.sh': CLONE,
    });
    expect((await json(root)).findings.map(({ file }) => file)).toEqual(['a.sh']);
  });

  test('whatever a file holds, judging it comes to an end', () => {
    const piece = fc.constantFrom(
      ...[
        'https://',
        '@dev.azure.com/',
        'contoso',
        '${{ secrets.',
        '}}',
        '$(',
        ')',
        '"',
        "'",
        '\n',
        ' ',
        ':',
        '- ',
        '|',
        '{',
      ],
      ...[
        '}',
        '[',
        ']',
        '<',
        '>',
        '#',
        '$PAT',
        'AZURE_DEVOPS_EXT_PAT',
        '=',
        'curl -u ',
        'Basic ',
        'env:',
        '\t',
        '&a',
        '*a',
        '\\',
      ],
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 60 }),
        fc.constantFrom(
          'a.yml',
          'a.sh',
          'nuget.config',
          '.npmrc',
          'a.md',
          'Dockerfile',
          '.netrc',
          '.cargo/credentials.toml',
        ),
        (pieces, path) => {
          const { candidates } = detect({ path, text: pieces.join(''), nearby: () => [] });
          for (const { line } of candidates) expect(line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('progress is a status, which goes away', async () => {
  const { statuses } = await scan(project({ 'a.sh': CLONE }));
  expect([statuses[0], statuses.at(-1)]).toEqual(['[....................] 0 %  1 files  a.sh', '']);
});

test('the bundle does the same as a process', () => {
  const root = project({ 'azure-pipelines.yml': LOGIN });
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['dist/cli/index.js', 'scan', ...args], { encoding: 'utf8' });
  const { status, stdout, stderr } = run('--format', 'json', '--fail-on', 'certain', root);
  expect([status, stderr]).toEqual([1, '']);
  expect((JSON.parse(stdout) as Json).findings).toHaveLength(1);
  expect(run()).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('No path is given') });
});

describe('paths', () => {
  test('that hold one another, or are given twice, are searched once', async () => {
    const root = project({ 'a/pipeline.yml': LOGIN, 'b/clone.sh': CLONE });
    const { findings } = await json(root, root, join(root, 'a'), join(root, 'b/clone.sh'));
    expect(findings).toHaveLength(2);
  });

  test('that are neither folder nor file are listed, and nobody waits for them', async () => {
    const root = project({});
    spawnSync('mkfifo', [join(root, 'pipe')]);
    expect((await json(join(root, 'pipe'))).skipped).toEqual([{ file: 'pipe', reason: 'no file' }]);
  });
});

test('a line that is too long to be searched is listed, and the rest of the file is searched', async () => {
  const root = project({ 'bundle.sh': `${CLONE}x=${'y'.repeat(200_000)}\n` });
  const { findings, skipped } = await json(root);
  expect(findings).toHaveLength(1);
  expect(skipped).toEqual([
    { file: 'bundle.sh', reason: 'a line of over 100000 characters was not searched' },
  ]);
});
