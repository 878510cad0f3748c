// Identity to access token: an ID token is exchanged, with retries; an access token that the identity has is passed on.

import type { AccessToken } from './access-token.js';
import { connectEarly } from './early-connections.js';
import { AUTHORITY_HOST } from './entra/addresses.js';
import type { Client } from './entra/client.js';
import { PatlessError } from './errors.js';
import type { Assertion, AssertionSource, IdentitySource } from './identity/source.js';
import type { Claims } from './jwt.js';
import { retry, STAGES } from './retry.js';
import type { Session } from './session.js';

/** Entra checks `exp` when the request arrives; below this much life a new ID token is asked for first. */
const LEAST_LIFE_SECONDS = 60;

/** MSAL takes longer to load than all the rest; called early, it loads while the network is waited for anyway. */
const loadExchange = () => import('./entra/exchange.js');

export interface Minted {
  readonly token: AccessToken;
  /** Of the ID token that was exchanged for it; none when there was no exchange. */
  readonly claims: Claims;
}

/**
 * @param client Called when there is something to exchange: the tenant may have to be asked for, beside the ID token.
 * @throws PatlessError as the identity source and the exchange do.
 */
export async function mint(
  source: IdentitySource,
  audience: string,
  client: () => Promise<Client>,
  session: Session,
): Promise<Minted> {
  if (source.kind === 'assertion') return exchangeFor(source, audience, client, session);
  return { token: await source.obtain(session), claims: {} };
}

async function exchangeFor(
  source: AssertionSource,
  audience: string,
  client: () => Promise<Client>,
  session: Session,
): Promise<Minted> {
  const preparingSession: Session = {
    ...session,
    send: (request) => session.send({ ...request, whileWaiting: () => prepareExchange(session) }),
  };
  const newAssertion = () => retry(STAGES.idToken, session, () => source.obtain(audience, preparingSession));
  const [first, who] = await Promise.all([newAssertion(), client()]);
  let assertion: Assertion | undefined = first;
  return retry(STAGES.exchange, session, async () => {
    assertion = assertion && isFresh(assertion, session) ? assertion : await newAssertion();
    try {
      const { exchange } = await loadExchange();
      return { token: await exchange(who, assertion, session), claims: assertion.claims };
    } catch (error) {
      if (isStale(error)) assertion = undefined;
      throw error;
    }
  });
}

/** The connection first: it makes progress while the exchange loads. */
function prepareExchange({ deadline }: Session): void {
  connectEarly(AUTHORITY_HOST, deadline);
  void loadExchange();
}

/** A token that does not say when it expires counts as fresh: Entra decides. */
function isFresh({ claims }: Assertion, { clock, skewSeconds }: Session): boolean {
  const serverSeconds = clock.now() / 1000 - skewSeconds();
  return typeof claims.exp !== 'number' || claims.exp - serverSeconds > LEAST_LIFE_SECONDS;
}

function isStale(error: unknown): boolean {
  return error instanceof PatlessError && error.retry?.class === 'stale-assertion';
}
