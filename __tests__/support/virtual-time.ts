// A clock for many virtual clients: time stands still while anybody works, and then jumps to the next sleeper.
import type { Clock } from '../../src/clock.js';

export interface VirtualTime {
  readonly clock: Clock;
  /** Milliseconds since the start. */
  elapsed(): number;
  /** Lets time pass until nobody sleeps any more. */
  run(): Promise<void>;
}

export function virtualTime(random: () => number): VirtualTime {
  const start = Date.parse('2026-11-23T10:00:00Z');
  let now = start;
  let sleepers: { at: number; wake: () => void }[] = [];
  const at = (milliseconds: number) =>
    new Promise<void>((wake) => {
      sleepers.push({ at: now + milliseconds, wake });
    });
  return {
    clock: {
      now: () => now,
      monotonic: () => now,
      random,
      sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          void at(milliseconds).then(resolve);
        }),
      deadline(milliseconds, reason) {
        const controller = new AbortController();
        void at(milliseconds).then(() => controller.abort(reason));
        return controller.signal;
      },
    },
    elapsed: () => now - start,
    async run() {
      for (;;) {
        // Promises of a dozen layers settle in between; nothing here waits for the outside world.
        for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
        if (sleepers.length === 0) return;
        now = Math.min(...sleepers.map((sleeper) => sleeper.at));
        const due = sleepers.filter((sleeper) => sleeper.at <= now);
        sleepers = sleepers.filter((sleeper) => sleeper.at > now);
        for (const { wake } of due) wake();
      }
    },
  };
}
