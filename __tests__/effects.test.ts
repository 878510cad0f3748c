import { describe, expect, test } from '@jest/globals';
import { apply, type Effect, emptyVariables, mask } from '../src/effects.js';
import { PatlessError } from '../src/errors.js';
import { Secret } from '../src/secret.js';
import { recordingHost } from './support/recording.js';

const EFFECTS: Effect[] = [
  { kind: 'output', name: 'token', value: new Secret('t0ken') },
  { kind: 'environment', name: 'TOKEN', value: new Secret('t0ken'), restore: false },
  { kind: 'environment', name: 'COUNT', value: '3', restore: true },
];
const RECEIPTS = '[{"variable":"TOKEN","before":""},{"variable":"COUNT","before":"2"}]';

test('mask resolves when the masks are out, and asks nothing of the host without secrets', async () => {
  const host = recordingHost();
  await mask([], host);
  await mask([new Secret('t0ken'), new Secret('other')], host);
  expect(host.events).toEqual(['mask t0ken other', 'masks flushed']);
});

describe('apply', () => {
  test('saves the receipts before it writes', () => {
    const host = recordingHost({ environment: { TOKEN: 'old secret', COUNT: '2' } });
    apply(EFFECTS, host);
    expect(host.events).toEqual([
      `state ${RECEIPTS}`,
      'output token=t0ken',
      'env TOKEN=t0ken',
      'env COUNT=3',
    ]);
  });

  test('writes nothing when the receipts cannot be saved', () => {
    const host = recordingHost({
      beginWrites: () => {
        throw new PatlessError('HOST_UNUSABLE', 'broken', { hint: '' });
      },
    });
    expect(() => apply(EFFECTS, host)).toThrow('broken');
    expect(host.events.filter((event) => /^(env|output)/.test(event))).toEqual([]);
  });

  test('has everything taken back when a write in the middle fails', () => {
    const host = recordingHost({ environment: { COUNT: '2' } });
    const brittle = {
      ...host,
      setEnvironment(name: string, value: string) {
        if (name === 'COUNT') throw new Error('disk full');
        host.setEnvironment(name, value);
      },
    };
    expect(() => apply(EFFECTS, brittle)).toThrow('disk full');
    expect(host.events.slice(1)).toEqual(['output token=t0ken', 'env TOKEN=t0ken', 'taken back']);
  });
});

test('a setting that was not there before is emptied afterwards', () => {
  const host = recordingHost();
  apply([{ kind: 'environment', name: 'COUNT', value: '3', restore: true }], host);
  expect(host.events[0]).toBe('state [{"variable":"COUNT","before":""}]');
});

describe('emptyVariables', () => {
  test('empties and says so; without names it leaves the host alone', () => {
    const host = recordingHost();
    emptyVariables([], host);
    expect(host.events).toEqual([]);
    emptyVariables(['A', 'B'], host);
    expect(host.events).toEqual([
      'env A=',
      'env B=',
      'log Emptied A, B, so that no later step uses an earlier value in place of the token.',
    ]);
  });

  test('a host that takes no writes does not hide why the run failed', () => {
    const host = recordingHost({
      setEnvironment: () => {
        throw new Error('no file');
      },
    });
    emptyVariables(['A'], host);
    expect(host.events).toEqual([]);
  });
});
