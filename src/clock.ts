// Time and chance, passed in so that tests own them.
import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment; unlike `now`, it never jumps when somebody sets the machine's clock. */
  monotonic(): number;
  /** Rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Aborts with the reason after that time; does not keep the process alive. */
  deadline(milliseconds: number, reason: Error): AbortSignal;
  /** Evenly spread over [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
  deadline(milliseconds, reason) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), milliseconds).unref();
    return controller.signal;
  },
  random: Math.random,
};

/** Whether a clock is so far off that it is worth a word. */
export function isNotable(skewSeconds: number): boolean {
  return Math.abs(skewSeconds) > 60;
}

/** @returns how a clock stands beside the servers': "75 s ahead", "75 s behind". */
export function describeSkew(skewSeconds: number): string {
  const seconds = Math.round(Math.abs(skewSeconds));
  return `${seconds} s ${skewSeconds > 0 ? 'ahead' : 'behind'}`;
}
