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
  /** Variables, none a secret, without which a later step could not ask again. */
  readonly forLater?: Readonly<Record<string, string>>;
  /**
   * Gives the next ID token; one request at most. Only a file may hold the same one as before.
   * @param audience What to ask for, where the service lets one choose.
   * @throws PatlessError ID_TOKEN_UNAVAILABLE, ID_TOKEN_REFUSED, NETWORK
   */
  obtain(audience: string, session: Session): Promise<Assertion>;
}

export interface AccessTokenSource {
  readonly kind: 'access-token';
  /** @throws PatlessError ID_TOKEN_UNAVAILABLE, IDENTITY_UNEXPECTED, NETWORK */
  obtain(session: Session): Promise<AccessToken>;
}

export type IdentitySource = AssertionSource | AccessTokenSource;

/** Inputs that some sources look at. */
export interface IdentityWishes {
  /** The managed identity, where there are several. */
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly tokenFile?: string | undefined;
  /** The managed identity that the application trusts. */
  readonly managedIdentityClientId?: string | undefined;
}
