// Azure Pipelines' ID token for a service connection (Azure DevOps REST, "Oidctoken - Create", 7.1).
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { type HttpResponse, isRedirect } from '../http.js';
import { type JsonObject, jsonObject, textMember } from '../json.js';
import { claimsOf } from '../jwt.js';
import { printable, printableLines } from '../printable.js';
import { retryOf } from '../retry.js';
import type { Secret } from '../secret.js';
import type { Session } from '../session.js';
import { assertionFrom } from './assertion.js';
import { serviceConnection, variablesNaming } from './service-connection.js';
import type { AssertionSource } from './source.js';
import { EXPIRED_CURE, expiryOf, systemAccessToken } from './system-access-token.js';

const URL_VARIABLE = 'SYSTEM_OIDCREQUESTURI';
/** A step may set a variable of this name; System.AccessToken must not follow it to somebody else's server. */
const SERVICE_ORIGIN = /^https:\/\/(?:dev\.azure\.com|[a-z0-9-]+\.visualstudio\.com)$/;
/** Reports show the text, not the status that it comes with. */
const NOT_REFERENCED = /no explicit reference to service connection/i;

export function azurePipelinesOidc(environment: Environment): AssertionSource {
  const connection = serviceConnection(environment);
  let unusedFromAgent = connection?.idToken ?? '';
  return {
    kind: 'assertion',
    forLater: connection === undefined ? {} : variablesNaming(connection),
    async obtain(_audience, session) {
      // Used once: when Entra turns it down, or it is about to expire, the service is asked.
      const fromAgent = unusedFromAgent;
      unusedFromAgent = '';
      if (claimsOf(fromAgent) !== undefined) return assertionFrom(fromAgent, 'the agent', session);
      const { url, connectionId, bearer } = requestOf(environment);
      const response = await session.send({
        method: 'POST',
        url: url.href,
        headers: {
          authorization: `Bearer ${bearer.reveal()}`,
          accept: 'application/json',
          'content-type': 'application/json',
          // Ask for 401 instead of a redirect to the sign-in page.
          'x-tfs-fedauthredirect': 'Suppress',
        },
        timeoutSeconds: 15,
      });
      const answer = jsonObject(response.body);
      if (response.status !== 200 || answer === undefined || NOT_REFERENCED.test(wordsOf(answer))) {
        throw refusal(url.host, connectionId, bearer, response, answer, session);
      }
      return assertionFrom(textMember(answer, 'oidcToken') ?? '', url.host, session);
    },
  };
}

function requestOf(environment: Environment): { url: URL; connectionId: string; bearer: Secret } {
  const connection = serviceConnection(environment);
  const bearer = systemAccessToken(environment);
  const text = environment[URL_VARIABLE] ?? '';
  if (connection === undefined || bearer === undefined || text === '') {
    throw unavailable([
      ...(text === '' ? [URL_VARIABLE] : []),
      ...(bearer === undefined ? ['System.AccessToken'] : []),
      ...(connection === undefined ? ['a service connection'] : []),
    ]);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !SERVICE_ORIGIN.test(url.origin)) {
    throw new PatlessError('ID_TOKEN_UNAVAILABLE', `${URL_VARIABLE} does not name a host of Azure DevOps.`, {
      hint: 'The agent sets this variable; no step, and no variable of the pipeline, should.',
    });
  }
  url.searchParams.set('api-version', '7.1');
  url.searchParams.set('serviceConnectionId', connection.id);
  return { url, connectionId: connection.id, bearer };
}

function unavailable(missing: readonly string[]): PatlessError {
  return new PatlessError(
    'ID_TOKEN_UNAVAILABLE',
    `No ID token for this job: ${missing.join(' and ')} not given.`,
    {
      hint:
        'The Azure Pipelines task finds all it needs in an agent of version 4.248 or newer, in Azure DevOps Services (not ' +
        'Server). A script that needs a fresh token later in the job gets System.AccessToken by its ' +
        '`env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.',
    },
  );
}

function refusal(
  host: string,
  connectionId: string,
  bearer: Secret,
  response: HttpResponse,
  answer: JsonObject | undefined,
  session: Session,
): PatlessError {
  const said = wordsOf(answer);
  const [happened, hint] = explain(connectionId, bearer, response, said, session.clock.now());
  return new PatlessError(
    'ID_TOKEN_REFUSED',
    `The ID token service ${host} answered ${response.status}: ${happened}`,
    {
      facts: [`service connection: ${connectionId}`],
      hint,
      references: [
        ...(said === '' ? [] : [`Azure DevOps says: ${printable(said)}`]),
        ...printableLines({ 'Activity ID': response.headers.activityid ?? response.headers['x-vss-e2eid'] }),
      ],
      retry: retryOf(response, session.clock.now()),
    },
  );
}

/** Problems come as `message`, the missing reference as `value`. */
function wordsOf(answer: JsonObject | undefined): string {
  return textMember(answer, 'message') ?? textMember(answer, 'value') ?? '';
}

/** @returns what happened, and what to do. */
function explain(
  connectionId: string,
  bearer: Secret,
  response: HttpResponse,
  said: string,
  now: number,
): [happened: string, hint: string] {
  const { status } = response;
  if (NOT_REFERENCED.test(said)) {
    return [
      'no task or resource of this stage names the service connection.',
      'Since 2026-03-11 a stage gets ID tokens only for connections that it names: give it to a task of this stage as ' +
        'input, as the Patless task does with `azureDevOpsServiceConnection`, by its name and not in a script alone.',
    ];
  }
  if (isRedirect(response) || status === 203 || status === 401) return bearerRefused(bearer, now);
  if (status === 403) {
    return [
      'the job may not ask for ID tokens.',
      'Run the job again; if it repeats, the text of Azure DevOps below says why.',
    ];
  }
  if (status === 404 && /\bplan\b/i.test(said)) {
    return [
      'it knows no such job.',
      'The job is over, or a step or variable has changed its address: run it again.',
    ];
  }
  if (status === 404) {
    return [
      'this pipeline may not use the service connection, or it does not exist.',
      `Allow the pipeline in Project settings > Service connections > the one with the ID ${connectionId} > Security > ` +
        'Pipeline permissions; a deleted connection has to be made again.',
    ];
  }
  if (status === 405) {
    return [
      'the request arrived changed.',
      'It was sent as POST: look at the proxy between this agent and that host.',
    ];
  }
  return [
    'no ID token.',
    'If this repeats, see https://status.dev.azure.com; on a self-hosted agent check its proxy.',
  ];
}

function bearerRefused(bearer: Secret, now: number): [happened: string, hint: string] {
  const expires = expiryOf(bearer);
  if (expires !== undefined && expires.getTime() <= now) {
    return [`the job's System.AccessToken has expired, at ${expires.toISOString()}.`, EXPIRED_CURE];
  }
  return [
    "it did not accept the job's System.AccessToken.",
    'It works while the job runs: run it again. If this repeats, look for a step or variable that replaces System.AccessToken.',
  ];
}
