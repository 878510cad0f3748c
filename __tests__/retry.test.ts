import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../src/clock.js';
import { PatlessError, type RetryClass } from '../src/errors.js';
import { retry, retryOf, STAGES } from '../src/retry.js';
import { recordingSession } from './support/recording.js';

const failure = (kind: RetryClass, afterSeconds?: number) =>
  new PatlessError('NETWORK', 'down', {
    facts: ['the fact'],
    hint: 'the cure',
    retry: { class: kind, ...(afterSeconds !== undefined && { afterSeconds }) },
  });
const passing = (afterSeconds?: number) => failure('transient', afterSeconds);
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
    expect(session.lines).toEqual([
      'ID token request: attempt 1 failed (transient), next in 0.5 s. NETWORK: down',
      'ID token request: attempt 2 failed (transient), next in 1.0 s. NETWORK: down',
      'ID token request: attempt 3 failed (transient), next in 2.0 s. NETWORK: down',
    ]);
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

  test.each([121, 3_000_000])(
    'a Retry-After of %i s, beyond the stage’s limit, ends it at once (D8)',
    async (seconds) => {
      const session = recordingSession();
      const { attempt, calls } = failing([passing(seconds)]);
      const error = await retry(STAGES.exchange, session, attempt).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'NETWORK', retry: undefined });
      expect(calls()).toBe(1);
      expect(session.waits).toEqual([]);
      expect(session.lines).toEqual([
        expect.stringMatching(/the next would come in \d+ s, after the limit\. NETWORK: down$/),
      ]);
    },
  );

  test.each<[RetryClass, readonly number[]]>([
    ['job-state', [2]],
    ['propagation', [1, 2, 4]],
    ['stale-assertion', [0]],
    ['new-setup', []],
  ])('an error of class %s is tried again after %j seconds, and then no more', async (kind, waits) => {
    const session = recordingSession();
    const { attempt } = failing(Array.from({ length: 9 }, () => failure(kind)));
    await expect(retry(STAGES.exchange, session, attempt)).rejects.toMatchObject({ retry: undefined });
    expect(session.waits).toEqual(waits);
  });

  test.each<[RetryClass]>([['propagation'], ['new-setup']])(
    'with propagation-wait-seconds, class %s goes on until then',
    async (kind) => {
      const session = { ...recordingSession(), propagationWaitSeconds: 60 };
      const { attempt } = failing(Array.from({ length: 99 }, () => failure(kind)));
      await expect(retry(STAGES.exchange, session, attempt)).rejects.toThrow('down');
      const waited = session.waits.reduce((sum, wait) => sum + wait, 0);
      expect(waited).toBeGreaterThanOrEqual(60);
      expect(waited).toBeLessThan(75);
    },
  );

  test('the likely cause of a refused credential is logged at the first refusal, once', async () => {
    const session = recordingSession();
    await retry(STAGES.exchange, session, failing([failure('propagation'), failure('propagation')]).attempt);
    expect(session.lines.filter((line) => line.includes('the cure'))).toHaveLength(1);
    expect(session.lines.slice(1, 3)).toEqual(['If it is not a matter of time: the cure', '  the fact']);
  });

  test('nor is it for any other class', async () => {
    const session = recordingSession();
    await retry(STAGES.exchange, session, failing([failure('job-state'), passing()]).attempt);
    expect(session.lines.filter((line) => line.includes('matter of time'))).toEqual([]);
  });

  test('who waits for a set-up waits beyond the stage, who meets a fault does not', async () => {
    const session = { ...recordingSession(), propagationWaitSeconds: 300 };
    const errors = Array.from({ length: 99 }, () => failure('propagation'));
    await expect(retry(STAGES.exchange, session, failing(errors).attempt)).rejects.toThrow('down');
    expect(session.waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(250);
    const fault = recordingSession();
    const late = { ...fault, propagationWaitSeconds: 300 };
    await expect(retry(STAGES.exchange, late, failing([passing(121)]).attempt)).rejects.toThrow('down');
    expect(fault.waits).toEqual([]);
    const withoutIt = recordingSession();
    const slow = new PatlessError('NETWORK', 'down', {
      hint: '',
      retry: { class: 'propagation', afterSeconds: 121 },
    });
    await expect(retry(STAGES.exchange, withoutIt, failing([slow]).attempt)).rejects.toThrow('down');
    expect(withoutIt.waits).toEqual([]);
  });

  test('the short waits spread by a quarter to both sides', async () => {
    for (const [chance, wait] of [
      [0, 1.5],
      [1, 2.5],
    ] as const) {
      const session = recordingSession();
      const clock = { ...session.clock, random: () => chance };
      await retry(STAGES.idToken, { ...session, clock }, failing([failure('job-state')]).attempt);
      expect(session.waits).toEqual([wait]);
    }
  });

  test('classes are counted apart', async () => {
    const session = recordingSession();
    const errors = [failure('propagation'), passing(), failure('stale-assertion'), failure('propagation')];
    expect(await retry(STAGES.exchange, session, failing(errors).attempt)).toBe('done');
    expect(session.waits).toEqual([1, 0.5, 0, 2]);
  });

  test.each([-600_000, 600_000])(
    'a clock that is set by %i ms in between changes no limit (J4)',
    async (jump) => {
      const session = recordingSession();
      let wall = session.clock.now();
      const clock = { ...session.clock, now: () => (wall += jump) };
      const { attempt, calls } = failing(Array.from({ length: 9 }, () => passing()));
      await expect(retry(STAGES.exchange, { ...session, clock }, attempt)).rejects.toThrow('down');
      expect(calls()).toBe(6);
      expect(session.waits).toEqual([0.5, 1, 2, 4, 7.5]);
    },
  );

  test('nor does an error of another class', async () => {
    const session = recordingSession();
    const error = new PatlessError('ID_TOKEN_REFUSED', 'no', {
      hint: '',
      retry: { class: 'job-state', afterSeconds: 20 },
    });
    expect(await retry(STAGES.idToken, session, failing([error]).attempt)).toBe('done');
    expect(session.waits).toEqual([20]);
  });

  test.each([[55], [60]])(
    'a Retry-After of %i s that fits into 60 s is met, whatever the jitter',
    async (seconds) => {
      const session = recordingSession();
      const clock = { ...session.clock, random: () => 0.99 };
      expect(await retry(STAGES.idToken, { ...session, clock }, failing([passing(seconds)]).attempt)).toBe(
        'done',
      );
      expect(session.waits).toEqual([60]);
    },
  );

  test('never comes back before Retry-After (B8, D7)', async () => {
    const session = recordingSession();
    await retry(STAGES.exchange, session, failing([passing(60)]).attempt);
    // 60 s, and half of the stage's 15 s with this clock.
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

describe('retryOf (D8)', () => {
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
    expect(answer(status)).toEqual({ class: 'transient' }),
  );
  test.each([
    ['7', { class: 'transient', afterSeconds: 7 }],
    ['Mon, 23 Nov 2026 10:00:09 GMT', { class: 'transient', afterSeconds: 9 }],
    ['0', { class: 'transient' }],
    ['-5', { class: 'transient' }],
    ['soon', { class: 'transient' }],
    ['abc 9999', { class: 'transient' }],
    ['7 apples', { class: 'transient' }],
    ['x Mon, 23 Nov 2026 10:00:09 GMT', { class: 'transient' }],
    ['Mon, 23 Nov 2026 10:00:09 GMT x', { class: 'transient' }],
    ['Mon, 23 Nov 2026 10:00:00 GMT', { class: 'transient' }],
    ['2026-11-23', { class: 'transient' }],
    ['Mon, 23 Nov 2026 09:00:00 GMT', { class: 'transient' }],
  ])('Retry-After: %s', (value, expected) => expect(answer(429, value)).toStrictEqual(expected));

  test('a date is held against the clock of the server that sent it', () => {
    const headers = { date: 'Mon, 23 Nov 2026 10:10:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 10:11:00 GMT' };
    expect(retryOf({ status: 429, headers, body: '' }, now)).toEqual({
      class: 'transient',
      afterSeconds: 60,
    });
  });

  test('answers of another class say when to come back too', () => {
    const response = { status: 403, headers: { 'retry-after': '20' }, body: '' };
    expect(retryOf(response, now, 'job-state')).toEqual({ class: 'job-state', afterSeconds: 20 });
  });
});
