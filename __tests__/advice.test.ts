import { expect, test } from '@jest/globals';
import { advice } from '../src/advice.js';
import { tokenFor } from './support/tokens.js';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const adviceFor = (sub: string, lifeSeconds = 3600, skewSeconds = 0) =>
  advice(
    { ...tokenFor('contoso'), expiresOn: new Date(NOW + lifeSeconds * 1000) },
    { sub },
    NOW,
    skewSeconds,
  );

test('nothing to say of a job bound to an environment, with time left and a good clock', () => {
  for (const sub of [
    'repo:o/r:environment:prod',
    'repo:o@1/r@2:environment:prod',
    'sc://o/p/c',
    '',
    'job_workflow_ref:x',
  ]) {
    expect(adviceFor(sub, 300, 60)).toEqual([]);
  }
});

test.each(['repo:o/r:pull_request', 'repo:o@1/r@2:pull_request', 'pull_request'])(
  '%s is anybody’s (C6)',
  (sub) => {
    expect(adviceFor(sub)).toEqual([
      expect.stringMatching(/^Note: every pull request of this repository has this subject/),
    ]);
  },
);

test.each(['repo:o/r:ref:refs/heads/main', 'repo:o@1/r@2:ref:refs/tags/environment'])(
  '%s names no environment (C8)',
  (sub) => {
    expect(adviceFor(sub)).toEqual([expect.stringMatching(/^Note: the subject names no environment\./)]);
  },
);

test('a short life is told (D5)', () => {
  expect(adviceFor('', 299)).toEqual(['Note: the token lives for 299 more seconds only.']);
  expect(adviceFor('', 59)).toEqual(['Note: the token lives for 59 more seconds only.']);
});

test.each([
  [61, '61 s ahead'],
  [-3600, '3600 s behind'],
])('a clock that is off by %i s is told (J4)', (skew, text) => {
  expect(adviceFor('', 3600, skew)).toEqual([`Note: this machine's clock is ${text} of the servers'.`]);
});
