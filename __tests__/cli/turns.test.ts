// One process at a time, whatever has become of the others.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inTurn } from '../../src/cli/turns.js';
import { systemClock } from '../../src/clock.js';

const GO_ON = new AbortController().signal;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turns-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const lock = () => join(folder, 'lock');

describe('in turn', () => {
  test('many work one after the other', async () => {
    let [working, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++working);
      await systemClock.sleep(5, GO_ON);
      working--;
    };
    await Promise.all(Array.from({ length: 10 }, () => inTurn(lock(), systemClock, GO_ON, work)));
    expect(most).toBe(1);
  });

  test('several processes never meet, and none fails', async () => {
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const [turns, clock] = ['cli/turns.js', 'clock.js'].map(
      (file) => pathToFileURL(join('build/src', file)).href,
    );
    const script = `
      import { readFileSync, writeFileSync } from 'node:fs';
      const [{ inTurn }, { systemClock }] = await Promise.all([import('${turns}'), import('${clock}')]);
      const clock = { ...systemClock, sleep: () => new Promise((resolve) => setTimeout(resolve, 1)) };
      for (let round = 0; round < 200; round++) {
        await inTurn('${lock()}', clock, new AbortController().signal, async () => {
          writeFileSync('${counter}', String(Number(readFileSync('${counter}', 'utf8')) + 1));
        });
      }`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    await Promise.all([run(), run(), run(), run()]);
    expect(readFileSync(counter, 'utf8')).toBe('800');
  });

  test('a failure gives the turn back', async () => {
    const failing = inTurn(lock(), systemClock, GO_ON, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await inTurn(lock(), systemClock, GO_ON, async () => 'yes')).toBe('yes');
  });

  test('the turn of a process that has died counts for nothing; a living one’s does', async () => {
    writeFileSync(lock(), '4194000');
    expect(await inTurn(lock(), systemClock, GO_ON, async () => 'yes')).toBe('yes');
    writeFileSync(lock(), String(process.pid));
    const late = new Error('late');
    const waiting = inTurn(lock(), systemClock, systemClock.deadline(200, late), async () => 'yes');
    await expect(waiting).rejects.toBe(late);
  });

  test('a folder that takes no file is an error, not a wait', async () => {
    const nowhere = inTurn('/nowhere/patless/lock', systemClock, GO_ON, async () => 'yes');
    await expect(nowhere).rejects.toMatchObject({ code: 'HOST_UNUSABLE' });
  });
});
