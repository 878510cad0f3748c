// The launcher, run by a real shell wherever there is one.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { launcher } from '../../src/consumers/launcher.js';
import { writeNew } from '../../src/files.js';
import { facts } from '../support/facts.js';

const root = mkdtempSync(join(tmpdir(), 'launcher-'));
afterAll(() => rmSync(root, { recursive: true }));
/** What a shell would read as something else, were it not quoted. */
const hostile = join(root, `it's $HOME "quoted" \`id\` %PATH% \\ & ; (1)`);
const script = join(hostile, 'cli/index.js');
mkdirSync(dirname(script), { recursive: true });
writeFileSync(script, 'process.stdout.write(JSON.stringify([process.argv0, ...process.argv.slice(2)]))');

function run(name: string, node: string, env: Record<string, string>): string {
  const { content } = launcher(
    { name: 'some-command', command: 'some-command' },
    facts({ folder: root, program: { node, script } }),
    false,
  );
  const path = join(root, name);
  writeNew(path, { content: String(content), isProgram: true });
  const { stdout, stderr } = spawnSync(path, ['--flag', 'a b', '$x'], { env, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

describe('a shell script', () => {
  test('starts the sub-command with the Node it names, without any PATH', () => {
    expect(JSON.parse(run('named', process.execPath, {}))).toEqual([
      process.execPath,
      'some-command',
      '--flag',
      'a b',
      '$x',
    ]);
  });

  test('falls back to the node on the PATH where that one is missing', () => {
    const found = JSON.parse(
      run('fallback', "/no'where/node", { PATH: dirname(process.execPath) }),
    ) as string[];
    expect(found[0]).toBe('node');
  });
});

test('a batch file on Windows (not run here): quoted, lines end as cmd.exe wants them', () => {
  const program = { node: 'C:\\100%\\node.exe', script: 'C:\\a b\\cli\\index.js' };
  expect(launcher({ name: 'some-command', command: 'some-command' }, facts({ program }), true)).toEqual({
    kind: 'file',
    path: expect.stringMatching(/some-command\.cmd$/),
    isProgram: true,
    content: [
      '@echo off',
      'setlocal DisableDelayedExpansion',
      'set "node=C:\\100%%\\node.exe"',
      'if not exist "%node%" set "node=node"',
      '"%node%" "C:\\a b\\cli\\index.js" some-command %*',
      '',
    ].join('\r\n'),
  });
});
