// A token that lasts: the one that the job has already, or else a new one, which the job's other processes then share.
import { join } from 'node:path';
import type { AccessToken } from '../access-token.js';
import type { Organization } from '../azure-devops/organization.js';
import type { Clock } from '../clock.js';
import { PatlessError } from '../errors.js';
import { accessTokenForms } from '../masks.js';
import { LEAST_VALIDITY_SECONDS, LONGEST_RENEWAL_SECONDS } from '../renewal.js';
import { report } from '../report.js';
import { inCommandWords } from './command-words.js';
import { type Earlier, earlierSignIn, refuseOtherOrganization } from './earlier-sign-in.js';
import { namesSomebody, type Options } from './sign-in-options.js';
import type { Terminal } from './terminal.js';
import { failureSince, type Kept, keep, keepFailure, keptToken } from './token-folder.js';
import { inTurn } from './turns.js';

export interface Need {
  /** Undefined: the only one that the job has signed in for, or what the options say. */
  readonly organization?: Organization | undefined;
  readonly options: Options;
  readonly leastSeconds: number;
  /** Takes one that another process has got a moment ago, however short it lives: there is no better one. */
  readonly orJustMinted: boolean;
}

/** For tools that ask whenever they need a token. */
export const FOR_TOOLS = { leastSeconds: LEAST_VALIDITY_SECONDS, orJustMinted: true };

export type Token = Pick<AccessToken, 'secret' | 'expiresOn'>;

const LOCK_FILE = 'lock';
const A_MOMENT_SECONDS = 10;
/** While there is still a token, nobody waits for the next attempt. */
const LATER_SECONDS = 60;
/** So much must be left of a token for the request that it is handed out for. */
const FOR_ONE_REQUEST_SECONDS = 2;

/**
 * Masked. @throws PatlessError as `signIn` does; while the present token is valid it is given in place of an error.
 */
export async function freshToken(need: Need, terminal: Terminal): Promise<Token> {
  const token = await tokenFor(need, terminal);
  await terminal.mask(accessTokenForms(token.secret).map((form) => form.reveal()));
  return token;
}

/** Who names somebody gets a token of its own; so does who wants the job's identity to sign in in another way. */
async function tokenFor(need: Need, terminal: Terminal): Promise<Token> {
  const { organization, options } = need;
  if (namesSomebody(options)) return minted(need, terminal);
  const earlier = earlierSignIn(terminal.environment, organization);
  if (earlier === undefined) refuseOtherOrganization(terminal, organization);
  const isPlain = Object.keys(options).every((name) => name === 'organization');
  return earlier !== undefined && isPlain ? ofJob(earlier, need, terminal) : minted(need, terminal, earlier);
}

async function ofJob(earlier: Earlier, need: Need, terminal: Terminal): Promise<Token> {
  const kept = keptToken(earlier.folder, earlier.token);
  if (kept !== undefined && lasts(kept, need, terminal)) return kept;
  try {
    const isGood = kept !== undefined && secondsLeft(kept, terminal) > LATER_SECONDS;
    throwIfFailedSince(isGood ? LATER_SECONDS : A_MOMENT_SECONDS, earlier, terminal.clock);
    return await renewed(earlier, need, terminal);
  } catch (error) {
    if (kept === undefined || secondsLeft(kept, terminal) < FOR_ONE_REQUEST_SECONDS) throw error;
    terminal.tell(
      `patless: no new token yet; the present one is good until ${kept.expiresOn.toISOString()}. ` +
        inCommandWords(report(error).message),
    );
    return kept;
  }
}

/** Whoever comes a moment later, or had to wait, takes what the one before it has got, be it a token or an error. */
async function renewed(earlier: Earlier, need: Need, terminal: Terminal): Promise<Token> {
  const { clock, stop } = terminal;
  const began = clock.now();
  const late = new PatlessError(
    'TIMEOUT',
    'Another process of this job renews the token, and does not end.',
    {
      hint: 'Run the job again. If this repeats, please report it to the patless project.',
    },
  );
  const waiting = AbortSignal.any([stop, clock.deadline(2 * LONGEST_RENEWAL_SECONDS * 1000, late)]);
  return inTurn(join(earlier.folder, LOCK_FILE), clock, waiting, async () => {
    const kept = keptToken(earlier.folder, earlier.token);
    if (kept !== undefined && (kept.since >= began || lasts(kept, need, terminal))) return kept;
    throwIfFailedSince(A_MOMENT_SECONDS, earlier, clock);
    try {
      const token = await minted(need, terminal, earlier);
      keep(earlier.folder, token);
      return token;
    } catch (error) {
      if (error instanceof PatlessError) keepFailure(earlier.folder, error);
      throw error;
    }
  });
}

function throwIfFailedSince(seconds: number, { folder }: Earlier, clock: Clock): void {
  const failure = failureSince(folder, clock.now() - seconds * 1000);
  if (failure !== undefined) throw failure;
}

function lasts(kept: Kept, { leastSeconds, orJustMinted }: Need, { clock }: Terminal): boolean {
  const left = (kept.expiresOn.getTime() - clock.now()) / 1000;
  const isNew = clock.now() - kept.since < A_MOMENT_SECONDS * 1000;
  return left >= leastSeconds || (orJustMinted && isNew && left >= FOR_ONE_REQUEST_SECONDS);
}

function secondsLeft({ expiresOn }: Kept, { clock }: Terminal): number {
  return (expiresOn.getTime() - clock.now()) / 1000;
}

/** Loaded late: what signs in is most of the program, and most calls need none of it. */
async function minted(need: Need, terminal: Terminal, earlier?: Earlier): Promise<AccessToken> {
  const { mintedToken } = await import('./minted-token.js');
  return mintedToken(need, terminal, earlier?.signIn);
}
