// The exchange: an ID token for an access token to Azure DevOps, by MSAL's client credentials flow.
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import type { AccessToken } from '../access-token.js';
import { PatlessError, TRANSIENT } from '../errors.js';
import { type HttpResponse, isRedirect } from '../http.js';
import type { Assertion } from '../identity/source.js';
import { jsonObject, textMember } from '../json.js';
import { accessTokenForms } from '../masks.js';
import { retryOf } from '../retry.js';
import { Secret } from '../secret.js';
import type { Session } from '../session.js';
import { AUTHORITY_HOST, AZURE_DEVOPS_ID } from './addresses.js';
import type { Client } from './client.js';
import { refusal } from './refusals.js';
import { checkedIdentity, isSafeToken, wholeSeconds } from './token-identity.js';

/** A managed identity's token lives up to a day; more than two is not a lifetime but a mistake. */
const LONGEST_LIFETIME_SECONDS = 2 * 24 * 3600;

/**
 * One attempt: one POST to the tenant's token endpoint. A new MSAL client each time, because an instance
 * answers from its throttle cache, without asking Entra again, after a 429 or 5xx.
 * @throws PatlessError ENTRA_REFUSED, ENTRA_ANSWER_UNUSABLE, IDENTITY_UNEXPECTED, NETWORK
 */
export async function exchange(client: Client, assertion: Assertion, session: Session): Promise<AccessToken> {
  const wire = recordingNetwork(session);
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: client.clientId,
      authority: `https://${AUTHORITY_HOST}/${client.tenantId}`,
      clientAssertion: assertion.token.reveal(),
    },
    system: { networkClient: wire.network },
  });
  const askedAt = session.clock.now();
  const result = await application
    .acquireTokenByClientCredential({
      scopes: [`${AZURE_DEVOPS_ID}/.default`],
      // MSAL's word for: ignore MSAL_FORCE_REGION. Regional endpoints refuse federated credentials (AADSTS100007).
      azureRegion: 'DisableMsalForceRegion',
    })
    .catch((cause: unknown) => {
      // MSAL reduces every failure below it to "network_error", so the one that was seen on the wire counts.
      throw wire.failure() ?? refusal(wire.response(), client, assertion.claims, cause, session);
    });
  const response = wire.response();
  // MSAL takes an error status without a member `error` for a success.
  if (response?.status !== 200) {
    throw refusal(response, client, assertion.claims, undefined, session);
  }
  const { secret, lifetimeSeconds } = await checkedAnswer(response, result?.accessToken, session);
  const identity = checkedIdentity(secret, client);
  const expiresOn = new Date(askedAt + lifetimeSeconds * 1000);
  return { secret, expiresOn, holder: 'service principal', ...identity };
}

/** MSAL's transport is our HTTP client; it also keeps what MSAL drops: the whole answer and the real error. */
function recordingNetwork(session: Session) {
  let response: HttpResponse | undefined;
  let failure: unknown;
  const network: INetworkModule = {
    sendGetRequestAsync: () => Promise.reject(new Error('a known authority needs no discovery')),
    async sendPostRequestAsync<T>(
      url: string,
      options?: { headers?: Record<string, string>; body?: string },
    ) {
      try {
        response = await session.send({
          method: 'POST',
          url,
          headers: options?.headers ?? {},
          body: options?.body ?? '',
          timeoutSeconds: 15,
        });
        const body = jsonObject(response.body);
        if (body === undefined) throw notJson(response, session.clock.now());
        return { status: response.status, headers: { ...response.headers }, body: body as T };
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  };
  return { network, response: () => response, failure: () => failure };
}

function notJson(response: HttpResponse, now: number): PatlessError {
  const { status } = response;
  const what = isRedirect(response) ? ', a redirect, which is not followed' : ' without JSON';
  return new PatlessError('ENTRA_ANSWER_UNUSABLE', `Microsoft Entra answered ${status}${what}.`, {
    hint: 'Something between the runner and login.microsoftonline.com may answer in its place, for example a proxy.',
    // An empty or cut 200 has been seen in the field and went away when asked again.
    retry: retryOf(response, now, status === 200 ? 'transient' : undefined),
  });
}

/** Masks the token first. MSAL accepts an empty token, any token type and a missing lifetime; this does not. */
async function checkedAnswer(response: HttpResponse, granted: string | undefined, session: Session) {
  const body = jsonObject(response.body);
  const secret = new Secret(textMember(body, 'access_token') ?? '');
  await session.mask(accessTokenForms(secret));
  const lifetimeSeconds = wholeSeconds(body?.expires_in);
  const problem = problemWith(secret, granted, textMember(body, 'token_type'), lifetimeSeconds);
  if (problem === undefined) return { secret, lifetimeSeconds };
  throw new PatlessError('ENTRA_ANSWER_UNUSABLE', `Microsoft Entra's answer holds ${problem}.`, {
    hint: 'Run the job again; if it repeats, something between the runner and Entra changes the answer.',
    retry: TRANSIENT,
  });
}

function problemWith(
  secret: Secret,
  granted: string | undefined,
  tokenType: string | undefined,
  lifetimeSeconds: number,
): string | undefined {
  if (!isSafeToken(secret) || secret.reveal() !== granted) return 'no usable access token';
  if (tokenType?.toLowerCase() !== 'bearer') return 'a token that is not of type Bearer';
  const sensible = lifetimeSeconds > 0 && lifetimeSeconds <= LONGEST_LIFETIME_SECONDS;
  return sensible ? undefined : 'a token without a sensible lifetime';
}
