// An ID token that lies ready, in a file, a variable or an endpoint's answer: masked first, then looked at.
import { PatlessError } from '../errors.js';
import { claimsOf } from '../jwt.js';
import { jwtForms } from '../masks.js';
import { Secret } from '../secret.js';
import type { Session } from '../session.js';
import type { Assertion } from './source.js';

export interface Place {
  /** As a sentence begins: "The file /a/b". */
  readonly name: string;
  readonly cureForNoToken: string;
  /** What to do about one that has expired. */
  readonly cureForExpired: string;
}

/** @throws PatlessError ID_TOKEN_UNAVAILABLE */
export async function givenAssertion(text: string, place: Place, session: Session): Promise<Assertion> {
  const token = new Secret(text);
  await session.mask(jwtForms(token));
  const claims = claimsOf(text);
  if (claims === undefined) throw unusable(place.name, 'holds no ID token', place.cureForNoToken);
  const now = session.clock.now() / 1000 - session.skewSeconds();
  if (typeof claims.exp === 'number' && claims.exp <= now) {
    throw unusable(
      place.name,
      `holds an ID token that expired at ${timeOf(claims.exp)}; the time is ${timeOf(now)}`,
      place.cureForExpired,
    );
  }
  return { token, claims };
}

export function unusable(place: string, what: string, hint: string): PatlessError {
  return new PatlessError('ID_TOKEN_UNAVAILABLE', `${place} ${what}.`, { hint });
}

function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'an unreadable time' : date.toISOString();
}
