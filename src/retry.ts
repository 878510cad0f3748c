// Who is tried again, how often and how long: only errors that say so, with full jitter, inside one deadline.
import { PatlessError, RETRY, type Retry } from './errors.js';
import type { HttpResponse } from './http.js';
import type { Session } from './session.js';

export interface Stage {
  /** As the log calls it. */
  readonly name: string;
  readonly attempts: number;
  readonly capSeconds: number;
}

/** Budgets: how often each network step of a run is tried. */
export const STAGES = {
  idToken: { name: 'ID token request', attempts: 5, capSeconds: 10 },
  exchange: { name: 'token exchange', attempts: 6, capSeconds: 15 },
  tenant: { name: 'tenant discovery', attempts: 3, capSeconds: 8 },
  verification: { name: 'verification by Azure DevOps', attempts: 3, capSeconds: 8 },
} satisfies Record<string, Stage>;

/** @throws the last error of `attempt`, or the deadline's reason. */
export async function retry<T>(stage: Stage, session: Session, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PatlessError) || error.retry === undefined) throw error;
      if (tries === stage.attempts) throw error.asFinal();
      const wait = waitSeconds(stage, tries, error.retry.afterSeconds, session.clock.random());
      const line = `${stage.name}: attempt ${tries} of ${stage.attempts} failed (${error.code}: ${error.message})`;
      if (session.clock.now() + wait * 1000 > session.endsAt) {
        session.log(
          `${line}; the next try would come in ${wait.toFixed(0)} s, after the limit for this run.`,
        );
        throw error.asFinal();
      }
      session.log(`${line}, next in ${wait.toFixed(1)} s.`);
      await pause(session, wait);
    }
  }
}

/** Full jitter over an exponential backoff; a server's Retry-After is never undercut, and spread by up to 25 %. */
function waitSeconds(stage: Stage, tries: number, afterSeconds: number | undefined, random: number): number {
  const backoff = random * Math.min(stage.capSeconds, 2 ** (tries - 1));
  return afterSeconds === undefined ? backoff : Math.max(backoff, afterSeconds) * (1 + random / 4);
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
  return Number.isFinite(seconds) && seconds > 0 ? { afterSeconds: seconds } : RETRY;
}
