// Scenario: what is special to Azure Pipelines: connections, ID tokens, the job's own token, variables, forks, the proxy.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { AgentJob, type AgentJobOptions, type AgentStepResult } from '../../local-cloud/agent/job.js';
import { unpackVsix } from '../../local-cloud/agent/vsix.js';
import { type LocalCloud, startLocalCloud } from '../../local-cloud/cloud.js';
import { NODE, PROJECT, taskFolder } from '../support/hosts.js';
import { leaks } from '../support/leaks.js';

type Strings = Record<string, string>;

let cloud: LocalCloud;
let jobs: AgentJob[] = [];
beforeEach(async () => {
  cloud = await startLocalCloud();
});
afterEach(async () => {
  for (const job of jobs) job.remove();
  jobs = [];
  await cloud.stop();
});

async function start(options: Partial<AgentJobOptions> = {}): Promise<AgentJob> {
  const environment = { ...cloud.networkEnvironment(), ...options.environment };
  const job = await AgentJob.start({ node: NODE, pipelines: cloud.azurePipelines, ...options, environment });
  jobs.push(job);
  return job;
}

function connection() {
  const [first] = cloud.azurePipelines.connections;
  if (first === undefined) throw new Error('the played pipeline has no connection');
  return first;
}

async function run(inputs: Strings = {}, options: Partial<AgentJobOptions> = {}) {
  const job = await start(options);
  const withConnection = { azureDevOpsServiceConnection: connection().id, ...inputs };
  return { job, result: await job.task(await taskFolder(), withConnection, { name: 'ado' }) };
}

const JOB_TOKEN = { azureDevOpsServiceConnection: '', identity: 'job-token' };

function errorOf({ issues, stdout, stderr }: AgentStepResult): string {
  const errors = issues.filter(({ type }) => type === 'error');
  if (errors.length !== 1) throw new Error(`expected one error, got ${errors.length}: ${stdout}${stderr}`);
  return errors[0]?.message ?? '';
}

const asked = () =>
  cloud.requests.map(({ method, host, url }) => `${method} ${host} ${url.pathname.split('/').at(-1)}`);
const handedOn = ({ outputs, environment }: AgentStepResult) => outputs.size + environment.size;

describe('the ordinary run', () => {
  test('three requests; the token is a secret output, the others are plain, nothing else is set (G5)', async () => {
    const { job, result } = await run();
    expect(result.issues).toEqual([]);
    expect([result.result, result.exitCode, result.stderr]).toEqual(['Succeeded', 0, '']);
    expect(asked()).toEqual([
      'POST dev.azure.com oidctoken',
      'POST login.microsoftonline.com token',
      'GET dev.azure.com connectionData',
    ]);
    expect(result.environment.size).toBe(0);
    expect(Object.fromEntries(result.outputs)).toEqual({
      token: expect.stringMatching(/^eyJ/),
      expiresOn: expect.stringMatching(/^\d{4}-.*Z$/),
      expiresIn: expect.stringMatching(/^\d+$/),
      tenantId: cloud.entra.tenant.tenantId,
      objectId: cloud.application.objectId,
      identityName: 'patless-demo',
      tokenId: expect.stringMatching(/./),
    });
    const next = await job.bash('env; echo "mapped: ${#TOKEN}"', {
      TOKEN: '$(ado.token)',
      ID: '$(ado.objectId)',
    });
    expect(next.log).toContain(`ID=${cloud.application.objectId}`);
    expect(next.stdout).toContain(`mapped: ${result.outputs.get('token')?.length}`);
    const unmapped = await job.bash('env');
    expect(unmapped.stdout).not.toContain('eyJ');
  });

  test('the bearer is masked first of all, in the Base64 forms that the agent does not know too (F18)', async () => {
    const job = await start({ ignoreSecretsShorterThan: 6 });
    const inputs = { azureDevOpsServiceConnection: connection().id, configure: 'git' };
    const result = await job.task(await taskFolder(), inputs);
    const [first] = result.commands;
    expect(first).toMatchObject({ event: 'setsecret', data: job.systemAccessToken });
    const token = job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
    for (const secret of [token, job.systemAccessToken]) {
      const encoded = ['', 'patless:', ':', 'me:'].map((user) =>
        Buffer.from(`${user}${secret}`).toString('base64'),
      );
      const forms = [secret, secret.split('.')[2] ?? '', ...encoded];
      const { log } = await job.bash(forms.map((form) => `echo "${form}"`).join('\n'));
      for (const form of forms) expect(log.includes(form.slice(20, 60))).toBe(false);
    }
  });

  test('in a debug run nothing more comes out (F9)', async () => {
    const { job, result } = await run(
      { configure: 'git', exportEnv: 'ADO_TOKEN' },
      { variables: { 'System.Debug': 'true' } },
    );
    const posts = await job.end();
    expect(result.log).toContain('##[debug]Processed: ##vso[task.setvariable variable=ADO_TOKEN;]***');
    const secrets = { bearer: job.systemAccessToken, token: result.outputs.get('token') ?? '' };
    expect(leaks(secrets, [{ name: 'log', text: job.lines.join('\n') }])).toEqual([]);
    expect(result.commands.filter(({ event }) => event === 'debug')).toEqual([]);
    expect(posts.map((post) => post.result)).toEqual(['Succeeded']);
  });

  test.each(['azureDevOpsServiceConnection', 'azureSubscription'])(
    '%s names the connection',
    async (input) => {
      const { result } = await run({ azureDevOpsServiceConnection: '', [input]: connection().id });
      expect(result.result).toBe('Succeeded');
    },
  );

  test.each(['entra', 'vstoken'] as const)('works with ID tokens of the issuer %s', async (issuerKind) => {
    connection().issuerKind = issuerKind;
    const { result } = await run();
    expect(result.issues).toEqual([]);
    const form = new URLSearchParams(cloud.requests[1]?.body.toString());
    const [, claims = ''] = (form.get('client_assertion') ?? '').split('.');
    const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string };
    expect(iss).toMatch(
      issuerKind === 'entra' ? /^https:\/\/login\.microsoftonline\.com/ : /^https:\/\/vstoken/,
    );
  });

  test('an ID token that the agent has brought along is used, and nobody is asked for one', async () => {
    connection().lateBoundIdToken = true;
    const { result } = await run();
    expect(result.result).toBe('Succeeded');
    expect(asked()).toEqual(['POST login.microsoftonline.com token', 'GET dev.azure.com connectionData']);
  });

  test('git in later steps: another project of the organization, and another organization', async () => {
    cloud.azureDevOps.addOrganization('fabrikam', [cloud.application]);
    await cloud.azureDevOps.addRepository(
      { organization: 'contoso', project: 'tools', repository: 'x' },
      { a: 'a' },
    );
    await cloud.azureDevOps.addRepository(
      { organization: 'fabrikam', project: 'p', repository: 'y' },
      { b: 'b' },
    );
    const { job } = await run({ configure: 'git' });
    await job.task(await taskFolder(), {
      azureSubscription: connection().id,
      organization: 'https://fabrikam.visualstudio.com',
      configure: 'git',
    });
    const clones = await job.bash(`set -e
      git clone https://dev.azure.com/contoso/tools/_git/x
      git clone https://dev.azure.com/fabrikam/p/_git/y`);
    expect(clones.stderr).not.toContain('fatal');
    expect(clones.result).toBe('Succeeded');
  });
});

describe('the organization', () => {
  test.each([
    'https://dev.azure.com/contoso/',
    'https://contoso.visualstudio.com/',
    'https://contoso.visualstudio.com/DefaultCollection/',
    'https://dev.azure.com/Contoso',
  ])('is the pipeline’s own when none is named: %s', async (collectionUri) => {
    const { result } = await run({}, { variables: { SYSTEM_COLLECTIONURI: collectionUri } });
    expect(result.issues).toEqual([]);
    expect(cloud.requests.at(-1)?.url.pathname).toBe('/contoso/_apis/connectionData');
  });

  test('of Azure DevOps Server is refused by name', async () => {
    const collectionUri = 'https://tfs.corp.example/tfs/DefaultCollection/';
    const { result } = await run({}, { variables: { SYSTEM_COLLECTIONURI: collectionUri } });
    expect(errorOf(result)).toContain('The agent works for https://tfs.corp.example/tfs/DefaultCollection/');
    expect(errorOf(result)).toContain('Azure DevOps Server is not supported');
    expect(cloud.requests).toEqual([]);
  });
});

describe('no ID token: each reason has words of its own', () => {
  test('the connection is not referenced in the stage', async () => {
    connection().referenced = false;
    const { result } = await run();
    expect(errorOf(result)).toContain('no task or resource of this stage names the service connection');
    expect(errorOf(result)).toContain(
      'Azure DevOps says: There is no explicit reference to service connection',
    );
    expect(handedOn(result)).toBe(0);
  });

  test('the pipeline may not use it', async () => {
    connection().authorized = false;
    const { result } = await run();
    expect(errorOf(result)).toContain('answered 404: this pipeline may not use the service connection');
    expect(errorOf(result)).toContain(connection().id);
    expect(cloud.requests).toHaveLength(1);
  });

  test('System.AccessToken has expired (B17)', async () => {
    cloud.azurePipelines.job.accessTokenLifetimeSeconds = -1;
    const { result } = await run();
    expect(errorOf(result)).toContain("answered 401: the job's System.AccessToken has expired, at 20");
    expect(cloud.requests).toHaveLength(1);
  });

  test('a variable names another address than Azure DevOps: System.AccessToken is not sent there', async () => {
    const job = await start();
    await job.bash('echo "##vso[task.setvariable variable=SYSTEM_OIDCREQUESTURI]https://evil.example/"');
    const result = await job.task(await taskFolder(), { azureDevOpsServiceConnection: connection().id });
    expect(errorOf(result)).toContain('SYSTEM_OIDCREQUESTURI does not name a host of Azure DevOps');
    expect(cloud.refused).toEqual([]);
  });
});

test('a refusal of Entra shows the subject, and says where the masked client ID is found', async () => {
  cloud.application.federatedCredentials.splice(1);
  const { result } = await run();
  expect(errorOf(result)).toContain('presented subject: /eid1/c/pub/t/');
  expect(errorOf(result)).toContain('az ad app federated-credential create --id ***');
  expect(errorOf(result)).toContain("the service connection's page has it");
  expect(errorOf(result)).toContain('api://AzureADTokenExchange');
  expect(errorOf(result)).not.toContain('`client-id`');
});

describe('the inputs', () => {
  test.each<[string, Strings, string]>([
    [
      'no connection',
      { azureDevOpsServiceConnection: '' },
      '`azureDevOpsServiceConnection` (or `azureSubscription`) is required',
    ],
    ['both connections', { azureSubscription: '11111111-2222-3333-4444-555555555555' }, 'are both given'],
    ['a lower-case variable', { exportEnv: 'TF_VAR_token' }, 'gives it to later steps as TF_VAR_TOKEN'],
    ...['BUILD_REASON', 'SYSTEM_ACCESSTOKEN', 'TF_BUILD'].map((exportEnv): [string, Strings, string] => [
      `a variable of the agent, ${exportEnv}`,
      { exportEnv },
      'belongs to the agent',
    ]),
    ['an output’s name', { exportEnv: 'TOKEN' }, 'is an output of this task'],
    [
      'an identity of another host',
      { identity: 'github-oidc' },
      '`identity` must be one of auto, azure-pipelines-oidc, job-token',
    ],
    ['an unknown tool', { configure: 'gti' }, '`configure` knows no tool "gti"'],
    ['a wrong number', { timeoutSeconds: '5' }, '`timeoutSeconds` must be a whole number from 30 to 600'],
  ])('%s: one clear sentence, and nobody is asked', async (_, inputs, sentence) => {
    const { result } = await run(inputs);
    expect(errorOf(result)).toContain('INPUT_INVALID: ');
    expect(errorOf(result)).toContain(sentence);
    expect(errorOf(result)).toContain('Correct the `inputs:` block');
    expect([result.result, result.exitCode]).toEqual(['Failed', 0]);
    expect(cloud.requests).toEqual([]);
  });

  test('a connection with a stored secret is refused by its scheme', async () => {
    connection().scheme = 'ServicePrincipal';
    const { result } = await run();
    expect(errorOf(result)).toContain(
      'with the scheme "ServicePrincipal", whose secret patless does not use',
    );
    expect(cloud.requests).toEqual([]);
  });

  test('no message names an input that the task does not have', async () => {
    const { result } = await run({
      timeoutSeconds: 'x',
      expectedObjectId: 'x',
      allowForkTrigger: 'x',
      exportEnv: '1',
    });
    for (const name of ['timeout-seconds', 'expected-object-id', 'allow-fork-trigger', 'export-env']) {
      expect(errorOf(result)).not.toContain(name);
    }
  });
});

describe('identity: job-token', () => {
  test('serves git and REST in the pipeline’s own organization, and asks nobody for a token', async () => {
    await cloud.azureDevOps.addRepository(
      { organization: 'contoso', project: 'widgets', repository: 'app' },
      { a: 'a' },
    );
    const { job, result } = await run({ ...JOB_TOKEN, configure: 'git' });
    expect(result.issues).toEqual([]);
    expect(asked()).toEqual(['GET dev.azure.com connectionData']);
    expect(result.outputs.get('token')).toBe(job.systemAccessToken);
    expect(result.outputs.get('objectId')).toBe('');
    expect(result.outputs.get('expiresOn')).toMatch(/Z$/);
    expect(result.log).toContain(
      'Uses the job\'s own token, as "Project Collection Build Service (contoso)".',
    );
    const clone = await job.bash('git clone https://dev.azure.com/contoso/widgets/_git/app');
    expect(clone.result).toBe('Succeeded');
    await job.end();
    expect((await job.bash('git -C app fetch </dev/null')).result).toBe('Failed');
  });

  test('another organization is refused before anybody is asked', async () => {
    const { result } = await run({ ...JOB_TOKEN, organization: 'fabrikam' });
    expect(errorOf(result)).toContain(
      "`organization` must be the pipeline's own, contoso, with `identity: job-token`",
    );
    expect(cloud.requests).toEqual([]);
  });

  test('a connection beside it is one too many', async () => {
    const { result } = await run({ identity: 'job-token' });
    expect(errorOf(result)).toContain(
      '`azureDevOpsServiceConnection` is not used with `identity: job-token`',
    );
  });

  test('nor one that cannot be compared, because the agent names no organization', async () => {
    const inputs = { ...JOB_TOKEN, organization: 'fabrikam', verify: 'false' };
    const { result } = await run(inputs, { variables: { SYSTEM_COLLECTIONURI: '' } });
    expect(errorOf(result)).toContain("must be the pipeline's own, which the agent does not name");
    expect(handedOn(result)).toBe(0);
  });

  test('one that has expired is refused before it is used', async () => {
    cloud.azurePipelines.job.accessTokenLifetimeSeconds = -1;
    const { result } = await run(JOB_TOKEN);
    expect(errorOf(result)).toContain('System.AccessToken has expired, at 20');
    expect(cloud.requests).toEqual([]);
  });

  test('expectedObjectId cannot be met', async () => {
    const { result } = await run({ ...JOB_TOKEN, expectedObjectId: cloud.application.objectId });
    expect(errorOf(result)).toContain('`expectedObjectId` cannot be met');
    expect(cloud.requests).toEqual([]);
  });
});

describe('variables', () => {
  test('a name that is refused is left as it is, not emptied', async () => {
    const { job, result } = await run({ exportEnv: 'BUILD_SOURCESDIRECTORY,agent_name' });
    expect(result.result).toBe('Failed');
    expect(handedOn(result)).toBe(0);
    expect((await job.bash('echo "$BUILD_SOURCESDIRECTORY"')).stdout.trim()).toBe(job.workspace);
  });

  test('a secret variable of the pipeline stays one: its new value is in $(NAME), and a failure empties it', async () => {
    const secretVariables = { ADO_PAT: 'an old stored token' };
    const { job, result } = await run({ exportEnv: 'ADO_PAT' }, { secretVariables });
    expect(result.log).toContain(
      'Note: ADO_PAT has a value; later steps find the access token in its place.',
    );
    const seen = await job.bash('echo "${ADO_PAT:-no} ${#X}"', { X: '$(ADO_PAT)' });
    expect(seen.stdout.trim()).toBe(`no ${result.outputs.get('token')?.length}`);
    connection().authorized = false;
    await job.task(await taskFolder(), { azureSubscription: connection().id, exportEnv: 'ADO_PAT' });
    expect((await job.bash('echo "left: $X"', { X: '$(ADO_PAT)' })).stdout.trim()).toBe('left:');
  });

  test('what the pipeline forbids to set, the agent refuses aloud; the task does not pass it by (G12)', async () => {
    const job = await start();
    const inputs = { azureSubscription: connection().id, configure: 'git' };
    const result = await job.task(await taskFolder(), inputs, { target: { settableVariables: ['GIT_*'] } });
    expect(result.issues.map(({ message }) => message)).toContain(
      "Setting variable 'PATLESS_TOKEN_CONTOSO' has been disabled by the task or build definition.",
    );
  });

  test('nothing in a variable looks like a macro, which the agent would expand', async () => {
    const { result } = await run({ configure: 'git' });
    for (const value of result.environment.values()) expect(value).not.toContain('$(');
  });
});

describe('a pull request from a fork', () => {
  test('is refused, with the condition that keeps such builds away', async () => {
    const { result } = await run({}, { fork: true, buildReason: 'PullRequest' });
    expect(errorOf(result)).toContain(
      'TRIGGER_UNTRUSTED: Refused to sign in: a pull request from a fork set off this build.',
    );
    expect(errorOf(result)).toContain(
      "condition: and(succeeded(), ne(variables['System.PullRequest.IsFork'], 'True'))",
    );
    expect(errorOf(result)).toContain('`allowForkTrigger: true`');
    expect(cloud.requests).toEqual([]);
  });

  test('runs when that is allowed, and one from the repository itself always', async () => {
    expect((await run({ allowForkTrigger: 'True' }, { fork: true })).result.result).toBe('Succeeded');
    expect((await run({}, { fork: false })).result.result).toBe('Succeeded');
  });
});

describe('the agent’s proxy', () => {
  const withoutOthers = { https_proxy: '', HTTPS_PROXY: '', http_proxy: '', HTTP_PROXY: '' };

  test('gets user and password, which come as a secret; both are masked in every form', async () => {
    cloud.demandProxyCredentials('corp\\me:p@ss:wörd');
    const job = await start({
      environment: withoutOthers,
      variables: {
        'Agent.ProxyUrl': cloud.networkEnvironment().HTTPS_PROXY ?? '',
        'Agent.ProxyUsername': 'corp\\me',
      },
      secretVariables: { 'Agent.ProxyPassword': 'p@ss:wörd' },
    });
    const result = await job.task(await taskFolder(), { azureSubscription: connection().id });
    expect(result.issues).toEqual([]);
    expect(cloud.requests).toHaveLength(3);
    const masked = result.commands.filter(({ event }) => event === 'setsecret').map(({ data }) => data);
    expect(masked).toContain(Buffer.from('corp\\me:p@ss:wörd').toString('base64'));
  });

  test('is left out for hosts of the bypass list', async () => {
    const job = await start({
      environment: withoutOthers,
      variables: {
        'Agent.ProxyUrl': cloud.networkEnvironment().HTTPS_PROXY ?? '',
        'Agent.ProxyBypassList': '["login\\\\.microsoftonline\\\\.com"]',
      },
      onStart: (process) => setTimeout(() => process.kill(), 3000),
    });
    const result = await job.task(await taskFolder(), { azureSubscription: connection().id });
    // There is no other way to that host here, so it is not reached.
    expect(result.log).toContain('Could not reach login.microsoftonline.com: ');
    expect(cloud.requests.map(({ host }) => host)).toEqual(['dev.azure.com']);
    expect(cloud.refused).toEqual([]);
  });
});

describe('where no extension can be installed', () => {
  interface Template {
    steps: { inputs: { inlineScript: string }; env: Strings }[];
  }
  const [step] = (parse(readFileSync('azure-pipelines/steps.yml', 'utf8')) as Template).steps;

  test('the template’s script signs in with what AzureCLI@2 tells it', async () => {
    const job = await start();
    const parameters: Strings = {
      folder: PROJECT,
      organization: '',
      configure: 'git',
      exportEnv: 'ADO_TOKEN',
    };
    const filled = Object.fromEntries(
      Object.entries(step?.env ?? {}).map(([name, value]) => [
        name,
        value.replace(
          /\$\{\{ parameters\.(\w+) \}\}/,
          (_, parameter: string) => parameters[parameter] ?? '?',
        ),
      ]),
    );
    const result = await job.bash(step?.inputs.inlineScript ?? '', {
      ...filled,
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connection().id,
      AZURESUBSCRIPTION_CLIENT_ID: cloud.application.clientId,
      AZURESUBSCRIPTION_TENANT_ID: cloud.entra.tenant.tenantId,
    });
    expect(result.issues).toEqual([]);
    expect(result.outputs.get('token')).toMatch(/^eyJ/);
    expect(job.environment.get('ADO_TOKEN')).toBe(result.outputs.get('token'));
    expect(leaks({ token: result.outputs.get('token') ?? '' }, [{ name: 'log', text: result.log }])).toEqual(
      [],
    );
  });
});

test('the package holds one task, and it is the one that these scenarios run', async () => {
  const job = await start();
  const tasks = await unpackVsix(`${PROJECT}build/patless.vsix`, job.temp);
  expect([...tasks.keys()]).toEqual(['Patless@1']);
  for (const program of ['main', 'post']) {
    const packed = readFileSync(`${tasks.get('Patless@1')}/${program}/index.js`, 'utf8');
    expect(packed).toBe(readFileSync(`dist/pipelines-${program}/index.js`, 'utf8'));
  }
});
