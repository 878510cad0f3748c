// The token in a run's folder, as the processes of a job share it: read, refused, and replaced by one of them at a time.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import { type ErrorCode, type ErrorDetails, PatlessError } from '../errors.js';
import { remove, replace, writeNew } from '../files.js';
import { jsonObject } from '../json.js';
import { CURRENT_FILE, freshTokenDue, REFUSED_FILE } from '../renewal.js';
import { Secret } from '../secret.js';

export interface Kept {
  readonly secret: Secret;
  readonly expiresOn: Date;
  /** When it was put there; milliseconds since 1970, by the clock of this machine. */
  readonly since: number;
}

/**
 * @param ofJob The job's own token, which counts until a later one has been kept.
 * @returns undefined when there is none, or when a server has refused it.
 */
export function keptToken(folder: string, ofJob: string): Kept | undefined {
  try {
    const path = join(folder, CURRENT_FILE);
    const [seconds = '', later = ''] = readFileSync(path, 'utf8').split('\n');
    const secret = new Secret(later || ofJob);
    const expiresOn = new Date(Number(seconds) * 1000);
    if (secret.reveal() === '' || seconds === '' || Number.isNaN(expiresOn.getTime())) return undefined;
    if (isRefused(folder, secret)) return undefined;
    // Of its change of state, not of its content: that one says when a fresh token is due.
    return { secret, expiresOn, since: statSync(path).ctimeMs };
  } catch {
    return undefined;
  }
}

/** @throws PatlessError HOST_UNUSABLE when the folder takes no file. */
export function keep(folder: string, { secret, expiresOn }: Pick<Kept, 'secret' | 'expiresOn'>): void {
  replace(join(folder, CURRENT_FILE), {
    content: `${Math.floor(expiresOn.getTime() / 1000)}\n${secret.reveal()}\n`,
    modified: freshTokenDue(expiresOn),
  });
  remove(join(folder, REFUSED_FILE));
}

/** The digests, so that a token which a server has refused is never kept as one that it may accept. */
export function refuse(folder: string, secret: Secret): void {
  replace(join(folder, REFUSED_FILE), { content: `${digestOf(secret)}\n` });
}

export function isRefused(folder: string, secret: Secret): boolean {
  try {
    return readFileSync(join(folder, REFUSED_FILE), 'utf8').trim() === digestOf(secret);
  } catch {
    return false;
  }
}

function digestOf(secret: Secret): string {
  return createHash('sha256').update(secret.reveal()).digest('hex');
}

/** Why the last renewal has failed: a process that comes a moment later need not wait for the same answer. */
const FAILURE_FILE = 'failure';

export function keepFailure(folder: string, error: PatlessError): void {
  const { code, message, facts, hint, references } = error;
  replace(join(folder, FAILURE_FILE), {
    content: JSON.stringify({ code, message, facts, hint, references }),
  });
}

/** @param since Milliseconds since 1970. */
export function failureSince(folder: string, since: number): PatlessError | undefined {
  try {
    const path = join(folder, FAILURE_FILE);
    if (statSync(path).ctimeMs < since) return undefined;
    const { code, message, ...details } = jsonObject(readFileSync(path, 'utf8')) ?? {};
    return new PatlessError(code as ErrorCode, String(message), details as unknown as ErrorDetails);
  } catch {
    return undefined;
  }
}

const LOCK_FILE = 'lock';
/** Longer than a renewal may take: whoever holds it then is gone, though its number is somebody else's by now. */
const STALE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 50;

/**
 * One process at a time. The lock of a process that has died counts for nothing; should two find that at once, both
 * work, which costs a request and harms nothing.
 * @throws PatlessError HOST_UNUSABLE when the folder takes no file; the reason of the signal.
 */
export async function inTurn<T>(
  folder: string,
  clock: Clock,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const lock = join(folder, LOCK_FILE);
  for (;;) {
    try {
      writeNew(lock, { content: String(process.pid) });
      break;
    } catch (error) {
      if (!existsSync(lock)) throw error;
    }
    if (isAbandoned(lock, clock)) remove(lock);
    else await clock.sleep(LOOK_AGAIN_MILLISECONDS, signal).catch(() => signal.throwIfAborted());
  }
  try {
    return await work();
  } finally {
    remove(lock);
  }
}

function isAbandoned(lock: string, clock: Clock): boolean {
  try {
    if (clock.now() - statSync(lock).ctimeMs > STALE_SECONDS * 1000) return true;
    process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0);
    return false;
  } catch (error) {
    // ENOENT: it has been given back just now.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
