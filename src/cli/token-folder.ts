// The token in a run's folder, as the processes of a job share it: read, replaced, refused; and why there is none.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isSafeToken } from '../entra/token-identity.js';
import { type ErrorCode, PatlessError } from '../errors.js';
import { remove, replace } from '../files.js';
import { jsonObject, textMember } from '../json.js';
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
    if (!isSafeToken(secret) || seconds === '' || Number.isNaN(expiresOn.getTime())) return undefined;
    if (isRefused(folder, secret)) return undefined;
    // Of its change of state, not of its content: that one says when a fresh token is due.
    return { secret, expiresOn, since: statSync(path).ctimeMs };
  } catch {
    return undefined;
  }
}

/** What was refused is forgotten: an identity that gives the same token again has no other one. @throws PatlessError HOST_UNUSABLE */
export function keep(folder: string, { secret, expiresOn }: Pick<Kept, 'secret' | 'expiresOn'>): void {
  replace(join(folder, CURRENT_FILE), {
    content: `${Math.floor(expiresOn.getTime() / 1000)}\n${secret.reveal()}\n`,
    modified: freshTokenDue(expiresOn),
  });
  remove(join(folder, REFUSED_FILE));
}

/** Its digest, so that it is not given again. */
export function refuse(folder: string, secret: Secret): void {
  replace(join(folder, REFUSED_FILE), { content: `${digestOf(secret)}\n` });
}

function isRefused(folder: string, secret: Secret): boolean {
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
    const failure = jsonObject(readFileSync(path, 'utf8'));
    const [code, message, hint] = ['code', 'message', 'hint'].map((name) => textMember(failure, name));
    if (code === undefined || message === undefined || hint === undefined) return undefined;
    const details = { hint, facts: texts(failure?.facts), references: texts(failure?.references) };
    return new PatlessError(code as ErrorCode, message, details);
  } catch {
    return undefined;
  }
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
}
