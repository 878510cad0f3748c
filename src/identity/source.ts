// Who we are: a source of the ID token that this job presents to Microsoft Entra.
import type { Claims } from '../jwt.js';
import type { Secret } from '../secret.js';
import type { Session } from '../session.js';

/** An ID token used as client assertion (RFC 7523, 2.2), masked already. */
export interface Assertion {
  readonly token: Secret;
  readonly claims: Claims;
}

export interface IdentitySource {
  /**
   * Asks for a new ID token; one request.
   * @throws PatlessError ID_TOKEN_UNAVAILABLE, ID_TOKEN_REFUSED, NETWORK
   */
  obtain(audience: string, session: Session): Promise<Assertion>;
}
