// The managed identity of the machine or app that this runs on, by MSAL over our own HTTP client.
import {
  type INetworkModule,
  ManagedIdentityApplication,
  type NetworkRequestOptions,
} from '@azure/msal-node';
import type { AccessToken } from '../access-token.js';
import { AZURE_DEVOPS_ID } from '../entra/addresses.js';
import { checkedIdentity, isSafeToken, wholeSeconds } from '../entra/token-identity.js';
import { PatlessError, TRANSIENT } from '../errors.js';
import type { HttpResponse } from '../http.js';
import { isObject, type JsonObject, jsonObject, textMember } from '../json.js';
import { accessTokenForms } from '../masks.js';
import { printable } from '../printable.js';
import { retry, retryOf, STAGES } from '../retry.js';
import { Secret } from '../secret.js';
import type { Session } from '../session.js';
import { givenAssertion, type Place } from './given-token.js';
import type { AccessTokenSource, AssertionSource, IdentityWishes } from './source.js';

/** The endpoint is on this machine: it answers at once, or it is not there. */
const ANSWER_SECONDS = 5;
const LONGEST_LIFETIME_SECONDS = 2 * 24 * 3600;

export function managedIdentity(wishes: IdentityWishes): AccessTokenSource {
  return {
    kind: 'access-token',
    async obtain(session) {
      const { clientId, tenantId } = wishes;
      const token = await retry(STAGES.managedIdentity, session, () =>
        ask(AZURE_DEVOPS_ID, clientId, session),
      );
      const identity = checkedIdentity(token.secret, { clientId, tenantId });
      return { ...token, holder: 'service principal', ...identity };
    },
  };
}

/**
 * Its token as the ID token that another application trusts, in this tenant or another one.
 * Source: Microsoft, "Configure an application to trust a managed identity".
 */
export function managedIdentityAssertion(clientId: string): AssertionSource {
  return {
    kind: 'assertion',
    async obtain(audience, session) {
      const { secret } = await ask(audience, clientId, session);
      return givenAssertion(secret.reveal(), ENDPOINT, session);
    },
  };
}

const ENDPOINT: Place = {
  name: "The managed identity endpoint's answer",
  cureForNoToken: 'Something else answers in the place of the endpoint.',
  cureForExpired:
    'Check the clock of this machine; else run the job again: the endpoint keeps tokens for a while.',
};

/** One request, or two for Azure Arc. */
async function ask(
  resource: string,
  clientId: string | undefined,
  session: Session,
): Promise<Pick<AccessToken, 'secret' | 'expiresOn'>> {
  const attempt: Attempt = { session };
  current = attempt;
  const application = new ManagedIdentityApplication({
    ...(clientId !== undefined && { managedIdentityIdParams: { userAssignedClientId: clientId } }),
    // Retries are ours: they end with the run, and stand in the log.
    system: { networkClient: network, disableInternalRetries: true },
  });
  await application.acquireToken({ resource, forceRefresh: true }).catch((cause: unknown) => {
    throw attempt.failure ?? refusal(attempt.response, clientId, cause, session);
  });
  const { response } = attempt;
  // MSAL takes an error status without a member `error` for a success.
  if (response?.status !== 200) throw refusal(response, clientId, undefined, session);
  return checkedAnswer(jsonObject(response.body), session);
}

interface Attempt {
  readonly session: Session;
  /** MSAL drops most of the answer, and the real error. */
  response?: HttpResponse;
  failure?: unknown;
}

/** MSAL keeps the first network client that it meets until the process ends, so there is one, for the attempt at hand. */
let current: Attempt | undefined;

const network: INetworkModule = {
  sendGetRequestAsync: (url, options) => sendFor(current, 'GET', url, options),
  sendPostRequestAsync: (url, options) => sendFor(current, 'POST', url, options),
};

/** MSAL chooses the endpoint by the environment; the HTTP client lets it be one of this machine's own only. */
async function sendFor<T>(
  attempt: Attempt | undefined,
  method: 'GET' | 'POST',
  url: string,
  { headers = {}, body: sent }: NetworkRequestOptions = {},
) {
  if (attempt === undefined) throw new Error('MSAL asks nothing by itself');
  const { session } = attempt;
  try {
    const response = await session.send({
      method,
      url,
      headers,
      ...(sent !== undefined && { body: sent }),
      timeoutSeconds: ANSWER_SECONDS,
      isLocal: true,
    });
    attempt.response = response;
    const body = jsonObject(response.body);
    await session.mask(accessTokenForms(new Secret(textMember(body, 'access_token') ?? '')));
    return { status: response.status, headers: { ...response.headers }, body: (body ?? {}) as T };
  } catch (error) {
    attempt.failure = error instanceof PatlessError ? unreachable(error) : error;
    throw error;
  }
}

function unreachable(error: PatlessError): PatlessError {
  if (error.code !== 'NETWORK') return error;
  return new PatlessError(
    'ID_TOKEN_UNAVAILABLE',
    `No managed identity: its endpoint was not reached. ${error.message}`,
    {
      hint:
        '`identity: managed-identity` is for runners on Azure (virtual machines, App Service, Container Apps) or with Azure ' +
        'Arc, and works where their endpoint can be reached: not in a container without the network of its host.',
      cause: error,
      retry: error.retry,
    },
  );
}

function refusal(
  response: HttpResponse | undefined,
  clientId: string | undefined,
  cause: unknown,
  session: Session,
): PatlessError {
  if (response === undefined) return unsuitable(cause);
  const said = wordsOf(jsonObject(response.body));
  return new PatlessError(
    'ID_TOKEN_UNAVAILABLE',
    `The managed identity endpoint answered ${response.status}${said && `: ${printable(said)}`}`,
    {
      hint:
        clientId === undefined
          ? 'Assign an identity to this machine or app. Where it has user-assigned ones only, give the client ID of the one ' +
            'meant as `client-id`.'
          : `Assign the managed identity with the client ID ${clientId} to this machine or app; for the system-assigned ` +
            'one, leave `client-id` out.',
      cause,
      retry: retryOf(response, session.clock.now(), isUpdating(response) ? 'transient' : undefined),
    },
  );
}

/** Nothing was asked: what the environment says of the endpoint suits no identity, or not this one. */
function unsuitable(cause: unknown): PatlessError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PatlessError('ID_TOKEN_UNAVAILABLE', `No managed identity: ${printable(reason)}`, {
    hint:
      'Check the variables IDENTITY_ENDPOINT, MSI_ENDPOINT and AZURE_POD_IDENTITY_AUTHORITY_HOST, which Azure sets; with ' +
      'Azure Arc and in Cloud Shell, leave `client-id` out: there is one identity only.',
    cause,
  });
}

/** Source: Microsoft, "How to use managed identities to acquire an access token", error handling. */
function isUpdating({ status }: HttpResponse): boolean {
  return status === 404 || status === 410;
}

function wordsOf(body: JsonObject | undefined): string {
  const error = body?.error;
  const inner = isObject(error) ? textMember(error, 'message') : undefined;
  return inner ?? textMember(body, 'error_description') ?? textMember(body, 'message') ?? '';
}

/** Masked already. Numbers come as text, and as `expires_on`, `expires_in` or both. */
function checkedAnswer(body: JsonObject | undefined, session: Session): { secret: Secret; expiresOn: Date } {
  const secret = new Secret(textMember(body, 'access_token') ?? '');
  const now = session.clock.now();
  const expiresOn = endOf(body, now);
  const lifetimeSeconds = (expiresOn - now) / 1000;
  const isSensible = lifetimeSeconds > 0 && lifetimeSeconds <= LONGEST_LIFETIME_SECONDS;
  if (isSafeToken(secret) && isSensible) return { secret, expiresOn: new Date(expiresOn) };
  throw new PatlessError(
    'ID_TOKEN_UNAVAILABLE',
    `The managed identity endpoint's answer holds ${isSafeToken(secret) ? 'a token without a sensible lifetime' : 'no usable access token'}.`,
    {
      hint: 'Run the job again, and check the clock of this machine; or something else answers in the place of the endpoint.',
      retry: TRANSIENT,
    },
  );
}

/** @returns milliseconds since 1970; NaN when it is not said. */
function endOf(body: JsonObject | undefined, now: number): number {
  const expiresIn = wholeSeconds(body?.expires_in);
  return Number.isNaN(expiresIn) ? wholeSeconds(body?.expires_on) * 1000 : now + expiresIn * 1000;
}
