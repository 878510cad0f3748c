// A Microsoft Entra tenant: checks client assertions against federated credentials, issues access tokens,
// and refuses with the real AADSTS texts.
import { randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt, type JWTPayload } from 'jose';
import { refuse } from './entra-refusals.js';
import { json, type PlayedRequest, type PlayedResponse, type Service } from './http.js';
import type { TokenIssuer } from './token-issuer.js';

const LOGIN_HOST = 'login.microsoftonline.com';
/** Served for `az login` only: it lists subscriptions and tenants. */
const ARM_HOST = 'management.azure.com';
const AZURE_DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798';
/** The Azure CLI as an application in Entra. */
const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
/** Resource as a scope names it, and audience as the token says it. */
const RESOURCES: Readonly<Record<string, string>> = {
  [AZURE_DEVOPS]: AZURE_DEVOPS,
  'https://management.core.windows.net/': 'https://management.core.windows.net/',
  'https://management.azure.com': 'https://management.azure.com',
};
/** In a token that Entra itself issued, the audience of a federated credential stands as an application ID. */
export const TOKEN_EXCHANGE = {
  id: 'fb60f99c-7a34-4190-8149-302f77469936',
  uri: 'api://AzureADTokenExchange',
};
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface FederatedCredential {
  name: string;
  issuer: string;
  subject: string;
  audience: string;
}

export interface Application {
  clientId: string;
  /** Of the service principal (enterprise application). */
  objectId: string;
  displayName: string;
  enabled: boolean;
  /** Whether the app registration has a service principal in the tenant. */
  hasServicePrincipal: boolean;
  federatedCredentials: FederatedCredential[];
}

export interface User {
  objectId: string;
  /** The user principal name. */
  userName: string;
  displayName: string;
}

export interface Tenant {
  tenantId: string;
  domain: string;
  applications: Application[];
  tokenLifetimeSeconds: number;
}

export interface Entra {
  readonly hosts: readonly string[];
  readonly tenant: Tenant;
  readonly service: Service;
  /** @returns a new access token to Azure DevOps, for whom another door of Entra has let in: a managed identity, a user. */
  newAccessToken(principal: Application | User): Promise<string>;
  /** @returns what a managed identity presents as ID token, to an application that trusts it. */
  newExchangeToken(identity: Application): Promise<string>;
  /** @returns the claims of a valid, unexpired access token to Azure DevOps that this tenant issued. */
  acceptForAzureDevOps(token: string): Promise<JWTPayload | undefined>;
}

/** @param trusted the issuers whose ID tokens Entra can check, as it would by their published keys. */
export function playEntra(
  tenant: Tenant,
  issuer: TokenIssuer,
  trusted: ReadonlyMap<string, TokenIssuer>,
): Entra {
  return {
    hosts: [LOGIN_HOST, ARM_HOST],
    tenant,
    async service(request) {
      if (request.host === ARM_HOST) return armAnswer(request, tenant);
      if (request.host !== LOGIN_HOST) return undefined;
      const [, tenantName = '', rest = ''] = /^\/([^/]+)\/(.*)$/.exec(request.url.pathname) ?? [];
      if (rest === 'discovery/instance') return json(200, instanceDiscovery());
      if (!isTenant(tenant, tenantName)) return refuse(90002, [tenantName]);
      if (rest === 'v2.0/.well-known/openid-configuration') return json(200, openidConfiguration(tenant));
      if (rest === 'discovery/v2.0/keys') return json(200, issuer.jwks);
      if (rest === 'oauth2/v2.0/token' && request.method === 'POST') {
        return tokenAnswer(new URLSearchParams(request.body.toString('utf8')), tenant, issuer, trusted);
      }
      return json(404, { error: 'not_found' });
    },
    newAccessToken: (principal) =>
      issuer.sign(
        'userName' in principal
          ? userTokenClaims(tenant, principal)
          : accessTokenClaims(tenant, principal, AZURE_DEVOPS),
      ),
    newExchangeToken: (identity) =>
      issuer.sign({
        ...accessTokenClaims(tenant, identity, TOKEN_EXCHANGE.id),
        iss: issuerOf(tenant),
        ver: '2.0',
      }),
    async acceptForAzureDevOps(token) {
      const claims = await issuer.verify(token);
      const isValid = claims?.aud === AZURE_DEVOPS && (claims.exp ?? 0) > Date.now() / 1000;
      return isValid ? claims : undefined;
    },
  };
}

/** What the tenant's version 2 tokens name as their issuer. */
export function issuerOf({ tenantId }: Pick<Tenant, 'tenantId'>): string {
  return `https://${LOGIN_HOST}/${tenantId}/v2.0`;
}

function isTenant(tenant: Tenant, name: string): boolean {
  return [tenant.tenantId, tenant.domain].includes(name.toLowerCase());
}

async function tokenAnswer(
  form: URLSearchParams,
  tenant: Tenant,
  issuer: TokenIssuer,
  trusted: ReadonlyMap<string, TokenIssuer>,
): Promise<PlayedResponse> {
  const clientId = (form.get('client_id') ?? '').toLowerCase();
  const application = tenant.applications.find((candidate) => candidate.clientId === clientId);
  if (form.get('grant_type') !== 'client_credentials') return refuse(70003, [form.get('grant_type') ?? '']);
  if (application === undefined) return refuse(700016, [clientId, tenant.tenantId]);
  if (!application.hasServicePrincipal) return refuse(7000229, [clientId, tenant.tenantId]);
  if (!application.enabled) return refuse(7000112, [clientId, application.displayName]);
  const problem = await assertionProblem(form, tenant, application, trusted);
  if (problem !== undefined) return problem;
  const scope = form.get('scope') ?? '';
  const audience = RESOURCES[/^(.*?)\/\.default$/.exec(scope.split(' ')[0] ?? '')?.[1] ?? ''];
  if (audience === undefined) return refuse(1002012, [scope]);
  const lifetime = tenant.tokenLifetimeSeconds;
  return json(
    200,
    {
      token_type: 'Bearer',
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: await issuer.sign(accessTokenClaims(tenant, application, audience)),
    },
    { 'cache-control': 'no-store, no-cache', 'x-ms-request-id': randomUUID() },
  );
}

/** The ladder of refusals; undefined when the assertion is good. */
async function assertionProblem(
  form: URLSearchParams,
  tenant: Tenant,
  application: Application,
  trusted: ReadonlyMap<string, TokenIssuer>,
): Promise<PlayedResponse | undefined> {
  const assertion = form.get('client_assertion') ?? '';
  if (assertion === '' || form.get('client_assertion_type') !== ASSERTION_TYPE) return refuse(7000216, []);
  const claims = tryDecode(assertion);
  if (claims === undefined) return refuse(50027, []);
  const { iss = '', sub = '' } = claims;
  const aud = String(claims.aud ?? '');
  const all = application.federatedCredentials;
  if (all.length === 0) return refuse(70025, [application.displayName, application.clientId]);
  const sameIssuer = all.filter(({ issuer }) => issuer === iss);
  if (sameIssuer.length === 0) return refuse(700211, [iss]);
  const isOwn = iss === issuerOf(tenant) && aud === TOKEN_EXCHANGE.id;
  const wanted = isOwn ? TOKEN_EXCHANGE.uri : aud;
  const sameAudience = sameIssuer.filter(({ audience }) => audience === wanted);
  if (sameAudience.length === 0) return refuse(700212, [aud]);
  if (!sameAudience.some(({ subject }) => subject === sub)) {
    const butForCase = sameAudience.some(({ subject }) => subject.toLowerCase() === sub.toLowerCase());
    return refuse(butForCase ? 7002138 : 700213, [sub]);
  }
  if ((await trusted.get(iss)?.verify(assertion)) === undefined) return refuse(700027, []);
  const now = Date.now() / 1000;
  if (now >= (claims.exp ?? 0) || now < (claims.nbf ?? 0)) {
    return refuse(
      700024,
      [now, claims.nbf ?? 0, claims.exp ?? 0].map((time) => isoTime(time)),
    );
  }
  return undefined;
}

function tryDecode(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/** A version 1 token, as Entra issues for Azure DevOps. */
function accessTokenClaims(
  tenant: Tenant,
  application: Pick<Application, 'clientId' | 'objectId'>,
  audience: string,
): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    aud: audience,
    iss: `https://sts.windows.net/${tenant.tenantId}/`,
    iat: now - 300,
    nbf: now - 300,
    exp: now + tenant.tokenLifetimeSeconds,
    aio: randomBytes(24).toString('base64url'),
    appid: application.clientId,
    appidacr: '2',
    idp: `https://sts.windows.net/${tenant.tenantId}/`,
    idtyp: 'app',
    oid: application.objectId,
    rh: `1.${randomBytes(40).toString('base64url')}`,
    sub: application.objectId,
    tid: tenant.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
  };
}

/** What the Azure CLI gets for a user: delegated, so with a scope, and without `idtyp`. */
function userTokenClaims(tenant: Tenant, { objectId, userName, displayName }: User): JWTPayload {
  const { idtyp: _, ...claims } = accessTokenClaims(tenant, { clientId: AZURE_CLI, objectId }, AZURE_DEVOPS);
  return {
    ...claims,
    appidacr: '0',
    name: displayName,
    scp: 'user_impersonation',
    unique_name: userName,
    upn: userName,
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function openidConfiguration(tenant: Tenant) {
  const base = `https://${LOGIN_HOST}/${tenant.tenantId}`;
  return {
    issuer: issuerOf(tenant),
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    cloud_instance_name: 'microsoftonline.com',
    tenant_region_scope: 'EU',
  };
}

function instanceDiscovery() {
  return {
    tenant_discovery_endpoint: `https://${LOGIN_HOST}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: LOGIN_HOST,
        preferred_cache: 'login.windows.net',
        aliases: [LOGIN_HOST, 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
      },
    ],
  };
}

function armAnswer({ url }: PlayedRequest, { tenantId }: Tenant): PlayedResponse {
  if (url.pathname === '/tenants') return json(200, { value: [{ id: `/tenants/${tenantId}`, tenantId }] });
  if (url.pathname === '/subscriptions') return json(200, { value: [] });
  return json(404, { error: { code: 'NotFound', message: url.pathname } });
}
