// The played services answer as protocol and vendors say the real ones do; curl and git are the callers.
import { describe, expect, test } from '@jest/globals';
import { useCloud } from '../support/cloud.js';

const scenario = useCloud();

async function curl(args: string): Promise<{ status: string; type: string; body: string }> {
  const job = await scenario.job();
  const result = await job.shell(
    `curl --silent --show-error --write-out '\\n%{http_code} %{content_type}' ${args}`,
  );
  const lines = result.stdout.split('\n');
  const [status = '', type = ''] = (lines.pop() ?? '').split(' ');
  return { status, type, body: lines.join('\n') };
}

async function token(): Promise<string> {
  return (await scenario.action()).outputs.get('token') ?? '';
}

describe('Azure DevOps REST', () => {
  const URL = 'https://dev.azure.com/contoso/_apis/connectionData?api-version=7.1-preview';

  test('without credentials: a redirect to sign in; with Suppress: 401 and the tenant', async () => {
    expect((await curl(`'${URL}'`)).status).toBe('302');
    const suppressed = await curl(`--header 'X-TFS-FedAuthRedirect: Suppress' --include '${URL}'`);
    expect(suppressed.status).toBe('401');
    expect(suppressed.body).toContain(
      `authorization_uri=https://login.windows.net/${scenario.cloud.entra.tenant.tenantId}`,
    );
  });

  test('with a bad token: 203 and a page', async () => {
    const answer = await curl(`--header 'Authorization: Bearer nonsense' '${URL}'`);
    expect(answer).toMatchObject({ status: '203', type: 'text/html;' });
  });

  test('with a good one: who it is, by Bearer and by Basic', async () => {
    const good = await token();
    for (const header of [`Bearer ${good}`, `Basic ${Buffer.from(`any:${good}`).toString('base64')}`]) {
      const answer = await curl(`--header 'Authorization: ${header}' '${URL}'`);
      expect(answer).toMatchObject({ status: '200', type: 'application/json;' });
      expect(answer.body).toContain(`AadServicePrincipal;${scenario.cloud.entra.tenant.tenantId}`);
    }
  });

  test('a token with a changed signature is a bad token', async () => {
    const bad = (await token()).replace(/.{10}$/, 'AAAAAAAAAA');
    expect((await curl(`--header 'Authorization: Bearer ${bad}' '${URL}'`)).status).toBe('203');
  });

  test('projects, repositories and refs can be listed, at both kinds of host', async () => {
    await scenario.cloud.azureDevOps.addRepository(
      { organization: 'contoso', project: 'widgets', repository: 'app' },
      { a: 'a' },
    );
    const header = `--header 'Authorization: Bearer ${await token()}'`;
    const list = async (url: string) =>
      JSON.parse((await curl(`${header} '${url}'`)).body) as { value: { name: string }[] };
    const names = async (url: string) => (await list(url)).value.map(({ name }) => name);
    expect(await names('https://dev.azure.com/contoso/_apis/projects?api-version=7.1')).toEqual(['widgets']);
    expect(
      await names('https://dev.azure.com/contoso/widgets/_apis/git/repositories?api-version=7.1'),
    ).toEqual(['app']);
    expect(await names('https://CONTOSO.visualstudio.com/_apis/git/repositories')).toEqual(['app']);
    expect(await names('https://dev.azure.com/contoso/widgets/_apis/git/repositories/app/refs')).toEqual([
      'refs/heads/main',
    ]);
  });

  test('an expired token is a bad token', async () => {
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 1;
    const expired = await token();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await curl(`--header 'Authorization: Bearer ${expired}' '${URL}'`)).status).toBe('203');
  });
});

describe('git and Git LFS over HTTP', () => {
  const GIT = 'https://dev.azure.com/contoso/widgets/_git/app';

  test.each([
    ['an empty password', Buffer.from('contoso:').toString('base64')],
    ['an unknown password', Buffer.from('contoso:wrong').toString('base64')],
  ])('Basic with %s is 401', async (_, basic) => {
    const refs = await curl(
      `--user-agent git/2.39.5 --header 'Authorization: Basic ${basic}' '${GIT}/info/refs?service=git-upload-pack'`,
    );
    expect(refs.status).toBe('401');
    const batch = await curl(
      `--user-agent git-lfs/3.3.0 --header 'Authorization: Basic ${basic}' --data '{}' '${GIT}/info/lfs/objects/batch'`,
    );
    expect(batch.status).toBe('401');
  });

  test('a repository that is not there is TF401019', async () => {
    const answer = await curl(
      `--header 'Authorization: Bearer ${await token()}' '${GIT}/info/refs?service=git-upload-pack'`,
    );
    expect(answer.status).toBe('404');
    expect(answer.body).toContain('TF401019');
  });
});

describe('Entra and GitHub', () => {
  const assertionOf = () => scenario.cloud.github.newIdToken('api://AzureADTokenExchange');

  async function exchange(fields: Record<string, string> = {}) {
    const { application, entra } = scenario.cloud;
    const form = new URLSearchParams({
      client_id: application.clientId,
      grant_type: 'client_credentials',
      scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertionOf(),
      ...fields,
    });
    return curl(
      `--data '${form}' https://login.microsoftonline.com/${entra.tenant.tenantId}/oauth2/v2.0/token`,
    );
  }

  test.each<[string, () => Promise<Record<string, string>>, string]>([
    ['no assertion', async () => ({ client_assertion: '' }), 'AADSTS7000216'],
    ['an assertion that is no JWT', async () => ({ client_assertion: 'nonsense' }), 'AADSTS50027'],
    [
      'a changed signature',
      async () => ({ client_assertion: (await assertionOf()).replace(/.{6}$/, 'AAAAAA') }),
      'AADSTS700027',
    ],
    ['another resource', async () => ({ scope: 'https://graph.microsoft.com/.default' }), 'AADSTS1002012'],
    [
      'an application without credentials',
      async () => {
        scenario.cloud.application.federatedCredentials = [];
        return {};
      },
      'AADSTS70025',
    ],
    [
      'another issuer',
      async () => {
        for (const credential of scenario.cloud.application.federatedCredentials) credential.issuer += '/';
        return {};
      },
      'AADSTS700211',
    ],
    [
      'a subject in another letter case',
      async () => {
        scenario.cloud.github.job.subject = scenario.cloud.github.job.subject.toUpperCase();
        return {};
      },
      'AADSTS7002138',
    ],
    [
      'a disabled application',
      async () => {
        scenario.cloud.application.enabled = false;
        return {};
      },
      'AADSTS7000112',
    ],
  ])('%s is refused', async (_, fields, code) => {
    const answer = await exchange(await fields());
    expect(Number(answer.status)).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      error_codes: [Number(code.slice(6))],
      error_description: expect.stringContaining(code),
    });
  });

  test('the ID token service gives a token for the audience only to its own bearer, and publishes its keys', async () => {
    const { github } = scenario.cloud;
    expect((await curl(`'${github.requestUrl}&audience=x'`)).status).toBe('401');
    const answer = await curl(
      `--header 'Authorization: bearer ${github.requestToken}' '${github.requestUrl}&audience=x'`,
    );
    expect(answer.body).toContain('"value":"eyJ');
    expect((await curl('https://token.actions.githubusercontent.com/.well-known/jwks')).body).toContain(
      '"kid"',
    );
  });

  test('strangers are refused and written down', async () => {
    const job = await scenario.job();
    expect((await job.shell('curl --silent https://example.com/')).exitCode).not.toBe(0);
    expect((await job.shell('curl --silent --fail http://example.com/')).exitCode).not.toBe(0);
    expect(scenario.cloud.refused).toEqual(['example.com:443', 'example.com']);
  });
});
