// Scenario: what later steps get (export-env, outputs), what post takes back, and what crosses to another job.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from '../../local-cloud/runner/workflow.js';
import { errorOf, exportedNothing, NODE, PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS } from '../support/hosts.js';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  describe('export-env', () => {
    test('later steps find the token under the names asked for, until post (F20)', async () => {
      const job = await scenario.job();
      const result = await job.action(
        PROJECT,
        scenario.inputs({ 'export-env': 'AZURE_DEVOPS_EXT_PAT,\nADO_TOKEN' }),
      );
      expect([...result.environment.keys()]).toEqual(['AZURE_DEVOPS_EXT_PAT', 'ADO_TOKEN']);
      const step = await job.shell('set -x; test -n "$AZURE_DEVOPS_EXT_PAT" && echo "$ADO_TOKEN"');
      expect(step.exitCode).toBe(0);
      expect(step.log.split('\n').sort()).toEqual(['***', '+ echo ***', '+ test -n ***']);
      await job.end();
      expect((await job.shell('test -z "$AZURE_DEVOPS_EXT_PAT$ADO_TOKEN"')).exitCode).toBe(0);
    });

    test('a variable that held a secret before is emptied, not given back', async () => {
      const job = await scenario.job({ environment: { VSCE_PAT: 'an old stored token' } });
      const result = await job.action(PROJECT, scenario.inputs({ 'export-env': 'VSCE_PAT' }));
      expect([...result.state.values()].join()).not.toContain('an old stored token');
      await job.end();
      expect(job.environment.get('VSCE_PAT')).toBe('');
    });
  });

  describe('post', () => {
    test('does nothing and says nothing after a main that failed (I3)', async () => {
      const job = await scenario.job();
      await job.action(PROJECT, { 'client-id': 'wrong' });
      const [post] = await job.end();
      expect(post).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    });

    test('makes no request, and its state holds no secret (G9)', async () => {
      const job = await scenario.job();
      const main = await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git' }));
      const token = main.outputs.get('token') ?? '';
      expect([...main.state.values()].join()).not.toContain(token.slice(-40));
      const before = scenario.cloud.requests.length;
      const first = await job.end();
      expect(first.map(({ exitCode }) => exitCode)).toEqual([0]);
      expect(scenario.cloud.requests).toHaveLength(before);
    });
  });

  describe('two calls in one job', () => {
    const inputs = { organization: 'contoso', configure: 'git', 'export-env': 'TOKEN_A' };

    test('both posts together leave the job without a token and git as it was (I12)', async () => {
      const job = await scenario.job();
      for (const _ of [1, 2]) expect((await job.action(PROJECT, scenario.inputs(inputs))).exitCode).toBe(0);
      expect((await job.end()).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect([...job.environment.values()].filter((value) => value.includes('eyJ'))).toEqual([]);
      expect(
        (await job.shell('test -z "$TOKEN_A" && git config --list | (grep -c dev.azure.com || true)')).log,
      ).toBe('0');
    });

    test('when the second fails, the variable it was to set is empty (I13)', async () => {
      const job = await scenario.job();
      await job.action(PROJECT, scenario.inputs(inputs));
      const failed = await job.action(PROJECT, scenario.inputs({ ...inputs, organization: 'stranger' }));
      expect(failed.exitCode).toBe(1);
      expect((await job.shell('test -z "$TOKEN_A"')).exitCode).toBe(0);
    });
  });

  test.each([
    ['HOME', ''],
    ['HOME', '/nowhere'],
    ['RUNNER_TEMP', ''],
  ])('%s=%j makes no difference: there is nothing to write there (I10, I11)', async (name, value) => {
    const job = await scenario.job({ environment: { [name]: value } });
    const main = await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git' }));
    expect(main.exitCode).toBe(0);
    expect((await job.end()).map(({ exitCode }) => exitCode)).toEqual([0]);
  });
});

const scenario = useCloud();

describe('post of GitHub Actions', () => {
  test.each([
    ['not JSON'],
    ['{}'],
    ['[{"variable":"A=B","before":"x"},{"variable":1},{"variable":"C"},null]'],
  ])('with the state %s it leaves everything alone and stays green (I6)', async (state) => {
    const job = await scenario.job({ environment: { STATE_receipts: state } });
    await job.action(PROJECT, { 'client-id': 'wrong' });
    const [post] = await job.end();
    expect(post?.exitCode).toBe(0);
    expect(post?.environment.size).toBe(0);
  });

  test('is green when the runner gives it no file to write to (I4)', async () => {
    const job = await scenario.job();
    await job.action(PROJECT, scenario.inputs({ 'export-env': 'TOKEN_A' }));
    const broken = join(job.root, 'gone');
    const post = await job.shell(
      `GITHUB_ENV=${broken} STATE_receipts='[{"variable":"TOKEN_A","before":""}]' "${NODE}" ${PROJECT}dist/github-post/index.js`,
    );
    expect(post.exitCode).toBe(0);
    expect(post.log).toContain('Warning: patless could not clean up after itself');
  });
});

describe('a runner whose files cannot be written (G2)', () => {
  test.each(['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STATE'])(
    '%s missing: clear error, nothing printed instead',
    async (name) => {
      const job = await scenario.job();
      const inputs = scenario.inputs({ 'export-env': 'TOKEN_A' });
      const variables = Object.entries(inputs).map(([key, value]) => `INPUT_${key.toUpperCase()}=${value}`);
      const script = `env ${name}= ${variables.map((pair) => `'${pair}'`).join(' ')} "${NODE}" ${PROJECT}dist/github-main/index.js`;
      const result = await job.shell(script);
      expect(errorOf(result)).toContain(
        `HOST_UNUSABLE: The runner's ${name} does not name a file that can be written.`,
      );
      expect(exportedNothing(result)).toBe(true);
      expect(result.stdout).not.toMatch(/::set-(env|output)/);
    },
  );

  test.each(['a folder', 'a symbolic link'])('GITHUB_OUTPUT is %s: refused', async (kind) => {
    const job = await scenario.job();
    const path = join(job.root, 'odd');
    const target = join(job.root, 'target');
    writeFileSync(target, '');
    if (kind === 'a folder') mkdirSync(path);
    else symlinkSync(target, path);
    const variables = Object.entries(scenario.inputs()).map(
      ([key, value]) => `'INPUT_${key.toUpperCase()}=${value}'`,
    );
    const result = await job.shell(
      `env GITHUB_OUTPUT=${path} ${variables.join(' ')} "${NODE}" ${PROJECT}dist/github-main/index.js`,
    );
    expect(errorOf(result)).toContain('HOST_UNUSABLE');
    expect(readFileSync(target, 'utf8')).toBe('');
  });
});

describe('an error that nobody awaits (F12)', () => {
  async function runWithStray(statement: string) {
    scenario.cloud.faults.push(({ host }) => (host === 'login.microsoftonline.com' ? 'handled' : undefined));
    const stray = `setTimeout(()=>{${statement}},1500)`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(stray)}`;
    return scenario.action({ 'export-env': 'A' }, { environment: { NODE_OPTIONS } });
  }

  test.each([
    [`throw new Error('x\\n::set-env name=PATH::y\\n##[add-mask]z')`, 'x : :set-env'],
    [`Promise.reject(new Error('in vain'))`, 'in vain'],
    ['throw undefined', 'something threw nothing'],
    ['throw Object.create(null)', 'the error cannot be shown'],
  ])('%s ends the run with one annotation, and nothing is exported', async (statement, shown) => {
    const result = await runWithStray(statement);
    expect(result.exitCode).toBe(1);
    expect(errorOf(result)).toContain(`UNEXPECTED: patless failed in a way it should not: ${shown}`);
    expect(result.stderr).toBe('');
    const commands = result.commands.map(({ name }) => name).filter((name) => name !== 'add-mask');
    expect(commands).toEqual(['error']);
    expect(exportedNothing(result)).toBe(true);
  });
});

test('a failure that cannot even be told still fails the step', async () => {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent('String.prototype.slice=()=>{throw 1};Array.prototype.join=()=>{throw 2}')}`;
  const result = await scenario.action({ 'client-id': 'x' }, { environment: { NODE_OPTIONS } });
  expect(result.exitCode).toBe(1);
});

test('a disk that is full in the middle of a write leaves no token in force (G2)', async () => {
  const job = await scenario.job();
  const inputs = scenario.inputs({ organization: 'contoso', configure: 'git', 'export-env': 'TOKEN_A' });
  const variables = Object.entries(inputs).map(([key, value]) => `'INPUT_${key.toUpperCase()}=${value}'`);
  // Beyond two KiB a write fails, half-way through a record.
  const result = await job.shell(
    `trap '' XFSZ; ulimit -f 2; env ${variables.join(' ')} "${NODE}" ${PROJECT}dist/github-main/index.js`,
  );
  expect(result.exitCode).toBe(1);
  expect(errorOf(result)).toMatch(/EFBIG|ENOSPC/);
  expect(exportedNothing(result)).toBe(true);
});

test('ACTIONS_ALLOW_UNSECURE_COMMANDS changes nothing (G11)', async () => {
  const environment = { ACTIONS_ALLOW_UNSECURE_COMMANDS: 'true' };
  const result = await scenario.action({ 'export-env': 'TOKEN_A' }, { environment });
  expect(result.environment.get('TOKEN_A')).toBe(result.outputs.get('token'));
  expect(new Set(result.commands.map(({ name }) => name))).toEqual(new Set(['add-mask']));
});

describe('two jobs', () => {
  async function run(yaml: string) {
    const file = join((await scenario.job()).root, 'workflow.yml');
    writeFileSync(file, yaml);
    return runWorkflow(file, {
      node: NODE,
      actionFolder: PROJECT,
      environment: scenario.cloud.networkEnvironment(),
      identity: scenario.cloud.identityEnvironment(),
      variables: {
        CLIENT: scenario.cloud.application.clientId,
        TENANT: scenario.cloud.entra.tenant.tenantId,
      },
    });
  }
  const signIn = `{ id: ado, uses: ./, with: { client-id: '\${{ vars.CLIENT }}', tenant-id: '\${{ vars.TENANT }}' } }`;

  test('the host drops the token as a job output, other outputs pass (G6)', async () => {
    const runs = await run(`
permissions: { id-token: write }
jobs:
  first:
    outputs:
      token: \${{ steps.ado.outputs.token }}
      object-id: \${{ steps.ado.outputs.object-id }}
    steps: [${signIn}]
  second:
    needs: first
    steps:
      - env: { TOKEN: '\${{ needs.first.outputs.token }}', ID: '\${{ needs.first.outputs.object-id }}' }
        run: test -z "$TOKEN" && test -n "$ID"
`);
    expect(runs.first?.outputs).toEqual({ 'object-id': scenario.cloud.application.objectId });
    expect(runs.first?.log).toContain("Skip output 'token' since it may contain secret.");
    expect(runs.second?.conclusion).toBe('success');
  });

  test('what a step exports outranks the env of its job, as on GitHub; its own env outranks both', async () => {
    const runs = await run(`
jobs:
  only:
    env: { A: from the job, B: from the job }
    steps:
      - run: echo 'A=exported' >> "$GITHUB_ENV"
      - run: test "$A/$B" = 'exported/from the job'
      - { env: { A: own }, run: test "$A" = own }
`);
    expect(runs.only?.conclusion).toBe('success');
  });

  test('so each job calls the action; a job without the permission is told so', async () => {
    const runs = await run(`
jobs:
  first: { permissions: { id-token: write }, steps: [${signIn}] }
  second: { needs: first, permissions: { contents: read }, steps: [${signIn}] }
`);
    expect([runs.first?.conclusion, runs.second?.conclusion]).toEqual(['success', 'failure']);
    expect(runs.second?.log).toContain('permissions: id-token: write');
  });
});
