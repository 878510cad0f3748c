// The endpoints that give a managed identity's tokens to programs on Azure, in plain http on loopback: a virtual
// machine's (IMDS) and App Service's. Source: Microsoft, "How to use managed identities to acquire an access token".
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Application, type Entra, TOKEN_EXCHANGE } from './entra.js';
import { json, type PlayedResponse } from './http.js';

const AZURE_DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798';
const HEADER = 'x-identity-header';

export interface ManagedIdentities {
  /** What was asked, oldest first. */
  readonly requests: URL[];
  /** Answers in place of the endpoint, each once. */
  readonly answers: PlayedResponse[];
  /** Of a virtual machine; its real address, 169.254.169.254, is replaced by the variable that Azure's libraries honour. */
  machineEnvironment(): Record<string, string>;
  /** Of App Service and Container Apps. */
  appServiceEnvironment(): Record<string, string>;
  stop(): Promise<void>;
}

/** @param assigned Of these, the first is the system-assigned one. */
export async function startManagedIdentities(
  entra: Entra,
  assigned: readonly Application[],
): Promise<ManagedIdentities> {
  const requests: URL[] = [];
  const answers: PlayedResponse[] = [];
  const secret = randomUUID();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    requests.push(url);
    const answer =
      answers.shift() ?? refusal(request, url, secret) ?? (await tokenAnswer(url, entra, assigned));
    response.writeHead(answer.status, answer.headers as Record<string, string>).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    requests,
    answers,
    machineEnvironment: () => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: origin }),
    appServiceEnvironment: () => ({ IDENTITY_ENDPOINT: `${origin}/msi/token`, IDENTITY_HEADER: secret }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Each endpoint has a header that a forged request, sent on by a proxy or a browser, would not have. */
function refusal({ method, headers }: IncomingMessage, url: URL, secret: string): PlayedResponse | undefined {
  const version = url.searchParams.get('api-version');
  const rules: Readonly<Record<string, boolean>> = {
    '/metadata/identity/oauth2/token': headers.metadata === 'true' && version === '2018-02-01',
    '/msi/token': headers[HEADER] === secret && version === '2019-08-01',
  };
  const isForged = headers['x-forwarded-for'] !== undefined || method !== 'GET';
  // Libraries put a slash behind the path where they have the address from a variable.
  const path = url.pathname.replace(/\/$/, '');
  if (!Object.hasOwn(rules, path)) return json(404, { error: 'not_found' });
  return rules[path] && !isForged
    ? undefined
    : invalid('Required metadata header not specified or not correct');
}

async function tokenAnswer(
  url: URL,
  entra: Entra,
  assigned: readonly Application[],
): Promise<PlayedResponse> {
  const clientId = url.searchParams.get('client_id');
  const resource = url.searchParams.get('resource') ?? '';
  const identity =
    clientId === null ? assigned[0] : assigned.find((candidate) => candidate.clientId === clientId);
  if (identity === undefined) return invalid('Identity not found');
  const isExchange = resource === TOKEN_EXCHANGE.uri;
  if (resource !== AZURE_DEVOPS && !isExchange)
    return json(400, { error: 'invalid_resource', error_description: resource });
  const lifetime = entra.tenant.tokenLifetimeSeconds;
  // Numbers as text, as the real ones.
  return json(200, {
    access_token: await (isExchange ? entra.newExchangeToken(identity) : entra.newAccessToken(identity)),
    client_id: identity.clientId,
    expires_in: String(lifetime),
    expires_on: String(Math.floor(Date.now() / 1000) + lifetime),
    ext_expires_in: String(lifetime),
    resource,
    token_type: 'Bearer',
  });
}

function invalid(description: string): PlayedResponse {
  return json(400, { error: 'invalid_request', error_description: description });
}
