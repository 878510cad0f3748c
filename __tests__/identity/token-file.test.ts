import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tokenFile } from '../../src/identity/token-file.js';
import { recordingSession } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

const AUDIENCE = 'api://AzureADTokenExchange';
const LATER = Math.floor(Date.now() / 1000) + 3600;

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-file-'));
  file = join(folder, 'token');
});
afterEach(() => rmSync(folder, { recursive: true }));

const source = (path = file) => tokenFile({}, { tokenFile: path });
const obtain = (path?: string) => source(path).obtain(AUDIENCE, recordingSession());

test('the input names the file; without it, AZURE_FEDERATED_TOKEN_FILE', async () => {
  writeFileSync(file, `${jwt({ sub: 's', exp: LATER })}\n`);
  expect((await obtain()).claims).toMatchObject({ sub: 's' });
  const ambient = tokenFile({ AZURE_FEDERATED_TOKEN_FILE: file }, {});
  expect((await ambient.obtain(AUDIENCE, recordingSession())).claims).toMatchObject({ sub: 's' });
});

test('is read anew each time, through links as in a volume of Kubernetes', async () => {
  const version = (name: string, sub: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'token'), jwt({ sub }));
    rmSync(join(folder, '..data'), { force: true });
    symlinkSync(name, join(folder, '..data'));
  };
  version('first', 'one');
  symlinkSync(join('..data', 'token'), file);
  const asked = source();
  expect((await asked.obtain(AUDIENCE, recordingSession())).claims.sub).toBe('one');
  version('second', 'two');
  expect((await asked.obtain(AUDIENCE, recordingSession())).claims.sub).toBe('two');
});

test('is masked before it is looked at', async () => {
  const token = jwt({ exp: 1 });
  writeFileSync(file, token);
  const masked: string[] = [];
  const session = {
    ...recordingSession(),
    mask: async (secrets: readonly { reveal(): string }[]) =>
      void masked.push(...secrets.map((secret) => secret.reveal())),
  };
  await expect(source().obtain(AUDIENCE, session)).rejects.toThrow('expired');
  expect(masked).toEqual([token, token.split('.')[2]]);
});

describe('says what is wrong, without the content', () => {
  const message = (path?: string) =>
    obtain(path).then(
      () => 'fine',
      (error: { code: string; message: string; hint: string }) => {
        expect([error.code, error.hint]).toEqual(['ID_TOKEN_UNAVAILABLE', expect.stringMatching(/.{20}/)]);
        return error.message.replace(folder, 'FOLDER');
      },
    );

  test('nothing named', async () => {
    expect(await message('')).toBe(
      'No file with an ID token is named: `token-file` is empty, and AZURE_FEDERATED_TOKEN_FILE is not set.',
    );
  });
  test.each([
    ['not there', () => undefined, 'is not there.'],
    ['a folder', () => mkdirSync(file), 'is no regular file.'],
    ['a broken link', () => symlinkSync('nowhere', file), 'is not there.'],
    ['empty', () => writeFileSync(file, ' \n'), 'is empty.'],
    ['too large', () => writeFileSync(file, 'x'.repeat(65_537)), 'is larger than 65536 bytes.'],
    ['JSON', () => writeFileSync(file, '{"value":"secret-text"}'), 'holds no ID token.'],
    ['two lines', () => writeFileSync(file, `${jwt({})}\n${jwt({})}`), 'holds no ID token.'],
  ])('%s', async (_, make, expected) => {
    make();
    expect(await message()).toBe(`The file FOLDER/token ${expected}`);
  });
  test('expired, with the time here', async () => {
    writeFileSync(file, jwt({ exp: 1_000_000_000 }));
    expect(await message()).toMatch(
      /^The file FOLDER\/token holds an ID token that expired at 2001-09-09T01:46:40.000Z; the time is 20.*Z\.$/,
    );
  });
});
