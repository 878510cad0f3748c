// `patless scan --fix`: what a workflow or pipeline becomes, what is left, and that nothing else in it changes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { main } from '../../src/cli/main.js';
import { detect } from '../../src/scan/detect.js';
import { githubWorkflow } from '../../src/scan/fix/github-workflow.js';
import { rewrite } from '../../src/scan/fix/rewrite.js';
import { filledIn, SECRETS } from '../support/corpus.js';
import { fixCases, leftIn, rewritten } from '../support/fixes.js';
import { recordingTerminal } from '../support/recording.js';

const cases = fixCases();

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { before, after, left }) => {
  test('becomes what is expected, and the rest is left', () => {
    const result = rewritten(before);
    expect(result.text).toBe(after);
    expect(leftIn(result)).toEqual(left);
  });

  test('a second time changes nothing', () => expect(rewritten(after).text).toBe(after));

  test('keeps every comment, and every other line in its order', () => {
    const lines = before
      .split('\n')
      .filter((line) => !/secrets\.|\$\([\w-]*[pP]at\)|env:|id-token|permissions:/.test(line));
    const kept = after.split('\n');
    let at = 0;
    for (const line of lines.filter((one) => !/^\s*(?:\{"endpoint|"username|VSS_NUGET)/.test(one))) {
      // What stood behind the dash of a step whose first entry went has moved there.
      const found = kept.findIndex(
        (other, index) =>
          index >= at && other.replace(/^ *- /, '').trim() === line.replace(/^ *- /, '').trim(),
      );
      expect([line, found]).toEqual([line, expect.any(Number)]);
      expect(found).toBeGreaterThanOrEqual(0);
      at = found + 1;
    }
  });
});

test('whatever else a workflow holds stays as it is', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
  const value = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('a # b', '- x', '{a: b}', '"', "it's", '${{ env.A }}'),
  );
  const step = fc.record({
    name: value,
    run: value.map((text) => `echo ${text}`),
    env: fc.dictionary(name, value, { maxKeys: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 3 }), fc.boolean(), (steps, isFlow) => {
      const own = {
        run: 'az repos list --organization https://dev.azure.com/contoso',
        env: { AZURE_DEVOPS_EXT_PAT: '${{ secrets.A_PAT }}' },
      };
      const all = [...steps, own, ...steps];
      const lines = all.map(
        (one) =>
          `      - ${isFlow ? JSON.stringify(one) : `name: ${JSON.stringify('name' in one ? one.name : '')}\n        run: ${JSON.stringify(one.run)}\n        env: ${JSON.stringify(one.env)}`}`,
      );
      const text = `on: push\njobs:\n  main:\n    permissions: {}\n    runs-on: ubuntu-latest\n    steps:\n${lines.join('\n')}\n`;
      const { text: changed, fixed } = rewritten(text);
      const stepsOf = (yaml: string) =>
        (parse(yaml) as { jobs: { main: { steps: { uses?: string; run?: string; env?: object }[] } } }).jobs
          .main.steps;
      const others = (yaml: string) =>
        stepsOf(yaml).filter((one) => one.uses !== './' && one.run !== own.run);
      expect(others(changed)).toEqual(others(text));
      if (fixed.length === 0) expect(changed).toBe(text);
    }),
    { numRuns: 200 },
  );
});

test('a change that would mean something else is not made', () => {
  const [one] = cases.filter(({ name }) => name === 'runs-env-in-one-line');
  const { before = '' } = one ?? {};
  const dialect = githubWorkflow('./');
  const slip = { start: 0, end: 0, text: 'name: new\n' };
  const result = rewrite(before, detect({ path: 'a.yml', text: before, nearby: () => [] }).candidates, {
    ...dialect,
    stepLists: (...args) =>
      dialect.stepLists(...args).map((list) => ({ ...list, splices: [...list.splices, slip] })),
  });
  expect([result.text, result.fixed.length]).toEqual([before, 0]);
  expect(new Set(result.left.map(({ why }) => why))).toEqual(
    new Set(['no change of it would leave all the rest as it is']),
  );
});

describe('the command', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const [example] = cases.filter(({ name }) => name === 'runs-git-and-rest');
  if (example === undefined) throw new Error('the example is gone');
  const FILE = '.github/workflows/nightly.yml';

  function repository(content: string): string {
    const root = mkdtempSync(join(tmpdir(), 'patless-fix-'));
    folders.push(root);
    mkdirSync(join(root, '.github/workflows'), { recursive: true });
    writeFileSync(join(root, FILE), content);
    git(root, 'init', '--quiet');
    git(root, 'add', '.');
    git(root, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'x');
    return root;
  }

  function git(cwd: string, ...args: string[]): void {
    execFileSync('git', args, { cwd });
  }

  async function run(...args: string[]) {
    const terminal = recordingTerminal();
    const code = await main(['scan', ...args], terminal);
    return { code, written: terminal.written.join('') };
  }

  const content = (root: string) => readFileSync(join(root, FILE), 'utf8');

  test('--dry-run shows the change and writes nothing; without it, the same is written', async () => {
    const root = repository(example.before);
    const shown = await run(root, '--fix', '--dry-run', '--uses', './', '--fail-on', 'certain');
    expect(shown.written).toMatch(/^--- a\/\.github\/workflows\/nightly\.yml\n\+\+\+ b\/\.github.*\n@@ /);
    expect(shown.written).toContain('would be replaced; nothing was written; 0 left.');
    expect([shown.code, content(root)]).toEqual([1, example.before]);
    const input = shown.written.slice(0, shown.written.lastIndexOf('\n\n') + 1);
    execFileSync('git', ['apply', '--check'], { cwd: root, input });
    const done = await run(root, '--fix', '--uses', './', '--fail-on', 'certain');
    expect([done.code, content(root)]).toEqual([0, example.after]);
    expect(done.written).toContain('3 uses of a PAT in 1 file replaced; 0 left.');
  });

  test('a file with uncommitted changes, or one that git does not know, is not touched', async () => {
    const root = repository(example.before);
    const changed = `${example.before}# mine\n`;
    writeFileSync(join(root, FILE), changed);
    writeFileSync(join(root, '.github/workflows/new.yml'), example.before);
    const { written } = await run(root, '--fix');
    expect(content(root)).toBe(changed);
    expect(readFileSync(join(root, '.github/workflows/new.yml'), 'utf8')).toBe(example.before);
    expect(written.match(/left: the file has uncommitted changes/g)).toHaveLength(6);
  });

  test('line ends stay what they are', async () => {
    const withReturns = (text: string) => text.replaceAll('\n', '\r\n');
    const root = repository(withReturns(example.before));
    await run(root, '--fix', '--uses', './');
    expect(content(root)).toBe(withReturns(example.after));
    const mixed = repository(example.before.replace('\n', '\r\n'));
    expect((await run(mixed, '--fix')).written).toContain('left: its line ends or its encoding would change');
  });

  test('a PAT near a change is not shown', async () => {
    const literal = example.before.replace('# rotated in May', '# PAT={{PAT52}}');
    const { written } = await run(repository(filledIn(literal)), '--fix', '--dry-run');
    expect(written).toContain('# PAT=…');
    for (const secret of SECRETS) expect(written).not.toContain(secret.slice(10, 30));
  });

  test.each([
    [['--fix', '--format', 'json'], 2],
    [['--dry-run'], 2],
    [['--uses', './'], 2],
    [['--service-connection', 'x'], 2],
    [['--fix'], 0],
  ])('%j: %d', async (args, code) => {
    expect((await run(repository('on: push\n'), ...args)).code).toBe(code);
  });
});
