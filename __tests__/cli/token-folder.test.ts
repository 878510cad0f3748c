// The token as the processes of a job share it: kept, refused; and why there is none.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failureSince, keep, keepFailure, keptToken, refuse } from '../../src/cli/token-folder.js';
import { PatlessError } from '../../src/errors.js';
import { Secret } from '../../src/secret.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const current = () => join(folder, 'current');
const inAnHour = new Date(Math.floor(Date.now() / 1000 + 3600) * 1000);

describe('the kept token', () => {
  test('is the job’s own, until a later one has been kept', () => {
    writeFileSync(current(), `${inAnHour.getTime() / 1000}\n`);
    expect(keptToken(folder, 'token-of-the-job-itself')?.secret.reveal()).toBe('token-of-the-job-itself');
    keep(folder, { secret: new Secret('a-later-token-that-lasts'), expiresOn: inAnHour });
    const kept = keptToken(folder, 'token-of-the-job-itself');
    expect([kept?.secret.reveal(), kept?.expiresOn]).toEqual(['a-later-token-that-lasts', inAnHour]);
    expect(statSync(current()).mode & 0o777).toBe(0o600);
    expect(statSync(current()).mtimeMs).toBe(inAnHour.getTime() - 300_000);
  });

  test('is none after a server has refused it; a later one counts again', () => {
    keep(folder, { secret: new Secret('the-first-token-of-all'), expiresOn: inAnHour });
    refuse(folder, new Secret('the-first-token-of-all'));
    expect(keptToken(folder, 'token-of-the-job-itself')).toBeUndefined();
    expect(readFileSync(join(folder, 'refused'), 'utf8')).not.toContain('the-first-token-of-all');
    keep(folder, { secret: new Secret('the-second-token-of-all'), expiresOn: inAnHour });
    expect(keptToken(folder, 'token-of-the-job-itself')?.secret.reveal()).toBe('the-second-token-of-all');
  });

  test.each(['', 'x\n', '\n\n', '99999999999999999999\nlater\n', 'NaN\nlater'])(
    'is none when the file holds %j',
    (text) => {
      writeFileSync(current(), text);
      expect(keptToken(folder, 'token-of-the-job-itself')).toBeUndefined();
    },
  );
});

test.each(['', '{}', 'null', '{"code":"A"}', '{"code":1,"message":2,"hint":3}'])(
  'a failure that reads %j is none',
  (text) => {
    writeFileSync(join(folder, 'failure'), text);
    expect(failureSince(folder, 0)).toBeUndefined();
  },
);

test.each(['a token with spaces', 'token\\nquit=1-and-more-of-it', 'short'])('%j is no token', (text) => {
  writeFileSync(current(), `${inAnHour.getTime() / 1000}\n${text}\n`);
  expect(keptToken(folder, 'token-of-the-job-itself')).toBeUndefined();
});

test('a failure is remembered whole, for those who come a moment later', () => {
  const started = Date.now() - 1000;
  const failure = new PatlessError('NETWORK', 'not reached', {
    hint: 'look',
    facts: ['a'],
    references: ['b'],
  });
  keepFailure(folder, failure);
  expect(failureSince(folder, started)).toMatchObject({
    ...{ code: 'NETWORK', message: 'not reached', hint: 'look', facts: ['a'], references: ['b'] },
  });
  expect(failureSince(folder, Date.now() + 1000)).toBeUndefined();
});
