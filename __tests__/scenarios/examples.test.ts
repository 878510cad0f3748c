// Scenario: the workflows of examples/ run in the local cloud, as a user's repository would run them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { secretsSent } from '../../local-cloud/leak-scan.js';
import { PULL_REQUEST_GUARD } from '../../src/fork-guards.js';
import { JQ, testWith } from '../support/clients.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { exampleText, type Play, play, trust, writeFiles } from '../support/examples.js';

const scenario = useCloud();

const FEED = 'https://pkgs.dev.azure.com/contoso/_packaging/packages/npm/registry/';
const NPMRC = `@contoso:registry=${FEED}\n`;
const LIB = { name: '@contoso/lib', version: '1.0.0' };

function manifest(name: string, more: object = {}): string {
  const scripts = { test: 'node --eval "require(\'@contoso/lib\')"' };
  const dependencies = { '@contoso/lib': '1.0.0' };
  return JSON.stringify({ name, version: '1.0.0', scripts, dependencies, ...more });
}

/** A package in the feed, and the lock files of the folders that depend on it. */
async function npmProject(folders: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const { cloud } = scenario;
  cloud.feeds.addFeed('contoso', 'packages');
  const job = await scenario.job({ environment: { npm_config_audit: 'false', npm_config_fund: 'false' } });
  const files: Record<string, string> = {
    'lib/package.json': JSON.stringify(LIB),
    'lib/index.js': '',
    'lib/.npmrc': NPMRC,
  };
  for (const [folder, text] of Object.entries(folders)) {
    files[join(folder, 'package.json')] = text;
    if (!folder.startsWith('packages')) files[join(folder, '.npmrc')] = NPMRC;
  }
  writeFiles(job.workspace, files);
  await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'npm' }));
  const locked = Object.keys(folders).filter((folder) => !folder.startsWith('packages'));
  const result = await job.shell(
    `(cd lib && npm publish)\n${locked.map((folder) => `(cd '${folder}' && npm install --package-lock-only)`).join('\n')}`,
  );
  expect([result.exitCode, result.exitCode === 0 ? '' : result.stderr]).toEqual([0, '']);
  for (const folder of locked) {
    const lock = join(folder, 'package-lock.json');
    files[lock] = readFileSync(join(job.workspace, lock), 'utf8');
  }
  const project = Object.entries(files).filter(([name]) => !name.startsWith('lib/'));
  cloud.requests.length = 0;
  return Object.fromEntries(project);
}

/** @returns "METHOD path" of what was sent to a host. */
function asked(host: string, method: string): string[] {
  return scenario.cloud.requests
    .filter((request) => request.host === host && request.method === method)
    .map(({ url }) => decodeURIComponent(url.pathname));
}

const published = () => asked('pkgs.dev.azure.com', 'PUT').map((path) => path.replace(/^.*\/registry\//, ''));

/** Plays it, and holds what holds for all: it succeeds, and leaves nothing. */
async function succeeds(name: string, options: Play = {}) {
  const played = await play(scenario, name, options);
  const failed = Object.entries(played.jobs).filter(([, { conclusion }]) => conclusion === 'failure');
  expect([failed.map(([id]) => id), failed.length > 0 ? played.log : '']).toEqual([[], '']);
  expect(played.leftOver).toEqual([]);
  return played;
}

async function fails(name: string, options: Play = {}) {
  const played = await play(scenario, name, options);
  expect(Object.values(played.jobs).map(({ conclusion }) => conclusion)).toContain('failure');
  expect(played.leftOver).toEqual([]);
  return played;
}

describe('npm', () => {
  test('npm-monorepo.yml: workspaces, and a folder of its own', async () => {
    const root = { name: 'root', private: true, workspaces: ['packages/*'], scripts: {}, dependencies: {} };
    const files = await npmProject({
      '.': manifest('root', root),
      'packages/a': manifest('a'),
      tools: manifest('tools'),
    });
    const { log } = await succeeds('npm-monorepo.yml', { files });
    expect(log).toContain('skipped, not played here: actions/setup-node');
    expect(asked('patlessplay.blob.core.windows.net', 'GET')).toHaveLength(1);
    expect(log).toContain('> a@1.0.0 test');
  });

  test('long-test.yml: tokens of the beginning have expired when the package is published', async () => {
    const { cloud } = scenario;
    const soak = 'curl --fail --silent --request POST https://dev.azure.com/contoso/three-hours-later';
    const files = await npmProject({ '.': manifest('@contoso/app', { scripts: { soak } }) });
    let expired: string[] = [];
    cloud.faults.push((request) => {
      if (request.url.pathname === '/contoso/three-hours-later') {
        expired = secretsSent(cloud.requests);
        return { status: 200 };
      }
      const isOld = secretsSent([request]).some((secret) => expired.includes(secret));
      return isOld && request.host === 'pkgs.dev.azure.com' ? { status: 401 } : undefined;
    });
    await succeeds('long-test.yml', { files });
    expect(published()).toEqual(['@contoso/app']);
    const { log } = await fails('long-test.yml', {
      files,
      changes: [['patless exec --configure npm -- npm publish', 'npm publish']],
    });
    expect(log).toMatch(/E401|ENEEDAUTH/);
  });

  test('docker-build.yml: the build has the secrets, and nothing else of the job', async () => {
    const [, run = ''] = /^# {3}(RUN .*?npm ci)$/ms.exec(exampleText('docker-build.yml')) ?? [];
    const dockerfile = `FROM node:24\n${run.replaceAll('\n# ', '\n')}\n`;
    const files = { ...(await npmProject({ '.': manifest('app') })), Dockerfile: dockerfile };
    const { log } = await succeeds('docker-build.yml', { files });
    expect(log).toContain('stand-in: docker build --tag app');
    expect(asked('patlessplay.blob.core.windows.net', 'GET')).toHaveLength(1);
    await fails('docker-build.yml', { files, changes: [['--secret id=npmrc', '--label id=other']] });
    // The page on tools tells the same.
    expect(readFileSync('docs/TOOLS.md', 'utf8').replaceAll(/\s+/g, ' ')).toContain(
      run.replaceAll('\n#', '').replaceAll(/\s+/g, ' '),
    );
  });

  test('reusable-workflow.yml: the subject is the caller’s, and the caller grants the ID token', async () => {
    const files = await npmProject({ '.': manifest('@contoso/app') });
    const { jobs } = await succeeds('reusable-workflow-caller.yml', { files });
    expect(Object.keys(jobs)).toEqual(['release', 'release / test', 'release / publish']);
    expect(asked('login.microsoftonline.com', 'POST')).toHaveLength(2);
    expect(published()).toEqual(['@contoso/app']);

    const changes = [['id-token: write # for their ID tokens', '']] as const;
    await expect(play(scenario, 'reusable-workflow-caller.yml', { files, changes })).rejects.toThrow(
      "is only allowed 'id-token: none'",
    );
    trust(scenario.cloud.application, 'ref:refs/heads/shared');
    const { log } = await fails('reusable-workflow-caller.yml', { files });
    expect(log).toContain('AADSTS700213');
  });
});

describe('pull requests', () => {
  const pullRequest = (headId: number) => ({
    name: 'pull_request',
    payload: { pull_request: { head: { repo: { id: headId } } }, repository: { id: 1 } },
  });
  const projectWith = (folder: string) =>
    npmProject({ [folder]: manifest('tested'), lib2: manifest('other') });

  test('fork-pull-requests.yml: a fork’s has the first job only, one of the repository both', async () => {
    const files = {
      ...(await projectWith('integration')),
      'package.json': JSON.stringify({ scripts: { test: 'echo unit' } }),
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': {} } }),
    };
    trust(scenario.cloud.application, 'pull_request');
    const fork = await succeeds('fork-pull-requests.yml', { files, event: pullRequest(2) });
    expect([fork.jobs.unit?.conclusion, fork.jobs.integration?.conclusion]).toEqual(['success', 'skipped']);
    expect(scenario.cloud.requests).toEqual([]);
    const own = await succeeds('fork-pull-requests.yml', { files, event: pullRequest(1) });
    expect(own.jobs.integration?.conclusion).toBe('success');
    expect(asked('patlessplay.blob.core.windows.net', 'GET')).toHaveLength(1);
  });

  test('reader-and-publisher.yml: a pull request reads; only the environment publishes', async () => {
    const { cloud } = scenario;
    const files = await npmProject({ '.': manifest('@contoso/app') });
    const publisher = {
      ...cloud.application,
      clientId: 'bbbbbbbb-0000-4000-8000-000000000001',
      objectId: 'bbbbbbbb-0000-4000-8000-000000000002',
      displayName: 'publisher',
    };
    cloud.entra.tenant.applications.push(publisher);
    cloud.azureDevOps.organizations.get('contoso')?.members.push(publisher);
    trust(cloud.application, 'pull_request', 'ref:refs/heads/main');
    trust(publisher, 'environment:packages');
    const variables = {
      READER_CLIENT_ID: cloud.application.clientId,
      PUBLISHER_CLIENT_ID: publisher.clientId,
    };
    const proposed = await succeeds('reader-and-publisher.yml', {
      files,
      variables,
      event: pullRequest(1),
    });
    expect([proposed.jobs.test?.conclusion, proposed.jobs.publish?.conclusion]).toEqual([
      'success',
      'skipped',
    ]);
    const pushed = await succeeds('reader-and-publisher.yml', { files, variables });
    expect([pushed.jobs.publish?.conclusion, published()]).toEqual(['success', ['@contoso/app']]);
    const around = await fails('reader-and-publisher.yml', {
      files,
      variables,
      changes: [['    environment: packages\n', '']],
    });
    expect([around.jobs.test?.conclusion, around.log]).toEqual([
      'success',
      expect.stringContaining('AADSTS700213'),
    ]);
  });

  test('the condition is the one that patless prints', () => {
    for (const name of ['fork-pull-requests.yml', 'reader-and-publisher.yml']) {
      expect(exampleText(name)).toContain(`    ${PULL_REQUEST_GUARD}\n`);
    }
  });
});

describe('git', () => {
  const address = (repository: string) => ({ organization: 'contoso', project: 'widgets', repository });

  test('submodules.yml: over https and from addresses for SSH', async () => {
    const urls = {
      one: 'https://contoso@dev.azure.com/contoso/widgets/_git/one',
      two: 'git@ssh.dev.azure.com:v3/contoso/widgets/two',
    };
    const modules: string[] = [];
    const commits: string[] = [];
    const job = await scenario.job();
    await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git' }));
    for (const [name, url] of Object.entries(urls)) {
      await scenario.cloud.azureDevOps.addRepository(address(name), { [`${name}.txt`]: '' });
      const { stdout } = await job.shell(
        `git ls-remote https://dev.azure.com/contoso/widgets/_git/${name} HEAD`,
      );
      modules.push(`[submodule "${name}"]\n\tpath = libs/${name}\n\turl = ${url}\n`);
      commits.push(`git update-index --add --cacheinfo 160000,${stdout.split('\t')[0]},libs/${name}`);
    }
    const { log } = await succeeds('submodules.yml', {
      files: { '.gitmodules': modules.join('') },
      git: `${commits.join('\n')}\ngit commit --quiet --message 'Add submodules'`,
    });
    expect(log).toMatch(/one\.txt[\s\S]*two\.txt/);
  });

  test('mirror.yml: all branches and tags, and what is gone goes there too', async () => {
    const { azureDevOps } = scenario.cloud;
    await azureDevOps.addRepository(address('mirror'), { 'old.txt': '' });
    const git = 'git commit --quiet --allow-empty --message Second && git tag v1';
    await succeeds('mirror.yml', { git: `${git} && git branch fix/one && git branch two` });
    await succeeds('mirror.yml', { git: `${git} && git branch fix/one` });
    const job = await scenario.job();
    await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git' }));
    const { stdout } = await job.shell(
      'git ls-remote https://dev.azure.com/contoso/widgets/_git/mirror "refs/*"',
    );
    expect([...stdout.matchAll(/\trefs\/(.*)$/gm)].map(([, ref]) => ref)).toEqual([
      'heads/fix/one',
      'heads/main',
      'tags/v1',
    ]);
    expect(await azureDevOps.log(address('mirror'))).toEqual(['Second', 'Begin']);
  });
});

describe('REST', () => {
  const changes = [['sleep 20', 'sleep 0.1']] as const;

  testWith(JQ, 'start-pipeline.yml: waits for the end, and fails when the run does', async () => {
    const { rest } = scenario.cloud.azureDevOps;
    const { log } = await succeeds('start-pipeline.yml', { changes });
    expect(log).toContain('/_build/results?buildId=1001\nResult: succeeded');
    expect(rest.runs).toEqual([{ id: 1001, asked: 2 }]);
    rest.pipelineResult = 'failed';
    expect((await fails('start-pipeline.yml', { changes })).log).toContain('Result: failed');
  });

  testWith(
    JQ,
    'start-pipeline.yml: a run that outlives a token, and a pipeline that is not there',
    async () => {
      scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3;
      await succeeds('start-pipeline.yml', { changes: [['sleep 20', 'sleep 4']] });
      expect(asked('login.microsoftonline.com', 'POST')).toHaveLength(4);
      await fails('start-pipeline.yml', {
        changes: [...changes, ['_apis/pipelines/12', '_apis/pipeline/12']],
      });
      expect(scenario.cloud.azureDevOps.rest.runs).toHaveLength(1);
    },
  );

  testWith(JQ, 'work-items.yml: those in one state, and no others', async () => {
    const { workItems } = scenario.cloud.azureDevOps.rest;
    for (const [id, state] of [
      [7, 'Resolved'],
      [8, 'Active'],
      [9, 'Resolved'],
    ] as const) {
      workItems.set(id, { 'System.State': state });
    }
    const { log } = await succeeds('work-items.yml');
    expect(log).toContain('Closed: 7\nClosed: 9');
    const run = 'https://github.com/contoso/widgets/actions/runs/17012345678';
    const closed = { 'System.State': 'Closed', 'System.History': `Deployed by ${run}` };
    expect(Object.fromEntries(workItems)).toEqual({ 7: closed, 8: { 'System.State': 'Active' }, 9: closed });
    await fails('work-items.yml', { changes: [['/wiql?', '/wiqls?']] });
  });
});

describe('with a stand-in for the real client', () => {
  test('nuget.yml: restore and push, by what the credential provider would take', async () => {
    scenario.cloud.feeds.addFeed('contoso', 'packages');
    const url = 'https://pkgs.dev.azure.com/contoso/_packaging/packages/nuget/v3/index.json';
    const config = `<configuration><packageSources>\n<add key="contoso" value="${url}" />\n</packageSources></configuration>`;
    const { log } = await succeeds('nuget.yml', { files: { 'nuget.config': config } });
    expect([...log.matchAll(/^stand-in: dotnet (\w+)/gm)].map(([, command]) => command)).toEqual([
      'tool',
      'restore',
      'pack',
      'nuget',
    ]);
    const feed = '/contoso/_packaging/packages/nuget';
    expect(asked('pkgs.dev.azure.com', 'GET')).toEqual([`${feed}/v3/index.json`]);
    expect(asked('pkgs.dev.azure.com', 'PUT')).toEqual([`${feed}/v2/`]);
    await fails('nuget.yml', {
      files: { 'nuget.config': config },
      changes: [['configure: nuget', 'configure: git']],
    });
  });

  test('terraform.yml: the environment’s identity applies', async () => {
    trust(scenario.cloud.application, 'environment:azure-devops');
    const { log } = await succeeds('terraform.yml');
    expect(log).toContain('skipped, not played here: hashicorp/setup-terraform');
    expect(asked('dev.azure.com', 'GET')).toContain('/contoso/_apis/projects');
    expect(
      (await fails('terraform.yml', { changes: [['    environment: azure-devops\n', '']] })).log,
    ).toContain('AADSTS700213');
  });

  test('marketplace.yml: a member of the publisher publishes, with a token that no install script could see', async () => {
    const { marketplace, application } = scenario.cloud;
    trust(application, 'environment:marketplace');
    const files = {
      'package.json': JSON.stringify({
        name: 'extension',
        version: '1.0.0',
        scripts: { prepare: 'test -z "$VSCE_PAT"' },
        devDependencies: { '@vscode/vsce': 'file:vsce' },
      }),
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { name: 'extension', version: '1.0.0', devDependencies: { '@vscode/vsce': 'file:vsce' } },
          'node_modules/@vscode/vsce': { resolved: 'vsce', link: true },
          vsce: { name: '@vscode/vsce', version: '1.0.0', dev: true, bin: { vsce: 'vsce' } },
        },
      }),
      'vsce/package.json': JSON.stringify({ name: '@vscode/vsce', version: '1.0.0', bin: { vsce: 'vsce' } }),
      'vsce/vsce': readFileSync('__tests__/support/stand-ins/vsce', 'utf8'),
    };
    await fails('marketplace.yml', { files });
    marketplace.members.push(application.objectId);
    const { log } = await succeeds('marketplace.yml', { files });
    expect(log).toContain('stand-in: vsce publish');
    expect(marketplace.published).toHaveLength(1);
  });
});
