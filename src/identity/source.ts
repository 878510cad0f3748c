// Who we are: a source of the ID token that this job presents to Microsoft Entra, or of an access token at once.
import type { AccessToken } from '../access-token.js';
import type { Claims } from '../jwt.js';
import type { Secret } from '../secret.js';
import type { Session } from '../session.js';

/** An ID token used as client assertion (RFC 7523, 2.2), masked already. */
export interface Assertion {
  readonly token: Secret;
  readonly claims: Claims;
}

export interface AssertionSource {
  readonly kind: 'assertion';
  /**
   * Gives the next ID token, never the same twice; one request at most.
   * @param audience What to ask for, where the service lets one choose.
   * @throws PatlessError ID_TOKEN_UNAVAILABLE, ID_TOKEN_REFUSED, NETWORK
   */
  obtain(audience: string, session: Session): Promise<Assertion>;
}

export interface AccessTokenSource {
  readonly kind: 'access-token';
  /** @throws PatlessError ID_TOKEN_UNAVAILABLE */
  obtain(session: Session): Promise<AccessToken>;
}

export type IdentitySource = AssertionSource | AccessTokenSource;
