// Scenario: what docs/COMMAND.md shows is run as it stands there: in jobs, and at a desk with the Azure CLI's sign-in.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { User } from '../../local-cloud/entra.js';
import { secretsSent } from '../../local-cloud/leak-scan.js';
import { installAzureCli } from '../../local-cloud/signed-in-azure-cli.js';
import { commands } from '../../src/cli/register.js';
import { INPUT_NAMES } from '../../src/input-names.js';
import { NODE, PROJECT, useCloud } from '../support/cloud.js';
import { AZURE_PIPELINES, GITHUB } from '../support/hosts.js';
import { filesIn, leaks } from '../support/leaks.js';
import { Machine, TAG } from '../support/machine.js';
import { blocksOf, filledIn } from '../support/pages.js';

const FILE = 'docs/COMMAND.md';
const page = blocksOf(FILE);
const CLONE = 'https://dev.azure.com/contoso/widgets/_git/app';

/** The block that holds the marker. */
function block(marker: string, values: Readonly<Record<string, string>> = {}): string {
  const found = page.filter(({ text }) => text.includes(marker));
  if (found.length !== 1) throw new Error(`${found.length} blocks with ${marker}`);
  return filledIn(found[0]?.text ?? '', { TAG, ...values });
}

describe.each([
  [GITHUB, 'uses:', '- run:', (step: Record<string, string>) => step.run],
  [AZURE_PIPELINES, 'SYSTEM_ACCESSTOKEN', '- script:', (step: Record<string, string>) => step.script],
])('$name', (host, marker, _, scriptOf) => {
  const scenario = useCloud(host);

  test('the step of a long job: a repository is cloned after the token has run out', async () => {
    const { cloud } = scenario;
    await cloud.azureDevOps.addRepository(
      { organization: 'contoso', project: 'widgets', repository: 'app' },
      { 'README.md': '# app\n' },
    );
    cloud.entra.tenant.tokenLifetimeSeconds = 2;
    const steps = parse(block(marker));
    const job = await scenario.job();
    const { configure, organization } = { organization: 'contoso', configure: 'cli', ...steps[0].with };
    await job.action(PROJECT, scenario.inputs({ organization, configure }));
    cloud.entra.tenant.tokenLifetimeSeconds = 3599;
    const step = steps.at(-1);
    const given = Object.entries<string>(step.env ?? {}).map(([name, value]) => [
      name,
      value.replace('$(System.AccessToken)', host.bearer(cloud, job)),
    ]);
    const result = await job.shell(
      `${scriptOf(step)} && test -e app/README.md`,
      Object.fromEntries(given) as Record<string, string>,
    );
    expect([result.exitCode, result.stdout]).toEqual([0, expect.not.stringContaining('eyJ')]);
  });

  test('the files of the page are those in the folder, with the modes it says', async () => {
    const job = await scenario.job();
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 200;
    await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git, cli' }));
    const folder = job.environment.get('PATLESS_FOLDER_CONTOSO') ?? '';
    const env = { SYSTEM_ACCESSTOKEN: host.bearer(scenario.cloud, job) };
    await job.shell('patless token >/dev/null', env);
    const listed = [...readFileSync(FILE, 'utf8').matchAll(/^\| (`[a-z.-]+`(?:, `[a-z]+`)*) \| /gm)].flatMap(
      ([, names = '']) => names.replaceAll('`', '').split(', '),
    );
    expect(listed).toHaveLength(7);
    for (const name of readdirSync(folder)) expect(listed).toContain(name);
    const modes = ['', 'current', 'sign-in.json'].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });
});

describe('a desk', () => {
  const scenario = useCloud();
  const ada: User = {
    objectId: '99999999-2222-3333-4444-555555555555',
    userName: 'ada@contoso.onmicrosoft.com',
    displayName: 'Ada',
  };
  let machine: Machine;

  beforeEach(async () => {
    const { azureDevOps, application } = scenario.cloud;
    azureDevOps.addOrganization('fabrikam', [application]);
    for (const organization of ['contoso', 'fabrikam']) {
      azureDevOps.organizations.get(organization)?.members.push(ada);
      const place = { organization, project: 'widgets', repository: 'app' };
      await azureDevOps.addRepository(place, { 'README.md': `# ${organization}\n` });
    }
    machine = await deskOf(ada);
    // The registry is not played: whoever asks it is refused, and noted.
    expect((await machine.shell(block('npm install'))).exitCode).toBe(0);
    scenario.cloud.requests.length = 0;
  });
  afterEach(() => machine.remove());

  async function deskOf(user: User): Promise<Machine> {
    const { tenantId } = scenario.cloud.entra.tenant;
    const desk = new Machine(scenario.cloud, { npm_config_update_notifier: 'false' });
    await desk.shell(`npm config set --location=user prefix "${desk.programs}/npm"`);
    mkdirSync(join(desk.programs, 'real'));
    const accessToken = await scenario.cloud.entra.newAccessToken(user);
    const az = installAzureCli(join(desk.programs, 'real'), { tenantId, accessToken });
    desk.install('az', `echo "$*" >> "$0.asked"\nexec "${az}" "$@"`);
    desk.install('patless', 'exec "${0%/*}/npm/bin/patless" "$@"');
    // As an installer of Git Credential Manager does, for the whole machine.
    desk.install('gcm', `echo "$1" >> "$0.asked"; cat >> "$0.asked"`);
    await desk.shell('git config --system credential.helper "!gcm"');
    return desk;
  }

  const asked = (program: string) => {
    try {
      return readFileSync(join(machine.programs, `${program}.asked`), 'utf8');
    } catch {
      return '';
    }
  };
  const ownToken = () => secretsSent(scenario.cloud.requests);

  function expectNothingLeft(): void {
    const secrets = Object.fromEntries(ownToken().map((secret, index) => [`secret ${index}`, secret]));
    expect(Object.keys(secrets).length).toBeGreaterThan(0);
    expect(leaks(secrets, filesIn(machine.root))).toEqual([]);
    expect(readdirSync(machine.temp).filter((name) => name.startsWith('patless-'))).toEqual([]);
  }

  test('the link, npx and Node print the same token; npm has nothing to download', async () => {
    const linked = await machine.shell('patless token --organization contoso');
    const others = await machine.shell(block('npx'));
    expect([linked.exitCode, linked.stderr, others.exitCode]).toEqual([0, '', 0]);
    expect(linked.stdout).toMatch(/^eyJ\S+\n$/);
    expect(others.stdout).toBe(linked.stdout.repeat(2));
    expect(scenario.cloud.refused).toEqual([]);
    expectNothingLeft();
  });

  test.each([
    ['signed out', undefined, 'Nobody is signed in to the Azure CLI'],
    ['in another tenant', '11111111-2222-3333-4444-555555555555', 'not in the tenant 11111111'],
  ])('%s: exit code 1, nothing on standard output', async (_, tenant, message) => {
    if (tenant === undefined) installAzureCli(join(machine.programs, 'real'), undefined);
    const option = tenant === undefined ? '' : `--tenant-id ${tenant}`;
    const result = await machine.shell(`patless token --organization contoso ${option}`);
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: expect.stringContaining(message) });
  });

  test('without the Azure CLI: what to install', async () => {
    symlinkSync(NODE, join(machine.programs, 'node'));
    rmSync(join(machine.programs, 'az'));
    const result = await machine.run('/bin/sh', ['-c', 'patless token --organization contoso'], {
      PATH: machine.programs,
    });
    expect([result.exitCode, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toContain('aka.ms/installazurecli');
  });

  test('REST by curl, and a script by exec', async () => {
    writeFileSync(
      join(machine.workspace, 'report.js'),
      'console.log(process.env.ADO_TOKEN.split(".").length)',
    );
    const { exitCode, stdout, stderr } = await machine.shell(block('curl'));
    expect([exitCode, stderr, stdout.endsWith('3\n')]).toEqual([0, '', true]);
    expect(JSON.parse(stdout.slice(0, -2)).value[0].name).toBe('widgets');
    expectNothingLeft();
  });

  test('git for one command, in place of the helpers of the machine', async () => {
    const result = await machine.shell(`${block('git -c')}cat app/README.md`);
    expect([result.exitCode, result.stdout]).toEqual([0, '# contoso\n']);
    expect(asked('gcm')).toBe('');
    expectNothingLeft();
  });

  const LIST = (url: string) => `git ls-remote ${url} HEAD`;

  test('git for good: several organizations, each host its own helper, and back', async () => {
    expect((await machine.shell(block('followRedirects'))).exitCode).toBe(0);
    const both = await machine.shell(
      `${LIST(CLONE)} && ${LIST(CLONE.replace('contoso', 'fabrikam'))} && ${LIST(CLONE.replace('//', '//contoso@'))}`,
    );
    expect([both.exitCode, both.stdout.match(/HEAD/g)?.length, asked('gcm')]).toEqual([0, 3, '']);
    await machine.shell('printf "protocol=https\\nhost=github.com\\n\\n" | git credential fill || true');
    expect(asked('gcm')).toContain('get\n');
    expect(asked('gcm')).toContain('host=github.com\n');
    expectNothingLeft();
    expect((await machine.shell(block('--remove-section'))).exitCode).toBe(0);
    await machine.shell(`${LIST(CLONE)} || true`);
    expect(asked('gcm')).toContain('host=dev.azure.com\n');
  });

  test('without the empty value the helper of the machine comes first, and is given the token to keep', async () => {
    const [, ...rest] = block('followRedirects').split('\n');
    await machine.shell(rest.join('\n'));
    expect((await machine.shell(LIST(CLONE))).exitCode).toBe(0);
    expect(asked('gcm')).toMatch(/^get\n.*host=dev\.azure\.com\n.*store\n.*password=eyJ/s);
  });

  test('an organization in another tenant: the Azure CLI is asked for that one', async () => {
    const { tenantId } = scenario.cloud.entra.tenant;
    await machine.shell(block('followRedirects'));
    expect((await machine.shell(block('TENANT_ID', { TENANT_ID: tenantId }))).exitCode).toBe(0);
    const result = await machine.shell(`${LIST(CLONE)}; ${LIST(CLONE.replace('contoso', 'fabrikam'))}`);
    expect(result.stdout.match(/HEAD/g)).toHaveLength(2);
    const calls = asked('az').trim().split('\n').slice(-2);
    expect(calls.map((call) => call.includes(`--tenant ${tenantId}`))).toEqual([false, true]);
  });

  test('the older host name takes the same lines', async () => {
    const lines = block('followRedirects').replaceAll('https://dev.azure.com', 'https://*.visualstudio.com');
    await machine.shell(lines);
    const result = await machine.shell(LIST('https://contoso.visualstudio.com/widgets/_git/app'));
    expect([result.exitCode, asked('gcm')]).toEqual([0, '']);
  });

  test('without useHttpPath git is told to stop, and a person how to go on', async () => {
    const lines = block('followRedirects')
      .split('\n')
      .filter((line) => !line.includes('useHttpPath'));
    await machine.shell(lines.join('\n'));
    const result = await machine.shell(LIST(CLONE));
    expect([result.exitCode, result.stderr]).toEqual([128, expect.stringContaining('useHttpPath true')]);
  });
});

describe('the page', () => {
  test('lists every command, and no option that there is not', () => {
    const text = readFileSync(FILE, 'utf8');
    const rows = [...text.matchAll(/^\| `patless ([a-z-]+)/gm)].map(([, name]) => name);
    expect(rows).toEqual(
      ['token', 'exec', 'git-credential', 'cargo-credential'].filter((name) =>
        commands.some((command) => command.name === name),
      ),
    );
    const own = ['configure', 'export-env', 'json', 'min-validity', 'help'];
    const used = [...text.matchAll(/patless [^\n`]*?--([a-z-]+)/g)].map(([, name = '']) => name);
    for (const name of used) expect([...own, ...INPUT_NAMES]).toContain(name);
  });

  test('has no block that is not run here', () => {
    const markers = [
      'curl',
      'uses:',
      'SYSTEM_ACCESSTOKEN',
      'npm install',
      'npx',
      'git -c',
      'followRedirects',
    ];
    const all = [...markers, 'TENANT_ID', '--remove-section'].map((marker) => block(marker));
    expect(new Set(all).size).toBe(page.length);
  });
});
