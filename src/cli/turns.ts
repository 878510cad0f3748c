// One process at a time: a file that only one of them can make, in a folder that they share.
import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../clock.js';
import { PatlessError } from '../errors.js';
import { remove, writeNew } from '../files.js';

/** Longer than a renewal may take: whoever holds it then is gone, though its number is somebody else's by now. */
const STALE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 50;

/**
 * The turn of a process that has died counts for nothing; should two find that at once, both work, which costs a
 * request and harms nothing.
 * @param lock A file that is there while somebody works.
 * @throws PatlessError HOST_UNUSABLE when its folder takes no file; the reason of the signal.
 */
export async function inTurn<T>(
  lock: string,
  clock: Clock,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  while (!take(lock)) {
    if (isAbandoned(lock, clock)) remove(lock);
    else await clock.sleep(LOOK_AGAIN_MILLISECONDS, signal).catch(() => signal.throwIfAborted());
  }
  try {
    return await work();
  } finally {
    remove(lock);
  }
}

function take(lock: string): boolean {
  try {
    writeNew(lock, { content: String(process.pid) });
    return true;
  } catch (error) {
    const cause = error instanceof PatlessError ? (error.cause as NodeJS.ErrnoException) : undefined;
    if (cause?.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(lock: string, clock: Clock): boolean {
  try {
    const { ctimeMs } = statSync(lock);
    return clock.now() - ctimeMs > STALE_SECONDS * 1000 || !isAlive(Number(readFileSync(lock, 'utf8')));
  } catch {
    // It has been given back just now; or it is none of ours, and becomes stale.
    return false;
  }
}

/** @param pid 0, which is nobody's, while the number is still being written. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
