// Azure Pipelines' side of a job's identity: service connections, their ID tokens, and System.AccessToken.
import { randomBytes, randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { isRedirectSuppressed, placeOf, problem, redirectToSignIn, signInPage } from './azure-devops-http.js';
import { issuerOf, TOKEN_EXCHANGE } from './entra.js';
import { json, type PlayedRequest, type PlayedResponse, type Service } from './http.js';
import type { TokenIssuer } from './token-issuer.js';

const ISSUER_HOST = 'vstoken.dev.azure.com';
/** Azure DevOps as an application in Entra. */
const AZURE_DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798';
const API_VERSION = /^7\.1(?:-preview(?:\.1)?)?$/;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the service knows of the running job; a test changes what it needs. */
export interface PipelinesJob {
  organization: string;
  readonly organizationId: string;
  project: string;
  readonly projectId: string;
  pipeline: string;
  /** Where the agent reaches the organization; older ones have https://contoso.visualstudio.com/. */
  collectionUri: string;
  readonly planId: string;
  readonly jobId: string;
  stage: string;
  /** Of System.AccessToken; as long as a job may run, and a little longer. */
  accessTokenLifetimeSeconds: number;
}

/** A test changes what it needs. */
export interface ServiceConnection {
  readonly id: string;
  name: string;
  scheme: string;
  /** Who signs its ID tokens: older connections have vstoken. */
  issuerKind: 'entra' | 'vstoken';
  /** For this pipeline. */
  authorized: boolean;
  /** A task or a resource of the stage names it. */
  referenced: boolean;
  clientId: string;
  tenantId: string;
  /** The agent gets the ID token with the job, in the connection's parameters. */
  lateBoundIdToken?: boolean;
}

export interface AzurePipelines {
  readonly hosts: readonly string[];
  readonly job: PipelinesJob;
  readonly connections: ServiceConnection[];
  /** SYSTEM_OIDCREQUESTURI */
  readonly requestUri: string;
  readonly service: Service;
  /** The issuer of connections whose `issuerKind` is vstoken. */
  readonly issuer: string;
  /** @returns a new System.AccessToken. */
  systemAccessToken(): Promise<string>;
  /** @returns the claims of a valid, unexpired System.AccessToken of this organization. */
  acceptSystemAccessToken(token: string, organizationId: string): Promise<JWTPayload | undefined>;
  /** What a federated credential has to say for the connection to be believed. */
  trustNeededBy(connection: ServiceConnection): { readonly issuer: string; readonly subject: string };
  newIdToken(connection: ServiceConnection): Promise<string>;
}

/** @param keys the signer of System.AccessToken and of vstoken's ID tokens, and Entra's */
export function playAzurePipelines(
  keys: { readonly own: TokenIssuer; readonly vstoken: TokenIssuer; readonly entra: TokenIssuer },
  organization: string,
): AzurePipelines {
  const job: PipelinesJob = {
    organization,
    organizationId: randomUUID(),
    project: 'widgets',
    projectId: randomUUID(),
    pipeline: 'main',
    collectionUri: `https://dev.azure.com/${organization}/`,
    planId: randomUUID(),
    jobId: randomUUID(),
    stage: '__default',
    accessTokenLifetimeSeconds: 3600,
  };
  const issuer = `https://${ISSUER_HOST}/${job.organizationId}`;
  const connections: ServiceConnection[] = [];
  const buildServiceId = randomUUID();

  async function oidcToken(request: PlayedRequest): Promise<PlayedResponse> {
    const { method, url, headers } = request;
    if (method !== 'POST') return methodNotAllowed(method);
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    if ((await pipelines.acceptSystemAccessToken(bearer, job.organizationId)) === undefined) {
      return isRedirectSuppressed(request) ? signInPage(401) : redirectToSignIn(request);
    }
    const version = url.searchParams.get('api-version');
    if (version === null || !API_VERSION.test(version)) return wrongVersion(version);
    const id = url.searchParams.get('serviceConnectionId');
    if (id === null) return json(200, { oidcToken: await keys.vstoken.sign(pipelineClaims(job, issuer)) });
    const connection = connections.find((candidate) => candidate.id === id.toLowerCase());
    if (connection === undefined || !isUsable(connection)) return noConnection(id);
    if (!connection.referenced) return noReference(job, connection);
    return json(200, { oidcToken: await pipelines.newIdToken(connection) });
  }

  const pipelines: AzurePipelines = {
    hosts: [ISSUER_HOST],
    job,
    connections,
    get requestUri() {
      return `${job.collectionUri}${job.projectId}/_apis/distributedtask/hubs/build/plans/${job.planId}/jobs/${job.jobId}/oidctoken`;
    },
    async service(request) {
      if (request.host === ISSUER_HOST) return discovery(request, issuer, keys.vstoken);
      const place = placeOf(request);
      const [, project, plan, jobId] = OIDC_TOKEN_PATH.exec(place?.path ?? '') ?? [];
      if (place === undefined || project === undefined) return undefined;
      const isHere =
        place.organization === job.organization &&
        project === job.projectId &&
        plan === job.planId &&
        jobId === job.jobId;
      return isHere ? oidcToken(request) : noPlan(plan ?? '');
    },
    issuer,
    systemAccessToken: () => keys.own.sign(systemAccessTokenClaims(job, buildServiceId)),
    async acceptSystemAccessToken(token, organizationId) {
      const claims = await keys.own.verify(token);
      const isValid =
        claims?.aud === audienceOf(organizationId) && (claims.exp ?? 0) > Math.floor(Date.now() / 1000);
      return isValid ? claims : undefined;
    },
    trustNeededBy: (connection) =>
      connection.issuerKind === 'entra'
        ? { issuer: issuerOf(connection), subject: entraSubject(connection, job) }
        : { issuer, subject: `sc://${job.organization}/${job.project}/${connection.name}` },
    newIdToken(connection) {
      const { issuer: iss, subject: sub } = pipelines.trustNeededBy(connection);
      return connection.issuerKind === 'entra'
        ? keys.entra.sign({ iss, sub, ...entraClaims(connection) })
        : keys.vstoken.sign({ iss, sub, ...vstokenClaims(job) });
    },
  };
  return pipelines;
}

const OIDC_TOKEN_PATH =
  /^\/([^/]+)\/_apis\/distributedtask\/hubs\/build\/plans\/([^/]+)\/jobs\/([^/]+)\/oidctoken$/;

function isUsable({ scheme, authorized }: ServiceConnection): boolean {
  return authorized && scheme === 'WorkloadIdentityFederation';
}

function methodNotAllowed(method: string): PlayedResponse {
  return json(
    405,
    { message: `The requested resource does not support http method '${method}'.` },
    { allow: 'POST' },
  );
}

function wrongVersion(version: string | null): PlayedResponse {
  return version === null
    ? problem(
        400,
        'No api-version was supplied for the "POST" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").',
        'VssVersionNotSpecifiedException',
      )
    : problem(
        400,
        `The requested REST API version of ${version} is out of range for this server.`,
        'VssVersionOutOfRangeException',
      );
}

function noPlan(plan: string): PlayedResponse {
  return problem(
    404,
    `The plan ${plan} does not exist or you do not have permission.`,
    'TaskOrchestrationPlanNotFoundException',
  );
}

function noConnection(id: string): PlayedResponse {
  const message = GUID.test(id)
    ? `No service connection found with identifier ${id}.`
    : `The value '${id}' is not a valid identifier.`;
  return problem(404, message, 'ServiceEndpointException');
}

/** Reported from answers without their status; 400 is a guess. */
function noReference(job: PipelinesJob, { id }: ServiceConnection): PlayedResponse {
  const value = `There is no explicit reference to service connection ${id} from current stage ${job.stage}.Job.__default.`;
  return json(400, { count: 1, value });
}

function discovery({ url }: PlayedRequest, issuer: string, keys: TokenIssuer): PlayedResponse {
  const jwks = `https://${ISSUER_HOST}/.well-known/jwks`;
  if (url.href === jwks) return json(200, keys.jwks);
  if (url.href === `${issuer}/.well-known/openid-configuration`) return json(200, { issuer, jwks_uri: jwks });
  return { status: 404 };
}

function audienceOf(organizationId: string): string {
  return `app.vstoken.visualstudio.com|vso:${organizationId}`;
}

function systemAccessTokenClaims(job: PipelinesJob, nameid: string): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    nameid,
    scp: 'app_token',
    aui: randomUUID(),
    sid: randomUUID(),
    orchid: `${job.planId}.job.__default.__default`,
    jti: randomUUID(),
    iss: 'app.vstoken.visualstudio.com',
    aud: audienceOf(job.organizationId),
    nbf: now,
    exp: now + job.accessTokenLifetimeSeconds,
  };
}

/** What every token of vstoken says: five minutes of life. */
function vstokenClaims(job: PipelinesJob): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    jti: randomUUID(),
    aud: TOKEN_EXCHANGE.uri,
    iat: now,
    nbf: now - 600,
    exp: now + 300,
    org_id: job.organizationId,
    prj_id: job.projectId,
    def_id: '7',
    run_id: '42',
  };
}

/** Without a service connection, the token stands for the pipeline. */
function pipelineClaims(job: PipelinesJob, iss: string): JWTPayload {
  return { ...vstokenClaims(job), iss, sub: `p://${job.organization}/${job.project}/${job.pipeline}` };
}

/** A day of life, as Entra gives it to tokens that its own applications ask for. */
function entraClaims({ tenantId }: ServiceConnection): JWTPayload {
  const issuedAt = Math.floor(Date.now() / 1000) - 300;
  return {
    aud: TOKEN_EXCHANGE.id,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 86_700,
    aio: randomBytes(24).toString('base64url'),
    azp: AZURE_DEVOPS,
    azpacr: '2',
    idtyp: 'app',
    oid: randomUUID(),
    rh: `1.${randomBytes(40).toString('base64url')}`,
    tid: tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '2.0',
    xms_ficinfo: randomBytes(12).toString('base64url'),
  };
}

function entraSubject({ id, tenantId }: ServiceConnection, { organizationId }: PipelinesJob): string {
  return `/eid1/c/pub/t/${packedGuid(tenantId)}/a/${packedGuid(AZURE_DEVOPS)}/sc/${organizationId}/${id}`;
}

/** base64url of a GUID's bytes as .NET orders them: the first three groups backwards. */
export function packedGuid(guid: string): string {
  const groups = guid.split('-').map((group) => Buffer.from(group, 'hex'));
  return Buffer.concat(groups.map((bytes, i) => (i < 3 ? bytes.reverse() : bytes))).toString('base64url');
}
