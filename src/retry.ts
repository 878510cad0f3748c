// Who is tried again, how often and how long: by the error's class, with jitter, inside stage and run limits.
import { PatlessError, type Retry, type RetryClass, TRANSIENT } from './errors.js';
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
      const wait = nextWait(stage, error.retry, times, startedAt, session);
      if (wait === undefined) throw error.asFinal();
      const line = `${stage.name}: attempt ${attempts} failed (${kind}; ${error.code}: ${error.message})`;
      if (session.clock.monotonic() + wait * 1000 > endOf(stage, kind, startedAt, session)) {
        session.log(`${line}; the next would come in ${wait.toFixed(0)} s, after the limit.`);
        throw error.asFinal();
      }
      session.log(`${line}, next in ${wait.toFixed(1)} s.`);
      if (kind === 'propagation' && times === 1) session.log(`If it is not a matter of time: ${error.hint}`);
      await pause(session, wait);
    }
  }
}

/** @returns seconds, or undefined when errors of this class are not met again. */
function nextWait(
  stage: Stage,
  retry: Retry,
  times: number,
  startedAt: number,
  { clock, propagationWaitSeconds }: Session,
): number | undefined {
  const random = clock.random();
  if (retry.class === 'transient') return transientWait(stage, retry, times, random);
  const isOptedIn = clock.monotonic() - startedAt < propagationWaitSeconds * 1000;
  const longer = isOptedIn && waitsForSetUp(retry.class) ? 5 + 10 * random : undefined;
  return shortWait(retry.class, times, random) ?? longer;
}

/** The stage's end, or the run's, which `propagation-wait-seconds` has moved for those who wait for a set-up. */
function endOf(stage: Stage, kind: RetryClass, startedAt: number, session: Session): number {
  const isOptedIn = session.propagationWaitSeconds > 0 && waitsForSetUp(kind);
  return isOptedIn ? session.endsAt : Math.min(session.endsAt, startedAt + stage.totalSeconds * 1000);
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
 * @returns what `PatlessError.retry` should be for this answer: undefined when its status is permanent,
 * else with the server's Retry-After (RFC 9110, 10.2.3) in seconds where there is one.
 */
export function retryOf(response: HttpResponse, now: number): Retry | undefined {
  if (!TRANSIENT_STATUS.has(response.status)) return undefined;
  const value = response.headers['retry-after'] ?? '';
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? { ...TRANSIENT, afterSeconds: seconds } : TRANSIENT;
}
