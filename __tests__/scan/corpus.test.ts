// Precision and recall of `patless scan`, held at 100 % on the corpus.
import { expect, test } from '@jest/globals';
import { casesOf } from '../support/corpus.js';

const uses = casesOf('uses');
const decoys = casesOf('decoys');
const all = [...uses, ...decoys];

test.each(uses.map(({ name, expected, found }) => [name, expected, found] as const))(
  '%s',
  (_name, expected, found) => expect(found).toEqual(expected),
);

test.each(decoys.map(({ name, found }) => [name, found] as const))('nothing in %s', (_name, found) =>
  expect(found).toEqual([]),
);

test.each(all.map(({ name, expectedDiff, diff }) => [name, expectedDiff, diff] as const))(
  '--fix changes what it has to in %s, and nothing else',
  (_name, expectedDiff, diff) => expect(diff).toBe(expectedDiff),
);

test('precision and recall', () => {
  const count = (lines: (one: (typeof all)[number]) => readonly string[]) =>
    all.reduce((sum, one) => sum + lines(one).length, 0);
  const right = count(({ expected, found }) => found.filter((line) => expected.includes(line)));
  const [precision, recall] = [
    right / count(({ found }) => found),
    right / count(({ expected }) => expected),
  ];
  process.stdout.write(
    `scan: ${uses.length} projects with uses, ${decoys.length} decoys, ${right} findings; ` +
      `precision ${(100 * precision).toFixed(1)} %, recall ${(100 * recall).toFixed(1)} %\n`,
  );
  expect([precision, recall]).toEqual([1, 1]);
});
