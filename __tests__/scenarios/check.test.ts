// Scenario: a preflight tells what an identity may do with repositories and feeds, and the tools then find it so.
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PlayedFeed } from '../../local-cloud/feeds/feeds.js';
import { NODE, PROJECT, useCloud } from '../support/cloud.js';

const scenario = useCloud();
const APP = { organization: 'contoso', project: 'widgets', repository: 'app' };
const REPOSITORY = 'https://dev.azure.com/contoso/widgets/_git/app';
const FEED = 'https://pkgs.dev.azure.com/contoso/widgets/_packaging/tools/npm/registry/';
const ORGANIZATION_FEED = 'https://pkgs.dev.azure.com/contoso/_packaging/shared/nuget/v3/index.json';

let tools: PlayedFeed;

beforeEach(async () => {
  await scenario.cloud.azureDevOps.addRepository(APP, { 'README.md': '# app\n' });
  tools = scenario.cloud.feeds.addFeed('contoso', 'tools', 'widgets');
  scenario.cloud.feeds.addFeed('contoso', 'shared');
});

/** A job that nobody has set up, as its ID token lets it. */
async function check(options: string) {
  const job = await scenario.job();
  const { clientId } = scenario.cloud.application;
  const program = `'${NODE}' '${join(PROJECT, 'dist/cli/index.js')}'`;
  const result = await job.shell(`${program} check --client-id ${clientId} ${options} || echo "exit $?"`);
  const exit = /exit (\d+)\n$/.exec(result.stdout)?.[1] ?? '0';
  return { ...result, exit: Number(exit), table: result.stdout.replace(/exit \d+\n$/, '') };
}

test('everything is allowed: a line each, exit code 0', async () => {
  const { exit, table, stderr } = await check(
    `--read ${REPOSITORY} --write ${REPOSITORY} --read ${FEED} --write ${FEED} --write ${ORGANIZATION_FEED}`,
  );
  expect(table.split('\n')).toEqual([
    `contoso: signed in as patless-demo (object ID ${scenario.cloud.application.objectId})`,
    '',
    'allowed  read   git   widgets/app',
    'allowed  read   feed  widgets/tools',
    'allowed  write  git   widgets/app',
    'allowed  write  feed  widgets/tools',
    'allowed  write  feed  shared',
    '',
    '5 of 5 allowed.',
    '',
  ]);
  expect([exit, stderr.replace(/^::add-mask::.*\n/gm, '')]).toEqual([0, '']);
});

test('nothing but questions is asked', async () => {
  await check(`--write ${REPOSITORY} --write ${FEED}`);
  const asked = scenario.cloud.requests.filter(({ host }) => /^(?:feeds\.)?dev\.azure\.com$/.test(host));
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
});

describe('a repository', () => {
  test('may be read and not pushed to: the permission, where to grant it, and git says the same', async () => {
    scenario.cloud.azureDevOps.rights.deny(APP, 'write');
    const { exit, table } = await check(`--read ${REPOSITORY} --write ${REPOSITORY}`);
    expect(exit).toBe(1);
    expect(table).toContain('allowed  read   git   widgets/app\n');
    expect(table).toContain('missing  write  git   widgets/app\n         Missing: Contribute\n');
    expect(table).toMatch(
      /https:\/\/dev\.azure\.com\/contoso\/widgets\/_settings\/repositories\?repo=[0-9a-f-]{36}&_a=permissionsMid\n/,
    );
    expect(table).toContain('1 of 2 allowed.');
    expect(await git(`git clone -q ${REPOSITORY} && cd app && git push origin HEAD:refs/heads/b`)).toContain(
      'The requested URL returned error: 403',
    );
  });

  test('may not be read: it says what else that can mean', async () => {
    scenario.cloud.azureDevOps.rights.deny(APP, 'read');
    const { exit, table } = await check(`--write ${REPOSITORY}`);
    expect(exit).toBe(1);
    expect(table).toContain(
      'Missing: Read (or there is no such repository, or the access level is Stakeholder)',
    );
    expect(await git(`git clone ${REPOSITORY}`)).toContain('not found');
  });

  test('of a project that the identity is not in: the page of the project', async () => {
    const { exit, table } = await check('--read https://dev.azure.com/contoso/Other%20Project/_git/app');
    expect(exit).toBe(1);
    expect(table).toContain('Missing: membership in the project (or there is no such project)');
    expect(table).toContain('https://dev.azure.com/contoso/Other%20Project/_settings/permissions');
  });

  async function git(script: string): Promise<string> {
    const job = await scenario.job();
    await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git' }));
    const { stdout, stderr, exitCode } = await job.shell(script);
    expect(exitCode).not.toBe(0);
    return stdout + stderr;
  }
});

describe('a feed', () => {
  test('may be read and not published to: the role, where to grant it, and npm says the same', async () => {
    tools.role = 'reader';
    const { exit, table } = await check(`--read ${FEED} --write ${FEED}`);
    expect(exit).toBe(1);
    expect(table).toContain('allowed  read   feed  widgets/tools\n');
    expect(table).toContain('Missing: Feed Publisher (Contributor)\n');
    expect(table).toContain('https://dev.azure.com/contoso/widgets/_artifacts/feed/tools\n');

    const job = await scenario.job();
    await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'npm' }));
    const publish = await job.shell(
      `echo '{"name":"a","version":"1.0.0"}' > package.json; npm publish --registry ${FEED} || true`,
    );
    expect(publish.stderr).toContain('403 Forbidden');
  });

  test('may not be read', async () => {
    tools.role = 'none';
    const { exit, table } = await check(`--read ${FEED} --read ${ORGANIZATION_FEED}`);
    expect(exit).toBe(1);
    expect(table).toContain('Missing: Feed Reader (or there is no such feed)');
    expect(table).toContain('allowed  read   feed  shared');
  });

  test('of the organization is not that of a project with the same name', async () => {
    const { exit } = await check('--read https://pkgs.dev.azure.com/contoso/_packaging/tools/npm/registry/');
    expect(exit).toBe(1);
  });

  test('lists are asked for once, however many feeds are named', async () => {
    await check(
      `--read ${FEED} --read ${FEED.replace('tools', 'other')} --read ${FEED.replace('npm', 'pypi')}`,
    );
    const lists = scenario.cloud.requests.filter(({ host }) => host === 'feeds.dev.azure.com');
    expect(lists).toHaveLength(1);
  });
});

test('--json tells programs the same', async () => {
  scenario.cloud.azureDevOps.rights.deny(APP, 'write');
  const { exit, table } = await check(
    `--json --read ${FEED} --write ${REPOSITORY.replace('//', '//somebody@')}`,
  );
  expect(exit).toBe(1);
  expect(JSON.parse(table)).toEqual({
    organization: 'contoso',
    identity: {
      name: 'patless-demo',
      'object-id': scenario.cloud.application.objectId,
      'token-id': expect.stringMatching(/^[\w-]{10,}$/),
    },
    checks: [
      {
        address: FEED,
        kind: 'feed',
        access: 'read',
        result: 'allowed',
        missing: null,
        grant: null,
        page: null,
        reason: null,
      },
      {
        address: REPOSITORY,
        kind: 'git',
        access: 'write',
        result: 'missing',
        missing: 'Contribute',
        grant: expect.stringContaining('"Contribute"'),
        page: expect.stringMatching(/^https:\/\/dev\.azure\.com\/contoso\/widgets\/_settings\//),
        reason: null,
      },
    ],
  });
});

test('what the server cannot tell is neither allowed nor missing; its text does no harm, and the others are told', async () => {
  scenario.cloud.faults.push(({ host }) =>
    host === 'feeds.dev.azure.com'
      ? { status: 418, body: JSON.stringify({ message: '::error::x\n##vso[task.complete]y \u001b[31m' }) }
      : undefined,
  );
  const { exit, table } = await check(`--read ${FEED} --read ${REPOSITORY}`);
  expect(exit).toBe(1);
  expect(table).toContain('unknown  read   feed  widgets/tools\n         feeds.dev.azure.com answered 418.');
  expect(table).toContain('allowed  read   git   widgets/app\n');
  expect(table).toContain('1 of 2 allowed.');
  expect(table).not.toMatch(/^::|##vso|\p{Cc}(?<!\n)/mu);
});

test('without an address: whether the organization takes the identity', async () => {
  const { exit, table } = await check('--organization contoso');
  expect([exit, table]).toEqual([0, expect.stringMatching(/^contoso: signed in as patless-demo .*\n$/)]);
  scenario.cloud.azureDevOps.organizations.get('contoso')?.members.pop();
  const refused = await check('--organization contoso');
  expect([refused.exit, refused.table]).toEqual([1, '']);
  expect(refused.stderr).toContain('ORGANIZATION_REFUSED');
});

test('the token is in no output', async () => {
  const { log, stdout, stderr } = await check(`--json --read ${REPOSITORY}`);
  expect(stdout).not.toMatch(/eyJ/);
  expect(stderr.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/eyJ/);
  expect(log).not.toMatch(/eyJ/);
});

describe('misuse: exit code 2, and nobody is asked', () => {
  test.each([
    ['', 'Nothing is named'],
    ['--read widgets/app', '--read names no repository or feed: widgets/app'],
    [
      '--write https://me:hunter2@dev.azure.com/contoso/widgets/_git/app',
      'feed: https://dev.azure.com/contoso/',
    ],
    [`--read ${REPOSITORY} --organization fabrikam`, 'Several organizations are named: fabrikam, contoso'],
    [`--read ${REPOSITORY} --read ${FEED.replace('contoso', 'fabrikam')}`, 'Several organizations'],
    [`--read ${REPOSITORY} --verify false`, "Unknown option '--verify'"],
    [REPOSITORY, 'Unexpected argument'],
  ])('%s', async (options, message) => {
    const { exit, table, stderr } = await check(options);
    expect([exit, table]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('hunter2');
    expect(scenario.cloud.requests).toEqual([]);
  });
});
