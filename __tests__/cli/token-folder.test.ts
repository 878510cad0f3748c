// The token as the processes of a job share it: kept, refused, and renewed by one at a time.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failureSince, inTurn, keep, keepFailure, keptToken, refuse } from '../../src/cli/token-folder.js';
import { systemClock } from '../../src/clock.js';
import { PatlessError } from '../../src/errors.js';
import { Secret } from '../../src/secret.js';

const GO_ON = new AbortController().signal;
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
    expect(keptToken(folder, 'of-the-job')?.secret.reveal()).toBe('of-the-job');
    keep(folder, { secret: new Secret('later'), expiresOn: inAnHour });
    const kept = keptToken(folder, 'of-the-job');
    expect([kept?.secret.reveal(), kept?.expiresOn]).toEqual(['later', inAnHour]);
    expect(statSync(current()).mode & 0o777).toBe(0o600);
    expect(statSync(current()).mtimeMs).toBe(inAnHour.getTime() - 300_000);
  });

  test('is none after a server has refused it; a later one counts again', () => {
    keep(folder, { secret: new Secret('first'), expiresOn: inAnHour });
    refuse(folder, new Secret('first'));
    expect(keptToken(folder, 'of-the-job')).toBeUndefined();
    expect(readFileSync(join(folder, 'refused'), 'utf8')).not.toContain('first');
    keep(folder, { secret: new Secret('second'), expiresOn: inAnHour });
    expect(keptToken(folder, 'of-the-job')?.secret.reveal()).toBe('second');
  });

  test.each(['', 'x\n', '\n\n', '99999999999999999999\nlater\n', 'NaN\nlater'])(
    'is none when the file holds %j',
    (text) => {
      writeFileSync(current(), text);
      expect(keptToken(folder, 'of-the-job')).toBeUndefined();
    },
  );
});

describe('in turn', () => {
  test('many work one after the other', async () => {
    let [working, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++working);
      await systemClock.sleep(5, GO_ON);
      working--;
    };
    await Promise.all(Array.from({ length: 10 }, () => inTurn(folder, systemClock, GO_ON, work)));
    expect(most).toBe(1);
  });

  test('a failure gives the turn back', async () => {
    const failing = inTurn(folder, systemClock, GO_ON, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await inTurn(folder, systemClock, GO_ON, async () => 'yes')).toBe('yes');
  });

  test('the turn of a process that has died counts for nothing; a living one’s does', async () => {
    writeFileSync(join(folder, 'lock'), '4194000');
    expect(await inTurn(folder, systemClock, GO_ON, async () => 'yes')).toBe('yes');
    writeFileSync(join(folder, 'lock'), String(process.pid));
    const late = new Error('late');
    const waiting = inTurn(folder, systemClock, systemClock.deadline(200, late), async () => 'yes');
    await expect(waiting).rejects.toBe(late);
  });

  test('a folder that takes no file is an error, not a wait', async () => {
    const nowhere = inTurn('/nowhere/patless', systemClock, GO_ON, async () => 'yes');
    await expect(nowhere).rejects.toMatchObject({ code: 'HOST_UNUSABLE' });
  });
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
