// The played Azure Pipelines identity service answers as protocol and vendors say the real one does.
import { describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { AgentJob } from '../../local-cloud/agent/job.js';
import { packedGuid, type ServiceConnection } from '../../local-cloud/azure-pipelines.js';
import { useCloud } from '../support/cloud.js';

const scenario = useCloud();

interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

async function curl(args: string, env: Record<string, string> = {}): Promise<Answer> {
  const job = await AgentJob.start({
    pipelines: scenario.cloud.azurePipelines,
    environment: scenario.cloud.networkEnvironment(),
  });
  const { stdout } = await job.bash(`curl --silent --show-error --include ${args}`, env);
  job.remove();
  const [headers = '', body = ''] = stdout
    .replace(/^HTTP\/1.1 200 Connection.*?\r\n\r\n/s, '')
    .split('\r\n\r\n');
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(headers)?.[1]), headers, body };
}

interface Question {
  readonly method?: string;
  readonly query?: string;
  readonly token?: string;
  readonly suppress?: boolean;
  readonly uri?: string;
}

function connection(): ServiceConnection {
  const [first] = scenario.cloud.azurePipelines.connections;
  if (first === undefined) throw new Error('the cloud has no connection');
  return first;
}

async function ask({ method = 'POST', query, token, suppress = true, uri }: Question = {}): Promise<Answer> {
  const { azurePipelines } = scenario.cloud;
  const bearer = token ?? (await azurePipelines.systemAccessToken());
  const search = query ?? `api-version=7.1&serviceConnectionId=${connection().id}`;
  return curl(
    `--request ${method} --header 'Content-Length: 0' --header 'Authorization: Bearer ${bearer}' ${
      suppress ? "--header 'X-TFS-FedAuthRedirect: Suppress'" : ''
    } '${uri ?? azurePipelines.requestUri}?${search}'`,
  );
}

async function idToken(query?: string): Promise<string> {
  const { status, body } = await ask(query === undefined ? {} : { query });
  expect(status).toBe(200);
  return JSON.parse(body).oidcToken;
}

async function exchange(assertion: string): Promise<Answer> {
  const { application, entra } = scenario.cloud;
  const form = new URLSearchParams({
    client_id: application.clientId,
    grant_type: 'client_credentials',
    scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  return curl(
    `--data '${form}' https://login.microsoftonline.com/${entra.tenant.tenantId}/oauth2/v2.0/token`,
  );
}

describe('oidctoken', () => {
  test("with Entra's issuer: a day of life, the application ID for audience, and Entra takes it", async () => {
    const token = await idToken();
    const { job } = scenario.cloud.azurePipelines;
    const { tenantId, id } = connection();
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      sub: `/eid1/c/pub/t/${packedGuid(tenantId)}/a/rISbSSETf0KqFyZ8ppdXmA/sc/${job.organizationId}/${id}`,
      aud: 'fb60f99c-7a34-4190-8149-302f77469936',
      tid: tenantId,
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(86_700);
    expect((await exchange(token)).status).toBe(200);
  });

  test("with vstoken's issuer: five minutes, the connection's name, and Entra takes it", async () => {
    connection().issuerKind = 'vstoken';
    const token = await idToken();
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      iss: `https://vstoken.dev.azure.com/${scenario.cloud.azurePipelines.job.organizationId}`,
      sub: 'sc://contoso/widgets/patless-demo',
      aud: 'api://AzureADTokenExchange',
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
    expect((await exchange(token)).status).toBe(200);
    expect((await curl(`${claims.iss}/.well-known/openid-configuration`)).body).toContain('.well-known/jwks');
    expect((await curl('https://vstoken.dev.azure.com/.well-known/jwks')).body).toContain('"kid"');
  });

  test('without a connection: the pipeline', async () => {
    expect(decodeJwt(await idToken('api-version=7.1')).sub).toBe('p://contoso/widgets/main');
  });

  test("Entra believes the application ID as an audience only of its own tokens, and no connection's name but the one", async () => {
    scenario.cloud.application.federatedCredentials = scenario.cloud.application.federatedCredentials.map(
      (credential) => ({ ...credential, audience: 'fb60f99c-7a34-4190-8149-302f77469936' }),
    );
    expect((await exchange(await idToken())).body).toContain('AADSTS700212');
    connection().issuerKind = 'vstoken';
    expect((await exchange(await idToken())).body).toContain('AADSTS700212');
  });

  test('a renamed connection with the old issuer loses its trust', async () => {
    Object.assign(connection(), { issuerKind: 'vstoken', name: 'renamed' });
    expect((await exchange(await idToken())).body).toContain('AADSTS700213');
  });

  test('GET is 405', async () => expect((await ask({ method: 'GET' })).status).toBe(405));

  test.each(['', '&api-version=5.0'])('with "%s" for a version: 400 and a problem', async (version) => {
    const answer = await ask({ query: `serviceConnectionId=${connection().id}${version}` });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ $id: '1', eventId: 3000, message: expect.any(String) });
  });

  test('a bad bearer is 401, or a redirect to sign in', async () => {
    expect((await ask({ token: 'nonsense' })).status).toBe(401);
    const answer = await ask({ token: 'nonsense', suppress: false });
    expect(answer.status).toBe(302);
    expect(answer.headers).toContain(
      'location: https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com',
    );
    expect(answer.body).toContain('<title>Object moved</title>');
  });

  test('an expired bearer and the token of an Entra application are bad bearers', async () => {
    const { azurePipelines } = scenario.cloud;
    azurePipelines.job.accessTokenLifetimeSeconds = 0;
    expect((await ask()).status).toBe(401);
    const access = JSON.parse(
      (await exchange(await scenario.cloud.github.newIdToken('api://AzureADTokenExchange'))).body,
    );
    expect((await ask({ token: access.access_token })).status).toBe(401);
  });

  test.each<[string, (connection: ServiceConnection) => string]>([
    ['that nobody knows', () => '00000000-0000-0000-0000-00000000dead'],
    ['by its name', ({ name }) => name],
    [
      'that is not authorized',
      (known) => {
        known.authorized = false;
        return known.id;
      },
    ],
    [
      'of another scheme',
      (known) => {
        known.scheme = 'ServicePrincipal';
        return known.id;
      },
    ],
  ])('a connection %s is 404', async (_, idOf) => {
    const answer = await ask({ query: `api-version=7.1&serviceConnectionId=${idOf(connection())}` });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toHaveProperty('typeKey');
  });

  test('a connection that no task of the stage names', async () => {
    connection().referenced = false;
    const answer = await ask();
    expect(JSON.parse(answer.body)).toEqual({
      count: 1,
      value: `There is no explicit reference to service connection ${connection().id} from current stage __default.Job.__default.`,
    });
  });

  test('another job of the same pipeline is not there', async () => {
    const { requestUri, job } = scenario.cloud.azurePipelines;
    expect((await ask({ uri: requestUri.replace(job.jobId, job.planId) })).status).toBe(404);
  });

  test('an organization at its old host has the service there too', async () => {
    scenario.cloud.azurePipelines.job.collectionUri = 'https://contoso.visualstudio.com/';
    expect(decodeJwt(await idToken()).aud).toBe('fb60f99c-7a34-4190-8149-302f77469936');
  });
});

describe('System.AccessToken at Azure DevOps', () => {
  const whoAmI = (organization: string, authorization: string) =>
    curl(
      `--header 'Authorization: ${authorization}' https://dev.azure.com/${organization}/_apis/connectionData`,
    );

  test('is the build service, by Bearer and by Basic, in REST and in git', async () => {
    const { azurePipelines, azureDevOps } = scenario.cloud;
    await azureDevOps.addRepository(
      { organization: 'contoso', project: 'widgets', repository: 'app' },
      { a: 'a' },
    );
    const token = await azurePipelines.systemAccessToken();
    const { organizationId } = azurePipelines.job;
    for (const header of [`Bearer ${token}`, `Basic ${Buffer.from(`any:${token}`).toString('base64')}`]) {
      const { body } = await whoAmI('contoso', header);
      expect(JSON.parse(body)).toMatchObject({
        instanceId: organizationId,
        authenticatedUser: {
          id: decodeJwt(token).nameid,
          providerDisplayName: 'Project Collection Build Service (contoso)',
          descriptor: `Microsoft.TeamFoundation.ServiceIdentity;${organizationId}:Build:${organizationId}`,
        },
      });
    }
    const refs = await curl(
      `--header 'Authorization: Bearer ${token}' 'https://dev.azure.com/contoso/widgets/_git/app/info/refs?service=git-upload-pack'`,
    );
    expect(refs.status).toBe(200);
  });

  test('is nobody in another organization, and nobody when it has expired', async () => {
    const { azurePipelines, azureDevOps } = scenario.cloud;
    azureDevOps.addOrganization('fabrikam', []);
    expect((await whoAmI('fabrikam', `Bearer ${await azurePipelines.systemAccessToken()}`)).status).toBe(203);
    azurePipelines.job.accessTokenLifetimeSeconds = 0;
    expect((await whoAmI('contoso', `Bearer ${await azurePipelines.systemAccessToken()}`)).status).toBe(203);
  });
});
