// The small agent reads commands, keeps variables and hides secrets as the Azure Pipelines agent does.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import JSZip from 'jszip';
import { escapeCommand, parseCommand, unescapeCommand } from '../../local-cloud/agent/commands.js';
import { AgentJob, type AgentJobOptions } from '../../local-cloud/agent/job.js';
import { AgentMasker } from '../../local-cloud/agent/masker.js';
import { type PipelineOptions, runPipeline } from '../../local-cloud/agent/pipeline.js';
import { allowsCommand, allowsVariable } from '../../local-cloud/agent/restrictions.js';
import { programFor } from '../../local-cloud/agent/task-definition.js';
import { unpackVsix } from '../../local-cloud/agent/vsix.js';
import {
  type AzurePipelines,
  playAzurePipelines,
  type ServiceConnection,
} from '../../local-cloud/azure-pipelines.js';
import { createTokenIssuer } from '../../local-cloud/token-issuer.js';

const folder = mkdtempSync(join(tmpdir(), 'agent-'));
afterAll(() => rmSync(folder, { recursive: true }));

let pipelines: AzurePipelines;
const CONNECTION: ServiceConnection = {
  id: '11111111-2222-3333-4444-555555555555',
  name: 'ours',
  scheme: 'WorkloadIdentityFederation',
  issuerKind: 'entra',
  authorized: true,
  referenced: true,
  clientId: 'cccccccc-2222-3333-4444-555555555555',
  tenantId: 'dddddddd-2222-3333-4444-555555555555',
};
beforeAll(async () => {
  const keys = await createTokenIssuer('test');
  pipelines = playAzurePipelines({ own: keys, vstoken: keys, entra: keys }, 'contoso');
});

const jobs: AgentJob[] = [];
afterEach(() => {
  for (const job of jobs.splice(0)) job.remove();
});

async function newJob(options: Partial<AgentJobOptions> = {}): Promise<AgentJob> {
  pipelines.connections.splice(0, Number.POSITIVE_INFINITY, { ...CONNECTION });
  const job = await AgentJob.start({ pipelines, environment: {}, ...options });
  jobs.push(job);
  return job;
}

/** A task whose programs are these scripts. */
function taskFolder(name: string, main: string, more: object = {}, post?: string): string {
  const task = join(folder, name);
  mkdirSync(task, { recursive: true });
  writeFileSync(join(task, 'main.js'), main);
  if (post !== undefined) writeFileSync(join(task, 'post.js'), post);
  const definition = {
    name,
    version: { Major: 1, Minor: 0, Patch: 0 },
    execution: { Node20_1: { target: 'main.js' } },
    ...(post !== undefined && { postjobexecution: { Node20_1: { target: 'post.js' } } }),
    ...more,
  };
  writeFileSync(join(task, 'task.json'), JSON.stringify(definition));
  return task;
}

const PRINT_ENVIRONMENT = 'process.stdout.write(JSON.stringify(process.env))';

async function environmentOfTask(job: AgentJob, inputs = {}, options = {}): Promise<Record<string, string>> {
  const task = taskFolder('Environment', PRINT_ENVIRONMENT, {
    inputs: [
      { name: 'connection', type: 'connectedService:WorkloadIdentityUser' },
      { name: 'verify', type: 'boolean', defaultValue: true, aliases: ['check'] },
      { name: 'two words' },
    ],
  });
  return JSON.parse((await job.task(task, inputs, options)).stdout);
}

describe('logging commands', () => {
  test.each([
    ['##vso[task.debug]x', { area: 'task', event: 'debug', properties: {}, data: 'x' }],
    ['log ##vso[a.b]', { area: 'a', event: 'b', properties: {}, data: '' }],
    [
      '##vso[task.setvariable variable=a%3Bb%5D;isSecret=true;=x;empty=;flag]1%0D%0A2%AZP25%5D',
      {
        area: 'task',
        event: 'setvariable',
        properties: { variable: 'a;b]', issecret: 'true' },
        data: '1\r\n2%]',
      },
    ],
    // Nothing is trimmed, so the space belongs to the name.
    ['##vso[a.b x=1=2; y= 3]', { area: 'a', event: 'b', properties: { x: '1=2', ' y': ' 3' }, data: '' }],
  ])('%s', (line, expected) => expect(parseCommand(line)).toEqual(expected));

  test.each(['##vso[task.debug', '##vso[task]x', '##vso[ task.debug]x', '##vso[a.b.c]', '##[debug]x'])(
    '%s is none',
    (line) => expect(parseCommand(line)).toBeUndefined(),
  );

  test('whatever is escaped is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unescapeCommand(escapeCommand(text))).toBe(text);
      }),
    );
  });

  test('one that cannot be read is a warning, an unknown one an error', async () => {
    const job = await newJob();
    const unread = await job.bash('echo "##vso[nonsense"; echo "##vso[unknown.area]x"');
    expect(unread.result).toBe('Succeeded');
    expect(unread.log).toMatch(/^##\[warning\]'##vso\[nonsense' contains .*\n##vso\[nonsense\n/);
    expect(unread.issues.map(({ type }) => type)).toEqual(['warning', 'warning']);
    const unknown = await job.bash('echo "##vso[task.constructor]x"');
    expect(unknown).toMatchObject({ exitCode: 0, result: 'Failed' });
    expect(unknown.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining("Unable to process command '##vso[task.constructor]x'"),
      expect.stringContaining('is not a recognized command'),
    ]);
  });

  test('issues are kept and do not fail a step; task.complete and an exit code do', async () => {
    const job = await newJob();
    const issue = await job.bash('echo "##vso[task.logissue type=error]a%0Ab" >&2');
    expect(issue).toMatchObject({ result: 'Succeeded', issues: [{ type: 'error', message: 'a\nb' }] });
    expect(issue.log).toBe('##[error]a\nb');
    const complete =
      'echo "##vso[task.complete result=Failed]"; echo "##vso[task.complete result=Succeeded]"';
    expect(await job.bash(complete)).toMatchObject({ exitCode: 0, result: 'Failed' });
    expect(await job.bash('false; exit 3')).toMatchObject({
      exitCode: 3,
      result: 'Failed',
      log: "##[error]Bash exited with code '3'.",
    });
    const task = await job.task(taskFolder('Fails', 'process.exit(7)'), {});
    expect(task).toMatchObject({ exitCode: 7, result: 'Failed' });
    expect(task.log).toContain('##[error]Exit code 7 returned from process');
  });

  test('System.Debug shows debug lines and each processed command, masked', async () => {
    const script = `echo "##vso[task.setsecret]hush-hush"
      echo "##vso[task.setvariable variable=a]hush-hush"; echo "##vso[task.debug]d"`;
    const job = await newJob({ variables: { 'System.Debug': 'true' } });
    expect((await job.bash(script)).log.split('\n')).toEqual([
      '##[debug]Processed: ##vso[task.setsecret]***',
      '##[debug]Processed: ##vso[task.setvariable variable=a]***',
      '##[debug]d',
    ]);
    expect((await (await newJob()).bash(script)).log).toBe('');
  });
});

describe('the masker', () => {
  const secret = 'se"c\\ret v!alue';

  test('hides the encodings that the agent derives', () => {
    const masker = new AgentMasker();
    masker.add(secret);
    for (const text of [secret, 'se\\"c\\\\ret v!alue', 'se%22c%5Cret%20v%21alue']) {
      expect(masker.mask(`<${text}>`)).toBe('<***>');
    }
    masker.add("a\\\\b\\'c\\t");
    expect(masker.mask("<a\\b'c\t>")).toBe('<***>');
  });

  test('does not hide Base64', () => {
    const masker = new AgentMasker();
    masker.add(secret);
    for (const prefix of ['', 'x', 'xy', 'user:']) {
      expect(masker.hides(Buffer.from(`${prefix}${secret}`).toString('base64'))).toBe(false);
    }
  });

  test('takes a value as it is: neither its lines nor a trimmed form', () => {
    const masker = new AgentMasker();
    masker.add(' first \nsecond');
    expect(masker.hides('first second')).toBe(false);
  });

  test.each([
    ['https://user:pa%20ss;w@example.com/', 'https://user:***@example.com/'],
    ['https://user@example.com/', 'https://user@example.com/'],
    ['https://example.com:443/~user?a=b@c', 'https://example.com:443/~user?a=b@c'],
  ])('a password in a URL: %s', (text, masked) => expect(new AgentMasker().mask(text)).toBe(masked));

  test('short secrets stay readable when the pipeline says so, but none of six characters', () => {
    const masker = new AgentMasker(100);
    for (const value of ['12345', 'abcdef']) masker.add(value);
    expect(masker.mask('12345 abcdef')).toBe('12345 ***');
  });
});

describe('variables', () => {
  test('a task finds all, a script only the public ones', async () => {
    const job = await newJob({
      environment: { MACHINE: 'm' },
      variables: { 'my.public name': 'p', both: 'variable' },
      secretVariables: { 'my.secret': 'hidden-s' },
      buildReason: 'PullRequest',
      fork: true,
    });
    const env = await environmentOfTask(job, {}, { env: { both: 'env', BOTH: 'env', OWN: '$(my.secret)' } });
    expect(env).toMatchObject({
      MACHINE: 'm',
      TF_BUILD: 'True',
      MY_PUBLIC_NAME: 'p',
      SECRET_MY_SECRET: 'hidden-s',
      OWN: 'hidden-s',
      both: 'env',
      BOTH: 'variable',
      SYSTEM_COLLECTIONURI: 'https://dev.azure.com/contoso/',
      SYSTEM_OIDCREQUESTURI: pipelines.requestUri,
      AGENT_TEMPDIRECTORY: job.temp,
      BUILD_SOURCESDIRECTORY: job.workspace,
      BUILD_REASON: 'PullRequest',
      SYSTEM_PULLREQUEST_ISFORK: 'True',
      SECRET_SYSTEM_ACCESSTOKEN: job.systemAccessToken,
    });
    expect(JSON.parse(env.VSTS_SECRET_VARIABLES ?? '')).toEqual(['System.AccessToken', 'my.secret']);
    expect(JSON.parse(env.VSTS_PUBLIC_VARIABLES ?? '')).toContain('my.public name');
    const script = await job.bash('env | cut -d = -f 1', { MINE: '$(my.secret)' });
    expect(script.stdout).toMatch(/^MINE$/m);
    expect(script.stdout).toMatch(/^MY_PUBLIC_NAME$/m);
    expect(script.stdout).not.toMatch(/^(?:SECRET_|ENDPOINT_|INPUT_|VSTS_|SYSTEM_DEBUG)/m);
  });

  test('inputs have defaults, aliases and macros; the endpoints that they name are there, and no others', async () => {
    const job = await newJob({ variables: { a: '$(b)', b: '1', me: '$(me)' } });
    const without = await environmentOfTask(job);
    expect(without).toMatchObject({ INPUT_VERIFY: 'true', INPUT_CONNECTION: '' });
    expect(without[`ENDPOINT_AUTH_${CONNECTION.id}`]).toBeUndefined();
    const env = await environmentOfTask(job, {
      Check: ' false ',
      connection: CONNECTION.id.toUpperCase(),
      'two words': '$(A) $(me) $(nobody) $(HOME) $(constructor)',
    });
    expect(env).toMatchObject({
      INPUT_VERIFY: 'false',
      INPUT_TWO_WORDS: `1 $(me) $(nobody) ${job.home} $(constructor)`,
      [`ENDPOINT_AUTH_SCHEME_${CONNECTION.id}`]: 'WorkloadIdentityFederation',
      [`ENDPOINT_AUTH_PARAMETER_${CONNECTION.id}_SERVICEPRINCIPALID`]: CONNECTION.clientId,
      [`ENDPOINT_AUTH_PARAMETER_${CONNECTION.id}_TENANTID`]: CONNECTION.tenantId,
      ENDPOINT_URL_SYSTEMVSSCONNECTION: 'https://dev.azure.com/contoso/',
      ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION: 'OAuth',
      ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: job.systemAccessToken,
    });
    expect(JSON.parse(env.ENDPOINT_AUTH_SYSTEMVSSCONNECTION ?? '')).toEqual({
      scheme: 'OAuth',
      parameters: { AccessToken: job.systemAccessToken },
    });
    expect(env[`ENDPOINT_AUTH_PARAMETER_${CONNECTION.id}_IDTOKEN`]).toBeUndefined();
    // The agent takes a connection's client ID for a secret, its tenant not.
    expect(job.masker.hides(CONNECTION.clientId)).toBe(true);
    expect(job.masker.hides(CONNECTION.tenantId)).toBe(false);
  });

  test('a late-bound ID token comes with the connection', async () => {
    const job = await newJob();
    pipelines.connections[0] = { ...CONNECTION, lateBoundIdToken: true };
    const env = await environmentOfTask(job, { connection: CONNECTION.id });
    expect(env[`ENDPOINT_AUTH_PARAMETER_${CONNECTION.id}_IDTOKEN`]).toMatch(/^eyJ/);
  });

  test('what a step sets: public ones reach the environment, secret ones macros only', async () => {
    const job = await newJob();
    const set = await job.bash(`echo "##vso[task.setvariable variable=public.one]p"
      echo "##vso[task.setvariable variable=Kept;preserveCase=true]k"
      echo "##vso[task.setvariable variable=hidden;issecret=true]secret-value"`);
    expect(Object.fromEntries(set.environment)).toEqual({ PUBLIC_ONE: 'p', Kept: 'k' });
    expect(Object.fromEntries(job.environment)).toEqual({ PUBLIC_ONE: 'p', Kept: 'k' });
    const use = await job.bash('echo "$PUBLIC_ONE $Kept $HIDDEN $MAPPED $(hidden) $(date +%Y >/dev/null)"', {
      MAPPED: '$(Hidden)',
    });
    expect(use.stdout.trim()).toBe('p k  secret-value secret-value');
    expect(use.log.trim()).toBe('p k  *** ***');
  });

  test('once secret, always secret; so is what a secret is put into', async () => {
    const job = await newJob({ secretVariables: { one: 'first-value' } });
    await job.bash(`echo "##vso[task.setvariable variable=one]second-value"
      printf '##vso[task.setvariable variable=two]<$%s>\\n' '(one)'`);
    const use = await job.bash('echo "[$ONE][$TWO] $(two)"');
    expect(use).toMatchObject({ stdout: '[][] <second-value>\n', log: '[][] ***' });
  });

  test('output variables have their step before their name, and are read-only', async () => {
    const job = await newJob();
    const set = await job.bash(
      `echo "##vso[task.setvariable variable=out;isOutput=true]1"
       echo "##vso[task.setvariable variable=token;isOutput=true;issecret=true]hidden-token"`,
      {},
      { name: 'ado' },
    );
    expect(Object.fromEntries(set.outputs)).toEqual({ out: '1', token: 'hidden-token' });
    expect(set.environment.size).toBe(0);
    const use = await job.bash(
      'echo "$ADO_OUT [$ADO_TOKEN] $T"; echo "##vso[task.setvariable variable=ado.out]2"',
      {
        T: '$(ado.token)',
      },
    );
    expect(use.stdout).toContain('1 [] hidden-token\n');
    expect(use.issues).toEqual([
      { type: 'warning', message: expect.stringMatching(/readonly variable 'ado.out'/) },
    ]);
  });

  test('a name that task.json declares is an output without isOutput', async () => {
    const job = await newJob();
    const task = taskFolder('Declares', 'console.log("##vso[task.setvariable variable=token]t")', {
      outputVariables: [{ name: 'token' }],
    });
    const result = await job.task(task, {}, { name: 'ado' });
    expect(Object.fromEntries(result.outputs)).toEqual({ token: 't' });
    expect((await job.bash('echo $(ado.token) $(token)')).stdout).toBe('t\n');
  });

  test('a secret of several lines is refused', async () => {
    const job = await newJob();
    const result = await job.bash(
      'echo "##vso[task.setvariable variable=a;issecret=true]1%0A2"; echo "[$(a)]"',
    );
    expect(result.result).toBe('Failed');
    expect(result.issues.map(({ message }) => message)).toContain('Secrets cannot contain multiple lines');
  });

  test('secrets of the job are hidden from the start', async () => {
    const job = await newJob({ secretVariables: { s: 'hidden-s' } });
    const result = await job.bash('echo "$S $T"', { S: '$(s)', T: '$(System.AccessToken)' });
    expect(result.stdout).toContain(job.systemAccessToken);
    expect(result.log).toBe('*** ***');
  });

  test('task.prependpath is for later steps', async () => {
    const job = await newJob();
    await job.bash('echo "##vso[task.prependpath]/opt/tool"');
    expect((await job.bash('echo "$PATH"')).stdout).toMatch(/^\/opt\/tool:/);
  });
});

describe('restrictions', () => {
  test.each([
    [{}, 'prependpath', true],
    [{ commands: { mode: 'any' } }, 'prependpath', true],
    [{ commands: { mode: 'Restricted' } }, 'PrependPath', false],
    [{ commands: { mode: 'restricted' } }, 'setVariable', true],
    [{ commands: { mode: 'restricted' } }, 'uploadsummary', false],
  ])('%j, %s: %s', (restrictions, event, allowed) =>
    expect(allowsCommand(restrictions, event)).toBe(allowed),
  );

  test.each([
    [undefined, 'a', true],
    [[], 'a', false],
    [['OK*'], 'ok.then', true],
    [['a?c', 'x+'], 'abc', true],
    [['x+'], 'xx', false],
  ])('settable %j, %s: %s', (allowed, name, expected) =>
    expect(allowsVariable({ settableVariables: { ...(allowed && { allowed }) } }, name)).toBe(expected),
  );

  test('what task.json or the target forbids is a warning and not done', async () => {
    const job = await newJob();
    const program = `console.log("##vso[task.prependpath]/x"); console.log("##vso[task.setvariable variable=a]1");
      console.log("##vso[task.setvariable variable=b]2")`;
    const task = taskFolder('Restricted', program, {
      restrictions: { commands: { mode: 'restricted' }, settableVariables: { allowed: ['A', 'b'] } },
    });
    const result = await job.task(task, {}, { target: { settableVariables: ['b'] } });
    expect(result.result).toBe('Succeeded');
    expect(Object.fromEntries(result.environment)).toEqual({ B: '2' });
    expect(result.log).toContain(
      '##[warning]##vso[task.prependpath] is not allowed in this step due to policy restrictions.',
    );
    expect(result.log).toContain(
      "##[warning]Setting variable 'a' has been disabled by the task or build definition.",
    );
    expect((await job.bash('echo "$PATH"')).stdout).not.toContain('/x:');
  });
});

describe('post-job steps', () => {
  const POST = 'console.log(process.env.INPUT_WHO, process.env.VSTS_TASKVARIABLE_STATE)';
  const task = () =>
    taskFolder(
      'Posts',
      'console.log(`##vso[task.settaskvariable variable=state;issecret=true]of-${process.env.INPUT_WHO}`)',
      { inputs: [{ name: 'who' }] },
      POST,
    );

  test('run in reverse order with their own task variables, once', async () => {
    const job = await newJob();
    for (const who of ['first', 'second']) await job.task(task(), { who });
    const posts = await job.end();
    expect(posts.map(({ stdout }) => stdout)).toEqual(['second of-second\n', 'first of-first\n']);
    expect(posts.map(({ log }) => log)).toEqual(['second ***', 'first ***']);
    expect(await job.end()).toEqual([]);
  });

  test('run for a task that never ran', async () => {
    const job = await newJob();
    await job.addTask(task(), { who: 'skipped' });
    expect((await job.end()).map(({ stdout }) => stdout)).toEqual(['skipped undefined\n']);
  });
});

test('Node 24 runs what is for it, an older one what is for Node 20', () => {
  const both = { Node20_1: { target: '20.js' }, Node24: { target: '24.js' } };
  expect([20, 22, 24, 26].map((major) => programFor(both, major))).toEqual([
    '20.js',
    '20.js',
    '24.js',
    '24.js',
  ]);
  expect(programFor({ Node20_1: { target: '20.js' } }, 24)).toBe('20.js');
  expect(() => programFor({ PowerShell3: { target: 'x.ps1' } }, 24)).toThrow('no program for Node 24');
});

test('of a .vsix, the tasks are found that it contributes', async () => {
  const zip = new JSZip();
  const contributes = (type: string, name: string) => ({ id: name, type, properties: { name } });
  const manifest = {
    contributions: [
      contributes('ms.vss-distributed-task.task', 'One'),
      contributes('ms.vss-distributed-task.task', 'Many'),
      contributes('ms.vss-web.tab', 'Tab'),
    ],
  };
  zip.file('extension.vsomanifest', `\uFEFF${JSON.stringify(manifest)}`);
  const task = (name: string, Major: number) => JSON.stringify({ name, version: { Major } });
  zip.file('One/task.json', task('Uno', 1));
  zip.file('One/main/index.js', '1');
  zip.file('Many/ManyV2/task.json', task('Many', 2));
  zip.file('Many/ManyV3/task.json', task('Many', 3));
  zip.file('Other/task.json', task('Other', 1));
  const file = join(folder, 'test.vsix');
  writeFileSync(file, await zip.generateAsync({ type: 'nodebuffer' }));
  const unpacked = join(folder, 'unpacked');
  const tasks = await unpackVsix(file, unpacked);
  expect(Object.fromEntries(tasks)).toEqual({
    'Uno@1': join(unpacked, 'One'),
    'Many@2': join(unpacked, 'Many/ManyV2'),
    'Many@3': join(unpacked, 'Many/ManyV3'),
  });
  expect(readFileSync(join(unpacked, 'One/main/index.js'), 'utf8')).toBe('1');
});

describe('a pipeline file', () => {
  const task = () =>
    taskFolder(
      'Signs',
      `console.log('##vso[task.setvariable variable=token;isOutput=true;issecret=true]hidden-token');
       console.log(process.env.INPUT_CONNECTION); process.exitCode = Number(process.env.INPUT_CODE)`,
      {
        inputs: [
          { name: 'connection', type: 'connectedService:AzureRM' },
          { name: 'code', defaultValue: '0' },
        ],
      },
      'console.log("post")',
    );

  async function run(yaml: string, options: Partial<PipelineOptions> = {}) {
    const file = join(folder, 'pipeline.yml');
    writeFileSync(file, yaml);
    const tasks = new Map([['Signs@1', task()]]);
    const other = { ...CONNECTION, id: '99999999-2222-3333-4444-555555555555', name: 'other' };
    pipelines.connections.splice(0, Number.POSITIVE_INFINITY, { ...CONNECTION }, other);
    return runPipeline(file, { pipelines, environment: {}, tasks, ...options });
  }

  test('its connections are named in YAML, have IDs in tasks, and count as referenced', async () => {
    const { result, steps, posts, log } = await run(`
variables:
  greeting: hello
steps:
  - checkout: none
  - task: Signs@1
    name: ado
    inputs:
      connection: ours
  - bash: echo "$GREETING [$ADO_TOKEN] $TOKEN"
    env:
      TOKEN: $(ado.token)
`);
    expect(result).toBe('Succeeded');
    expect(steps.map(({ stdout }) => stdout.split('\n').at(-2))).toEqual([
      CONNECTION.id,
      'hello [] hidden-token',
    ]);
    expect(posts.map(({ stdout }) => stdout)).toEqual(['post\n']);
    expect(log).toContain('hello [] ***');
    expect(pipelines.connections.map(({ referenced }) => referenced)).toEqual([true, false]);
  });

  test('after a failure only those run that want to, and every post-job step', async () => {
    const { result, steps, posts } = await run(`
steps:
  - task: Signs@1
    inputs: { connection: ours, code: 1 }
  - task: Signs@1
    inputs: { connection: ours }
  - script: echo always
    condition: always()
  - bash: echo failed
    condition: failed()
`);
    expect(result).toBe('Failed');
    expect(steps.map(({ stdout }) => stdout.split('\n').at(-2))).toEqual([CONNECTION.id, 'always', 'failed']);
    expect(posts).toHaveLength(2);
  });

  test.each([
    [
      'an unknown connection',
      'steps: [{ task: Signs@1, inputs: { connection: theirs } }]',
      /theirs which could not/,
    ],
    ['an unknown task', 'steps: [{ task: Signs@2 }]', /Signs@2/],
    ['an unknown step', 'steps: [{ powershell: x }]', /cannot run/],
  ])('%s is an error', async (_, yaml, error) => {
    await expect(run(yaml)).rejects.toThrow(error);
  });

  test('leaves no folder behind', async () => {
    let root = '';
    await run('steps: [{ bash: pwd }]', {
      inspect: async (job) => {
        root = job.root;
        expect(readdirSync(root)).toEqual(['home', 'work']);
      },
    });
    expect(() => readdirSync(root)).toThrow('ENOENT');
  });
});
