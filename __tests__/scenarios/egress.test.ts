// Scenario: patless contacts the hosts in SECURITY.md's table and nobody else; whatever else it tried would be refused and seen.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ManagedIdentities, startManagedIdentities } from '../../local-cloud/managed-identity.js';
import { installAzureCli } from '../../local-cloud/signed-in-azure-cli.js';
import { tools } from '../../src/consumers/register.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { GITHUB, HOSTS, type HostedJob } from '../support/hosts.js';

const GUARD = pathToFileURL(join(PROJECT, '__tests__/support/egress-guard.mjs')).href;
const EVERY_TOOL = tools.map(({ name }) => name).join();
const ELSEWHERE = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };

/** First column of the table, as patterns. */
const documented = (
  readFileSync('SECURITY.md', 'utf8').split('\n## What patless contacts\n')[1]?.split('\n## ')[0] ?? ''
)
  .split('\n')
  .flatMap((line) => /^\| `([^`]+)` \|/.exec(line)?.[1] ?? []);
const row = (host: string) =>
  documented.find((name) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name));
const seen = new Set<string>();

const folder = mkdtempSync(join(tmpdir(), 'egress-'));
const notes = join(folder, 'notes');
const noted = () => (existsSync(notes) ? readFileSync(notes, 'utf8').trimEnd().split('\n') : []);
afterEach(() => rmSync(notes, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the job's environment needs, so that every Node in it is guarded. */
function guarded(proxy: string, ...more: string[]) {
  return {
    NODE_OPTIONS: `--import=${GUARD}`,
    EGRESS_NOTES: notes,
    EGRESS_ALLOWED: [`tcp ${new URL(proxy).host}`, ...more].join(),
  };
}

describe.each([
  ['GitHub Actions', 'auto'],
  ['Azure Pipelines', 'auto'],
  ['GitHub Actions', 'token-file'],
  ['GitHub Actions', 'managed-identity'],
  ['GitHub Actions', 'azure-cli'],
  ['Azure Pipelines', 'job-token'],
] as const)('%s', (name, identity) => {
  const scenario = useCloud(HOSTS.find((host) => host.name === name));
  let endpoints: ManagedIdentities;
  beforeEach(async () => {
    endpoints = await startManagedIdentities(scenario.cloud.entra, [scenario.cloud.application]);
  });
  afterEach(() => endpoints.stop());

  test(`${identity}, with every tool, a fresh token later, and the clean-up: only hosts of the table`, async () => {
    const { cloud } = scenario;
    cloud.feeds.addFeed('contoso', 'packages');
    const machine = endpoints.machineEnvironment();
    const metadata = new URL(machine.AZURE_POD_IDENTITY_AUTHORITY_HOST ?? '').host;
    const file = join(folder, 'id-token');
    writeFileSync(file, await cloud.github.newIdToken('api://AzureADTokenExchange'));
    const { HTTPS_PROXY: proxy = '' } = cloud.networkEnvironment();

    const ways: Record<string, { environment: object; inputs: object; allowed?: string }> = {
      auto: { environment: {}, inputs: scenario.inputs() },
      'job-token': { environment: {}, inputs: scenario.inputs({ azureDevOpsServiceConnection: '' }) },
      'token-file': { environment: ELSEWHERE, inputs: { ...scenario.inputs(), 'token-file': file } },
      'managed-identity': {
        environment: { ...ELSEWHERE, ...machine },
        inputs: {},
        allowed: `tcp ${metadata}`,
      },
      'azure-cli': { environment: ELSEWHERE, inputs: {}, allowed: 'process az' },
    };
    const { environment, inputs, allowed } = ways[identity] as (typeof ways)[string];
    const job = await scenario.job({
      environment: { ...environment, ...guarded(proxy, ...(allowed === undefined ? [] : [allowed])) },
    });
    if (identity === 'azure-cli') await signInToAzureCli(job);

    const result = await job.action(PROJECT, {
      ...inputs,
      identity,
      organization: 'contoso',
      configure: EVERY_TOOL,
    });
    expect([result.exitCode, noted(), cloud.refused]).toEqual([0, [], []]);
    const host = HOSTS.find((candidate) => candidate.name === name) ?? GITHUB;
    const bearer = { SYSTEM_ACCESSTOKEN: host.bearer(cloud, job) };
    const later = await job.shell('patless token --min-validity 3600 >/dev/null', bearer);
    expect([later.exitCode, noted(), cloud.refused]).toEqual([0, [], []]);
    const hosts = [...new Set(cloud.requests.map(({ host }) => host))];
    expect(hosts.filter((host) => row(host) === undefined)).toEqual([]);
    for (const host of hosts) seen.add(row(host) ?? '');

    const before = cloud.requests.length;
    await job.end();
    expect([cloud.requests.length - before, noted(), cloud.refused]).toEqual([0, [], []]);
  });

  async function signInToAzureCli(job: HostedJob): Promise<void> {
    const { entra, application } = scenario.cloud;
    const accessToken = await entra.newAccessToken(application);
    installAzureCli(job.root, { tenantId: entra.tenant.tenantId, accessToken });
    await job.shell(`echo "${job.root}" >> "$GITHUB_PATH"`);
  }
});

test('every host in the table was needed', () => {
  expect([...seen].sort()).toEqual([...documented].sort());
});

describe('the guard sees', () => {
  const scenario = useCloud();
  test.each([
    [
      'a connection',
      "import('node:https').then((m) => m.get('https://192.0.2.1/').on('error', () => {}))",
      'tcp 192.0.2.1:443',
    ],
    ['fetch', "fetch('http://192.0.2.1/').catch(() => {})", 'tcp 192.0.2.1:80'],
    ['a look-up', "import('node:dns').then((m) => m.lookup('evil.example', () => {}))", 'dns evil.example'],
    [
      'a datagram',
      "import('node:dgram').then((m) => m.createSocket('udp4').send('x', 53, '192.0.2.1'))",
      'udp 53 192.0.2.1',
    ],
    ['a process', "import('node:child_process').then((m) => m.spawn('/bin/echo'))", 'process echo'],
  ])('%s', async (_, script, what) => {
    const job = await scenario.job({ environment: guarded('http://127.0.0.1:1') });
    await job.shell(`"${process.execPath}" -e "${script}" || true`);
    expect(noted()).toEqual([what]);
  });
});
