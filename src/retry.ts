// Who is tried again, how often and how long: by the error's class, with jitter, inside stage and run limits.
import { PatlessError, type Retry, type RetryClass } from './errors.js';
import type { HttpResponse } from './http.js';
import type { Session } from './session.js';

export interface Stage {
  /** As the log calls it. */
  readonly name: string;
  /** How often a transient error is met before it counts. */
  readonly attempts: number;
  readonly longestWaitSeconds: number;
  /** No new attempt begins after this long, but for a set-up that the user waits for. */
  readonly totalSeconds: number;
}

/** Budgets of the network steps of a run. */
export const STAGES = {
  idToken: { name: 'ID token request', attempts: 5, longestWaitSeconds: 10, totalSeconds: 60 },
  /** An endpoint that is being updated answers again within 70 seconds. */
  managedIdentity: {
    name: 'managed identity request',
    attempts: 5,
    longestWaitSeconds: 30,
    totalSeconds: 90,
  },
  exchange: { name: 'token exchange', attempts: 6, longestWaitSeconds: 15, totalSeconds: 120 },
  tenant: { name: 'tenant discovery', attempts: 3, longestWaitSeconds: 8, totalSeconds: 30 },
  verification: {
    name: 'verification by Azure DevOps',
    attempts: 3,
    longestWaitSeconds: 8,
    totalSeconds: 30,
  },
} satisfies Record<string, Stage>;

/** Waits, in seconds, before each further attempt after an error of a class that is not transient. */
const SHORT_WAITS: Readonly<Record<Exclude<RetryClass, 'transient'>, readonly number[]>> = {
  'job-state': [2],
  propagation: [1, 2, 4],
  'new-setup': [],
  'stale-assertion': [0],
};

/** @throws the last error of `attempt`, marked as final, or the deadline's reason. */
export async function retry<T>(stage: Stage, session: Session, attempt: () => Promise<T>): Promise<T> {
  const startedAt = session.clock.monotonic();
  const met = new Map<RetryClass, number>();
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PatlessError) || error.retry === undefined) throw error;
      const kind = error.retry.class;
      const times = (met.get(kind) ?? 0) + 1;
      met.set(kind, times);
      const asked = nextWait(stage, error.retry, times, startedAt, session);
      if (asked === undefined) throw error.asFinal();
      const left = (endOf(stage, kind, startedAt, session) - session.clock.monotonic()) / 1000;
      // Jitter never makes a Retry-After too long that would fit.
      const fits = error.retry.afterSeconds !== undefined && error.retry.afterSeconds <= left;
      const wait = fits ? Math.min(asked, left) : asked;
      const line = `${stage.name}: attempt ${attempts} failed (${kind})`;
      const reason = `${error.code}: ${error.message}`;
      if (wait > left) {
        session.log(`${line}; the next would come in ${wait.toFixed(0)} s, after the limit. ${reason}`);
        throw error.asFinal();
      }
      session.log(`${line}, next in ${wait.toFixed(1)} s. ${reason}`);
      if (kind === 'propagation' && times === 1) logLikelyCause(error, session);
      await pause(session, wait);
    }
  }
}

/** The hint's first line: the commands below it come with the error, should it stay. */
function logLikelyCause(error: PatlessError, session: Session): void {
  session.log(`If it is not a matter of time: ${error.hint.split('\n')[0]}`);
  for (const fact of error.facts) session.log(`  ${fact}`);
}

/** @returns seconds, or undefined when errors of this class are not met again. */
function nextWait(
  stage: Stage,
  wanted: Retry,
  times: number,
  startedAt: number,
  { clock, propagationWaitSeconds }: Session,
): number | undefined {
  const random = clock.random();
  if (wanted.class === 'transient') return transientWait(stage, wanted, times, random);
  const isInWindow = clock.monotonic() - startedAt < propagationWaitSeconds * 1000;
  const longer = isInWindow && waitsForSetUp(wanted.class) ? 5 + 10 * random : undefined;
  const wait = shortWait(wanted.class, times, random) ?? longer;
  return wait === undefined ? undefined : Math.max(wait, wanted.afterSeconds ?? 0);
}

/** The stage's end, or the run's, which `propagation-wait-seconds` has moved for those who wait for a set-up. */
function endOf(stage: Stage, kind: RetryClass, startedAt: number, session: Session): number {
  const hasWindow = session.propagationWaitSeconds > 0 && waitsForSetUp(kind);
  return hasWindow ? session.endsAt : Math.min(session.endsAt, startedAt + stage.totalSeconds * 1000);
}

function waitsForSetUp(kind: RetryClass): boolean {
  return kind === 'propagation' || kind === 'new-setup';
}

/**
 * Full jitter over an exponential backoff. After a Retry-After, which is never undercut, the jitter takes the
 * stage's whole width: everybody who was turned away with the same second must not come back in the same second.
 */
function transientWait(
  stage: Stage,
  { afterSeconds }: Retry,
  times: number,
  random: number,
): number | undefined {
  if (times >= stage.attempts) return undefined;
  if (afterSeconds !== undefined) return afterSeconds + random * stage.longestWaitSeconds;
  return random * Math.min(stage.longestWaitSeconds, 2 ** (times - 1));
}

function shortWait(
  kind: Exclude<RetryClass, 'transient'>,
  times: number,
  random: number,
): number | undefined {
  const seconds = SHORT_WAITS[kind][times - 1];
  return seconds === undefined ? undefined : seconds * (0.75 + random / 2);
}

async function pause({ clock, deadline }: Session, seconds: number): Promise<void> {
  try {
    await clock.sleep(seconds * 1000, deadline);
  } catch {
    throw deadline.reason;
  }
}

const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * @param otherwise The class of an answer whose status says nothing; undefined when it is permanent.
 * @param now This machine's time, in milliseconds since 1970; the server's own, where it sends one, counts.
 * @returns what `PatlessError.retry` should be for this answer, with the server's Retry-After where there is one.
 */
export function retryOf(response: HttpResponse, now: number, otherwise?: RetryClass): Retry | undefined {
  const kind = TRANSIENT_STATUS.has(response.status) ? 'transient' : otherwise;
  if (kind === undefined) return undefined;
  const afterSeconds = retryAfter(response, now);
  return afterSeconds === undefined ? { class: kind } : { class: kind, afterSeconds };
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** RFC 9110, 10.2.3: seconds, or a date, which is held against the server's own clock. */
function retryAfter({ headers }: HttpResponse, now: number): number | undefined {
  const value = headers['retry-after'] ?? '';
  if (/^\d+$/.test(value)) return Number(value) || undefined;
  if (!HTTP_DATE.test(value)) return undefined;
  const server = HTTP_DATE.test(headers.date ?? '') ? Date.parse(headers.date ?? '') : now;
  const seconds = (Date.parse(value) - server) / 1000;
  return seconds > 0 ? seconds : undefined;
}
