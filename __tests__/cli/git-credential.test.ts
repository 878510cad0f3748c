// The credential helper, as git speaks with it: whom it answers, and what it says of what it cannot answer.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gitCredential } from '../../src/cli/git-credential.js';
import { main } from '../../src/cli/main.js';
import { recordingTerminal } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

const TOKEN = jwt({ oid: '1' });
const folder = mkdtempSync(join(tmpdir(), 'git-credential-'));
afterAll(() => rmSync(folder, { recursive: true }));
const until = Math.floor(Date.now() / 1000) + 3600;
const environment = { PATLESS_FOLDER_CONTOSO: folder, PATLESS_TOKEN_CONTOSO: TOKEN };

beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'sign-in.json'),
    JSON.stringify({ inputs: { organization: 'contoso' }, variables: {} }),
  );
  writeFileSync(join(folder, 'current'), `${until}\n`);
});

async function ask(args: string[], ...lines: string[]) {
  const terminal = recordingTerminal({ environment }, lines);
  const exitCode = await main(['git-credential', ...args], terminal);
  return { exitCode, written: terminal.written.join(''), told: terminal.told.join('\n') };
}

const ANSWER = {
  exitCode: 0,
  told: '',
  written: `username=patless\npassword=${TOKEN}\npassword_expiry_utc=${until}\n`,
};
const NONE = { exitCode: 0, told: '', written: '' };
const APP = ['protocol=https', 'host=dev.azure.com', 'path=contoso/widgets/_git/app'];

test('answers for its organization, at both hosts, in any letter case', async () => {
  expect(await ask(['get'], ...APP)).toEqual(ANSWER);
  expect(
    await ask(['get'], 'protocol=https', 'host=contoso.visualstudio.com', 'path=x', '', 'path=y'),
  ).toEqual(ANSWER);
  expect(
    await ask(['get'], 'protocol=https', 'host=DEV.azure.com', 'path=Contoso/x', 'wwwauth[]=Basic'),
  ).toEqual(ANSWER);
  expect(await ask(['--organization', 'contoso', 'get'])).toEqual(ANSWER);
});

describe('has no answer for', () => {
  test.each([
    [['protocol=http', 'host=dev.azure.com', 'path=contoso/x']],
    [['protocol=https', 'host=github.com', 'path=contoso/x']],
    [['protocol=https', 'host=dev.azure.com', 'path=contoso/../fabrikam/x']],
    [[]],
  ])('%j', async (lines) => expect(await ask(['get'], ...lines)).toEqual(NONE));

  test('another organization than the one it was told', async () =>
    expect(await ask(['--organization', 'fabrikam', 'get'], ...APP)).toEqual(NONE));

  test('an action that it does not know, and `store`', async () => {
    expect(await ask(['store'], ...APP, `password=${TOKEN}`)).toEqual(NONE);
    expect(await ask(['capability'])).toEqual(NONE);
  });
});

test('a shared host without a path: misuse, with the line that lets git say it', async () => {
  const { exitCode, told, written } = await ask(['get'], 'protocol=https', 'host=dev.azure.com');
  expect([exitCode, written]).toEqual([2, '']);
  expect(told).toContain('git config --global credential.https://dev.azure.com.useHttpPath true');
});

test('what git erases is not given again, and nothing else is refused', async () => {
  await ask(['erase'], ...APP, 'password=another');
  expect(await ask(['get'], ...APP)).toEqual(ANSWER);
  await ask(['erase'], ...APP, `password=${TOKEN}`);
  const { exitCode, written } = await ask(['get'], ...APP);
  expect([exitCode, written]).toEqual([2, 'quit=1\n']);
});

test('an unknown option is misuse, and its help names every action', async () => {
  expect((await ask(['--org', 'x', 'get'])).exitCode).toBe(2);
  expect(gitCredential.help).toMatch(/get\|store\|erase/);
});
