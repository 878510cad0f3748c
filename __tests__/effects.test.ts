import { describe, expect, test } from '@jest/globals';
import { cleanup } from '../src/cleanup.js';
import { apply, type Effect } from '../src/effects.js';
import { PatlessError } from '../src/errors.js';
import { Secret } from '../src/secret.js';
import { recordingHost } from './support/recording-host.js';

const EFFECTS: Effect[] = [
  { kind: 'output', name: 'token', value: new Secret('t0ken') },
  { kind: 'environment', name: 'TOKEN', value: new Secret('t0ken'), restore: false },
  { kind: 'environment', name: 'COUNT', value: '3', restore: true },
  { kind: 'mask', secrets: [new Secret('t0ken')] },
];
const RECEIPTS = '[{"variable":"TOKEN","before":""},{"variable":"COUNT","before":"2"}]';

describe('apply', () => {
  test('masks, waits until they are out, saves the receipts, and only then writes', async () => {
    const host = recordingHost({ environment: { TOKEN: 'old secret', COUNT: '2' } });
    await apply(EFFECTS, host);
    expect(host.events).toEqual([
      'mask t0ken',
      'masks flushed',
      `state ${RECEIPTS}`,
      'output token=t0ken',
      'env TOKEN=t0ken',
      'env COUNT=3',
    ]);
  });

  test('masks alone touch nothing else', async () => {
    const host = recordingHost();
    await apply([{ kind: 'mask', secrets: [new Secret('t0ken')] }], host);
    expect(host.events).toEqual(['mask t0ken', 'masks flushed']);
  });

  test('writes nothing when a mask cannot be written, or the state cannot be saved', async () => {
    const broken = (member: 'mask' | 'saveState') =>
      recordingHost({
        [member]: () => {
          throw new PatlessError('HOST_UNUSABLE', 'broken', { hint: '' });
        },
      });
    for (const host of [broken('mask'), broken('saveState')]) {
      await expect(apply(EFFECTS, host)).rejects.toThrow('broken');
      expect(host.events.filter((event) => /^(env|output)/.test(event))).toEqual([]);
    }
  });
});

describe('cleanup', () => {
  test('gives a count back, empties a secret, and says how many', () => {
    const host = recordingHost({ readState: () => RECEIPTS });
    cleanup(host);
    expect(host.events).toEqual([
      'env TOKEN=',
      'env COUNT=2',
      'log Took back 2 environment variables that later steps were given.',
    ]);
  });

  test('turns a failure into a warning', () => {
    const host = recordingHost({
      readState: () => RECEIPTS,
      setEnvironment: () => {
        throw new Error('disk full');
      },
    });
    cleanup(host);
    expect(host.events).toEqual(['log Warning: patless could not clean up after itself: disk full']);
  });
});
