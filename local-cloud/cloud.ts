// The whole local cloud: the identity services of GitHub and Azure Pipelines, an Entra tenant and Azure DevOps, under
// their production names.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import { type AzureDevOps, playAzureDevOps } from './azure-devops.js';
import { type AzurePipelines, playAzurePipelines, type ServiceConnection } from './azure-pipelines.js';
import { createCertificateAuthority } from './certificates.js';
import { type CiName, newCiIdToken } from './ci-systems.js';
import { type Application, type Entra, issuerOf, playEntra, type Tenant, TOKEN_EXCHANGE } from './entra.js';
import { type Feeds, playFeeds } from './feeds/feeds.js';
import { protocols } from './feeds/register.js';
import { GITHUB_ISSUER, type GitHub, playGitHub } from './github.js';
import type { PlayedRequest, PlayedResponse } from './http.js';
import { javaOptions, trustStoreOf } from './java.js';
import { type Marketplace, playMarketplace } from './marketplace.js';
import { startNetwork } from './network.js';
import { createTokenIssuer } from './token-issuer.js';

/** Takes a request before its service does. `handled` means that it wrote to the raw response itself. */
export type Fault = (
  request: PlayedRequest,
  response: ServerResponse,
) => PlayedResponse | 'handled' | undefined | Promise<PlayedResponse | 'handled' | undefined>;

export interface LocalCloud {
  readonly github: GitHub;
  /** A job of it has one service connection, which stands for the application. */
  readonly azurePipelines: AzurePipelines;
  readonly entra: Entra;
  readonly azureDevOps: AzureDevOps;
  readonly feeds: Feeds;
  readonly marketplace: Marketplace;
  readonly organization: string;
  readonly application: Application;
  /** Every request that reached a played host, oldest first. */
  readonly requests: PlayedRequest[];
  /** Everything that strangers were asked for: "host:port". */
  readonly refused: string[];
  readonly faults: Fault[];
  /** Told of every request and the status of its answer. */
  watch: (request: PlayedRequest, status: number) => void;
  /** Makes the proxy demand "user:password"; undefined makes it open again. */
  demandProxyCredentials(credentials: string | undefined): void;
  /** The proxy over TLS, at a name that the certificate has. */
  readonly tlsProxyUrl: string;
  /** Proxy and trust for curl, git, Node, Python, npm and cargo; no identity. */
  networkEnvironment(): Record<string, string>;
  /** The same for Java, which says on stderr that it has picked the variable up. */
  javaEnvironment(): Record<string, string>;
  /** What GitHub gives to every step of a job with `id-token: write`. */
  identityEnvironment(): Record<string, string>;
  /** What another CI system gives to a job; claims override. */
  ciIdToken(name: CiName, claims?: JWTPayload): Promise<string>;
  stop(): Promise<void>;
}

export async function startLocalCloud({ tlsPort = 0 } = {}): Promise<LocalCloud> {
  const root = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  const [githubKeys, pipelinesKeys, vstokenKeys, entraKeys] = await Promise.all([
    createTokenIssuer('GitHub'),
    createTokenIssuer('Azure Pipelines'),
    createTokenIssuer('vstoken'),
    createTokenIssuer('Entra'),
  ]);
  const github = playGitHub(githubKeys);
  const azurePipelines = playAzurePipelines(
    { own: pipelinesKeys, vstoken: vstokenKeys, entra: entraKeys },
    'contoso',
  );
  const application = newApplication('patless-demo');
  const tenant: Tenant = {
    tenantId: randomUUID(),
    domain: 'contoso.onmicrosoft.com',
    applications: [application],
    tokenLifetimeSeconds: 3599,
  };
  const trusted = new Map([
    [GITHUB_ISSUER, githubKeys],
    [azurePipelines.issuer, vstokenKeys],
    [issuerOf(tenant), entraKeys],
  ]);
  const entra = playEntra(tenant, entraKeys, trusted);
  const azureDevOps = playAzureDevOps(entra, azurePipelines, root);
  azureDevOps.addOrganization('contoso', [application], azurePipelines.job.organizationId);
  const feeds = playFeeds(protocols, azureDevOps.isMember);
  const marketplace = playMarketplace(entra);
  const connection = newConnection('patless-demo', application, tenant);
  azurePipelines.connections.push(connection);
  application.federatedCredentials.push(
    credential('main', { issuer: GITHUB_ISSUER, subject: github.job.subject }),
    credential('connection', azurePipelines.trustNeededBy(connection)),
    credential('connection-vstoken', azurePipelines.trustNeededBy({ ...connection, issuerKind: 'vstoken' })),
  );

  const requests: PlayedRequest[] = [];
  const refused: string[] = [];
  const faults: Fault[] = [];
  const hosts = [...github.hosts, ...azurePipelines.hosts, ...entra.hosts];
  const authority = await createCertificateAuthority();
  const certificates = {
    hosts: await authority.issue([
      ...hosts,
      'dev.azure.com',
      '*.dev.azure.com',
      '*.visualstudio.com',
      '*.pkgs.visualstudio.com',
      '*.blob.core.windows.net',
    ]),
    proxy: await authority.issue(['localhost']),
  };
  async function answerOf(
    request: PlayedRequest,
    response: ServerResponse,
  ): Promise<PlayedResponse | undefined> {
    for (const fault of faults) {
      const answer = await fault(request, response);
      if (answer !== undefined) return answer === 'handled' ? undefined : answer;
    }
    // Azure DevOps comes last: it answers whatever its organizations are asked.
    for (const { service } of [github, entra, azurePipelines, feeds, marketplace, azureDevOps]) {
      const answer = await service(request);
      if (answer !== undefined) return answer;
    }
    return { status: 404 };
  }
  const network = await startNetwork({
    certificates,
    isPlayed: (host) => hosts.includes(host) || feeds.isPlayed(host) || azureDevOps.isPlayed(host),
    refuse: (target) => refused.push(target),
    tlsPort,
    async answer(request, response) {
      requests.push(request);
      const answer = await answerOf(request, response);
      if (answer !== undefined) cloud.watch(request, answer.status);
      return answer;
    },
  });
  const rootCertificateFile = join(root, 'root-certificate.pem');
  await writeFile(rootCertificateFile, authority.rootCertificate);
  const trustStore = join(root, 'trust-store.jks');
  await writeFile(trustStore, trustStoreOf(authority.rootCertificate));

  const cloud: LocalCloud = {
    github,
    azurePipelines,
    entra,
    azureDevOps,
    feeds,
    marketplace,
    organization: 'contoso',
    application,
    requests,
    refused,
    faults,
    watch: () => undefined,
    demandProxyCredentials(credentials) {
      network.proxyCredentials = credentials;
    },
    tlsProxyUrl: `https://localhost:${network.tlsProxyPort}`,
    networkEnvironment: () => ({
      ...variables(PROXY_VARIABLES, `http://127.0.0.1:${network.proxyPort}`),
      ...variables(TRUST_VARIABLES, rootCertificateFile),
      ...variables(['NO_PROXY', 'no_proxy', 'ALL_PROXY', 'all_proxy'], ''),
    }),
    javaEnvironment: () => ({ JAVA_TOOL_OPTIONS: javaOptions(network.proxyPort, trustStore) }),
    identityEnvironment: () => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: github.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: github.requestToken,
    }),
    ciIdToken: (name, claims) => newCiIdToken(name, trusted, claims),
    async stop() {
      await network.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return cloud;
}

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
/** A machine may have these preset, and each client looks at another one. */
const TRUST_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'GIT_SSL_CAINFO',
  'CURL_CA_BUNDLE',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'CARGO_HTTP_CAINFO',
  'npm_config_cafile',
];

function variables(names: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** An app registration with a service principal, which trusts nobody yet. */
function newApplication(displayName: string): Application {
  return {
    clientId: randomUUID(),
    objectId: randomUUID(),
    displayName,
    enabled: true,
    hasServicePrincipal: true,
    federatedCredentials: [],
  };
}

function newConnection(name: string, { clientId }: Application, { tenantId }: Tenant): ServiceConnection {
  return {
    id: randomUUID(),
    name,
    scheme: 'WorkloadIdentityFederation',
    issuerKind: 'entra',
    authorized: true,
    referenced: true,
    clientId,
    tenantId,
  };
}

function credential(name: string, trust: { readonly issuer: string; readonly subject: string }) {
  return { name, ...trust, audience: TOKEN_EXCHANGE.uri };
}
