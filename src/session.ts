// What every network step of one run shares.
import type { Clock } from './clock.js';
import type { HttpRequest, HttpResponse } from './http.js';
import type { Secret } from './secret.js';

export interface Session {
  readonly clock: Clock;
  /** Aborts when the run's time is up (its reason is a PatlessError), when a stray error stops it, and when it has ended. */
  readonly deadline: AbortSignal;
  /** When `deadline` aborts, by the clock's `monotonic`. */
  readonly endsAt: number;
  /** How long "not there yet" is waited for beyond the default retries; 0 unless the user opts in. */
  readonly propagationWaitSeconds: number;
  send(request: HttpRequest): Promise<HttpResponse>;
  /** How far this machine's clock is ahead of the server that answered last, in seconds (RFC 9110, 6.6.1: Date). */
  skewSeconds(): number;
  /** Writes one line to the job's log. */
  log(line: string): void;
  /** Resolves when the masks have left the process; call it before anything else sees the secrets. */
  mask(secrets: readonly Secret[]): Promise<void>;
}
