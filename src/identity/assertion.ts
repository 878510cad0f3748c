// Makes an assertion of the text that a service gave as ID token: masked first, then looked at.
import { PatlessError, TRANSIENT } from '../errors.js';
import { claimsOf } from '../jwt.js';
import { jwtForms } from '../masks.js';
import { Secret } from '../secret.js';
import type { Session } from '../session.js';
import type { Assertion } from './source.js';

/**
 * @param givenBy Whom the message names: a host.
 * @throws PatlessError ID_TOKEN_REFUSED when it is no JWT.
 */
export async function assertionFrom(text: string, givenBy: string, session: Session): Promise<Assertion> {
  const token = new Secret(text);
  await session.mask(jwtForms(token));
  const claims = claimsOf(text);
  if (claims === undefined) {
    throw new PatlessError('ID_TOKEN_REFUSED', `The answer of ${givenBy} holds no ID token.`, {
      hint: 'Something on the way answers in its place, for example a proxy; or the service has a fault.',
      retry: TRANSIENT,
    });
  }
  return { token, claims };
}
