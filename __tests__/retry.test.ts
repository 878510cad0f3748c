import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../src/clock.js';
import { PatlessError } from '../src/errors.js';
import { retry, retryOf, STAGES } from '../src/retry.js';
import { recordingSession } from './support/recording.js';

const passing = (afterSeconds?: number) =>
  new PatlessError('NETWORK', 'down', {
    hint: '',
    retry: afterSeconds === undefined ? {} : { afterSeconds },
  });
const permanent = new PatlessError('ENTRA_REFUSED', 'no', { hint: '' });

function failing(errors: unknown[]) {
  let calls = 0;
  const attempt = async () => {
    const error = errors[calls++];
    if (error !== undefined) throw error;
    return 'done';
  };
  return { attempt, calls: () => calls };
}

describe('retry', () => {
  test('tries passing errors again, waiting half of 1, 2, 4 … seconds with this clock, and logs each wait', async () => {
    const session = recordingSession();
    const { attempt, calls } = failing([passing(), passing(), passing()]);
    expect(await retry(STAGES.idToken, session, attempt)).toBe('done');
    expect(calls()).toBe(4);
    expect(session.waits).toEqual([0.5, 1, 2]);
    expect(session.lines[0]).toBe('ID token request: attempt 1 of 5 failed (NETWORK: down), next in 0.5 s.');
  });

  test('gives up after the stage’s attempts with the last error', async () => {
    const session = recordingSession();
    const { attempt, calls } = failing(Array.from({ length: 9 }, () => passing()));
    await expect(retry(STAGES.tenant, session, attempt)).rejects.toThrow('down');
    expect(calls()).toBe(3);
  });

  test.each([permanent, new TypeError('a bug')])('never tries %s again', async (error) => {
    const { attempt, calls } = failing([error]);
    await expect(retry(STAGES.exchange, recordingSession(), attempt)).rejects.toBe(error);
    expect(calls()).toBe(1);
  });

  test.each([601, 3_000_000])('a Retry-After of %i s, beyond the limit, ends it at once', async (seconds) => {
    const session = recordingSession();
    const { attempt, calls } = failing([passing(seconds)]);
    await expect(retry(STAGES.exchange, session, attempt)).rejects.toMatchObject({
      code: 'NETWORK',
      retry: undefined,
    });
    expect(calls()).toBe(1);
    expect(session.waits).toEqual([]);
    expect(session.lines[0]).toMatch(/next try would come in \d+ s, after the limit for this run/);
  });

  test('never comes back before Retry-After', async () => {
    const session = recordingSession();
    await retry(STAGES.exchange, session, failing([passing(60)]).attempt);
    expect(session.waits).toEqual([67.5]);
  });

  test('a deadline that passes while waiting ends it with the deadline’s reason', async () => {
    const reason = new PatlessError('TIMEOUT', 'late', { hint: '' });
    const session = {
      ...recordingSession(),
      deadline: AbortSignal.abort(reason),
      clock: { ...systemClock, sleep: () => Promise.reject(new Error('AbortError')) },
    };
    await expect(retry(STAGES.exchange, session, failing([passing()]).attempt)).rejects.toBe(reason);
  });
});

describe('retryOf', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  const answer = (status: number, retryAfter?: string) =>
    retryOf(
      { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter }, body: '' },
      now,
    );

  test.each([200, 302, 400, 401, 403, 404])('%i is permanent', (status) =>
    expect(answer(status)).toBeUndefined(),
  );
  test.each([408, 425, 429, 500, 502, 503, 504])('%i is passing', (status) =>
    expect(answer(status)).toEqual({}),
  );
  test.each([
    ['7', { afterSeconds: 7 }],
    ['Mon, 23 Nov 2026 10:00:09 GMT', { afterSeconds: 9 }],
    ['0', {}],
    ['-5', {}],
    ['soon', {}],
    ['Mon, 23 Nov 2026 09:00:00 GMT', {}],
  ])('Retry-After: %s', (value, expected) => expect(answer(429, value)).toEqual(expected));
});
