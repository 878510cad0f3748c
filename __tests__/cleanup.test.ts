import { expect, test } from '@jest/globals';
import { cleanup } from '../src/cleanup.js';
import { recordingHost } from './support/recording.js';

const RECEIPTS = '[{"variable":"TOKEN","before":""},{"variable":"COUNT","before":"2"}]';

test('gives a count back, empties a secret, and says how many', () => {
  const host = recordingHost({ readState: () => RECEIPTS });
  cleanup(host);
  expect(host.events).toEqual([
    'env TOKEN=',
    'env COUNT=2',
    'log Took back 2 variables and folders that later steps were given.',
  ]);
});

test('may run twice (I5)', () => {
  const host = recordingHost({ readState: () => RECEIPTS });
  cleanup(host);
  const first = host.events.splice(0);
  cleanup(host);
  expect(host.events).toEqual(first);
});

test('turns a failure into a warning', () => {
  const host = recordingHost({
    readState: () => RECEIPTS,
    setEnvironment: () => {
      throw new Error('disk full');
    },
  });
  cleanup(host);
  expect(host.events).toEqual([
    expect.stringMatching(
      /^log Warning: patless could not clean up after itself: disk full\. .* remove the folders/,
    ),
  ]);
});

test('a value of several lines, which only a stranger can have saved, is not written', () => {
  const host = recordingHost({ readState: () => JSON.stringify([{ variable: 'A', before: 'x\nPATH=y' }]) });
  cleanup(host);
  expect(host.events[0]).toBe('env A=');
});

test.each([
  '',
  '[]',
  '{}',
  'null',
  '1',
  '["A"]',
  '[null, 1, {"before": "x"}, {"variable": "A"}, {"variable": 1, "before": ""}]',
])('the state %j holds no receipt: nothing is written or said (I6)', (state) => {
  const host = recordingHost({ readState: () => state });
  cleanup(host);
  expect(host.events).toEqual([]);
});

test.each(['A=B', '1A', 'A B', 'x\nA', 'A\n', '-A', ''])(
  'nothing is written under the name %j (I6)',
  (variable) => {
    const host = recordingHost({ readState: () => JSON.stringify([{ variable, before: '' }]) });
    cleanup(host);
    expect(host.events).toEqual([]);
  },
);
