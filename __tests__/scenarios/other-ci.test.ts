// Scenario: what docs/OTHER-CI.md shows for each CI system is run as it stands there, by jobs that have what that system gives.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { CI_IDS, CI_SYSTEMS, type CiName } from '../../local-cloud/ci-systems.js';
import { secretsSent } from '../../local-cloud/leak-scan.js';
import { startManagedIdentities } from '../../local-cloud/managed-identity.js';
import type { Output } from '../../local-cloud/step-process.js';
import { VERSION } from '../../src/version.js';
import { useCloud } from '../support/cloud.js';
import { filesIn, leaks } from '../support/leaks.js';
import { Machine, TAG } from '../support/machine.js';
import { blocksOf, filledIn } from '../support/pages.js';

const scenario = useCloud();
const page = blocksOf('docs/OTHER-CI.md');
let machines: Machine[] = [];

beforeEach(() =>
  scenario.cloud.azureDevOps.addRepository(
    { organization: 'contoso', project: 'widgets', repository: 'app' },
    { 'README.md': '# app\n' },
  ),
);
afterEach(() => {
  for (const machine of machines) machine.remove();
  machines = [];
});

/** The block of a section that holds the marker, with the reader's own values. */
function block(heading: string, marker: string): string {
  const found = page.filter((candidate) => candidate.heading === heading && candidate.text.includes(marker));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${heading} with ${marker}`);
  return filledIn(found[0]?.text ?? '', {
    TAG,
    CLIENT_ID: scenario.cloud.application.clientId,
    'GROUP/PROJECT': 'contoso/widgets',
    PIPELINE_ID: CI_IDS.buildkitePipeline,
    ORG_ID: CI_IDS.circleOrganization,
    PROJECT_ID: CI_IDS.circleProject,
    USER_ID: CI_IDS.circleUser,
    'OWNER/REPO': 'contoso/widgets',
    ORG: 'contoso',
    PROJECT: 'Default Project',
    WORKSPACE: 'widgets',
    JENKINS_HOST: 'jenkins.example.com',
    JOB: 'fetch',
    ISSUER: CI_SYSTEMS.kubernetes.issuer,
  });
}

function machineWith(environment: Readonly<Record<string, string>>): Machine {
  const machine = new Machine(scenario.cloud, environment);
  machines.push(machine);
  return machine;
}

/** Runs the section's `az` command; the played Entra then has what it asks for, and nothing else. */
async function trust(heading: string): Promise<void> {
  const machine = machineWith({});
  machine.install('az', 'printf "%s\\0" "$@" > "$0.asked"');
  expect(await machine.shell(block(heading, 'az ad app'))).toMatchObject({ exitCode: 0, stderr: '' });
  const asked = readFileSync(join(machine.programs, 'az.asked'), 'utf8').split('\0').slice(0, -1);
  const { clientId, federatedCredentials } = scenario.cloud.application;
  expect(asked.slice(0, -1)).toEqual(
    ['ad', 'app', 'federated-credential', 'create', '--id', clientId].concat('--parameters'),
  );
  const { name, issuer, subject, audiences } = JSON.parse(asked.at(-1) ?? '');
  expect([name, audiences]).toEqual([expect.stringMatching(/^[a-z-]+$/), [expect.any(String)]]);
  federatedCredentials.splice(0, Infinity, { name, issuer, subject, audience: audiences[0] });
}

/** git's clone is there, and the secrets are nowhere. */
function expectCloned(machine: Machine, { exitCode, stdout, stderr }: Output, idToken = ''): void {
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('patless:')]);
  expect(existsSync(join(machine.workspace, 'app', 'README.md'))).toBe(true);
  expectNoSecrets(machine, { exitCode, stdout, stderr }, idToken);
}

function expectNoSecrets(machine: Machine, { stdout, stderr }: Output, idToken = ''): void {
  const sent = secretsSent(scenario.cloud.requests);
  const secrets = Object.fromEntries(
    [idToken, ...sent].filter(Boolean).map((secret, index) => [`secret ${index}`, secret]),
  );
  expect(
    leaks(secrets, [
      { name: 'stdout', text: stdout },
      { name: 'stderr', text: stderr },
      ...filesIn(machine.root),
    ]),
  ).toEqual([]);
  expect(readdirSync(machine.temp)).toEqual([]);
}

interface System {
  readonly name: CiName;
  readonly heading: string;
  /** What the system gives to a job. */
  prepare(idToken: string): Machine;
  /** Runs the section's job as the system does. */
  run(machine: Machine): Promise<Output>;
}

const SYSTEMS: readonly System[] = [
  {
    name: 'gitlab',
    heading: 'GitLab',
    prepare: (idToken) => machineWith({ CI: 'true', GITLAB_CI: 'true', PATLESS_ID_TOKEN: idToken }),
    run(machine) {
      const job = parse(block('GitLab', 'script:')).fetch;
      expect(job.id_tokens.PATLESS_ID_TOKEN.aud).toBe(CI_SYSTEMS.gitlab.audience);
      return machine.shell(job.script.join('\n'));
    },
  },
  {
    name: 'buildkite',
    heading: 'Buildkite',
    prepare: buildkite,
    run(machine) {
      const [step] = parse(block('Buildkite', 'steps:')).steps;
      return machine.run('bash', ['-e', '-c', asUploaded(step.command)]);
    },
  },
  {
    name: 'circleci',
    heading: 'CircleCI',
    prepare: (idToken) => machineWith({ CI: 'true', CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: idToken }),
    async run(machine) {
      const { steps } = parse(block('CircleCI', 'jobs:')).jobs.fetch;
      const [prepare, fetch] = steps;
      expect([steps.length, (await machine.shell(prepare.run)).exitCode]).toEqual([2, 0]);
      return machine.shell(fetch.run);
    },
  },
  {
    name: 'hcpTerraform',
    heading: 'HCP Terraform',
    prepare: (idToken) => machineWith({ TFC_RUN_ID: 'run-1', TFC_WORKLOAD_IDENTITY_TOKEN: idToken }),
    run: (machine) => withCommand(machine, block('HCP Terraform', 'exec')),
  },
  {
    name: 'jenkins',
    heading: 'Jenkins',
    prepare: (idToken) =>
      machineWith({ JENKINS_URL: 'https://jenkins.example.com/', PATLESS_ID_TOKEN: idToken }),
    run(machine) {
      const [, script = ''] = /sh '''\n(.*?)'''/s.exec(block('Jenkins', 'withCredentials')) ?? [];
      return machine.run('sh', ['-xe', '-c', script]);
    },
  },
  {
    name: 'kubernetes',
    heading: 'Kubernetes',
    prepare(idToken) {
      const machine = machineWith({ KUBERNETES_SERVICE_HOST: '10.0.0.1' });
      writeFileSync(join(machine.programs, 'token'), idToken);
      return machine;
    },
    run(machine) {
      const [account, job] = parseAllDocuments(block('Kubernetes', 'kind:')).map((document) =>
        document.toJS(),
      );
      const { labels } = job.spec.template.metadata;
      const { serviceAccountName, containers } = job.spec.template.spec;
      expect([labels, serviceAccountName, account.metadata.namespace]).toEqual([
        { 'azure.workload.identity/use': 'true' },
        account.metadata.name,
        job.metadata.namespace,
      ]);
      const [command, ...args] = [...containers[0].command, ...containers[0].args];
      return machine.run(command, args, {
        AZURE_CLIENT_ID: account.metadata.annotations['azure.workload.identity/client-id'],
        AZURE_TENANT_ID: scenario.cloud.entra.tenant.tenantId,
        AZURE_FEDERATED_TOKEN_FILE: join(machine.programs, 'token'),
      });
    },
  },
];

/** The agent replaces what single dollars name when a pipeline is uploaded, and makes one of two. */
function asUploaded(command: string): string {
  expect(command.replaceAll('$$', '')).not.toContain('$');
  return command.replaceAll('$$', '$');
}

/** Its agent gives the ID token to who asks as the page does, and takes values to hide. */
function buildkite(idToken: string): Machine {
  const machine = machineWith({ CI: 'true', BUILDKITE: 'true' });
  writeFileSync(join(machine.programs, 'id-token'), `${idToken}\n`);
  machine.install(
    'buildkite-agent',
    `case "$*" in
    "oidc request-token --audience ${CI_SYSTEMS.buildkite.audience} --subject-claim pipeline_id") cat "\${0%/*}/id-token" ;;
    "redactor add") cat > "$0.hidden" ;;
    *) echo "unknown: $*" >&2; exit 1 ;;
    esac`,
  );
  return machine;
}

/** For blocks that take the command as given. */
async function withCommand(machine: Machine, script: string, environment = {}): Promise<Output> {
  const got = await machine.shell(block('Other CI systems', 'git clone'));
  expect([got.exitCode, got.stdout]).toEqual([0, `${VERSION}\n`]);
  return machine.shell(script, environment);
}

describe.each(SYSTEMS)('$heading', ({ name, heading, prepare, run }) => {
  const claims = () => scenario.cloud.ciIdToken(name);

  test("the section's credential and job: a repository is cloned, no secret is shown or left", async () => {
    await trust(heading);
    const idToken = await claims();
    const machine = prepare(idToken);
    expectCloned(machine, await run(machine), idToken);
  });
});

describe.each(SYSTEMS.filter(({ name }) => ['gitlab', 'kubernetes'].includes(name)))(
  '$heading, as an example of a variable or a file',
  ({ name, heading, prepare, run }) => {
    test('a subject that Entra does not know: what was presented is shown, the command is not run', async () => {
      await trust(heading);
      const idToken = await scenario.cloud.ciIdToken(name, { sub: 'somebody else' });
      const machine = prepare(idToken);
      const result = await run(machine);
      expect([result.exitCode, existsSync(join(machine.workspace, 'app'))]).toEqual([125, false]);
      expect(result.stderr).toContain('AADSTS700213');
      expect(result.stderr).toContain('somebody else');
      expect(result.stderr).toContain('az ad app federated-credential create');
      expect(result.stderr).toContain(CI_SYSTEMS[name].issuer);
      expectNoSecrets(machine, result, idToken);
    });

    test('an ID token that has expired: one clear error, Entra is not asked', async () => {
      await trust(heading);
      const idToken = await scenario.cloud.ciIdToken(name, { exp: Math.floor(Date.now() / 1000) - 5 });
      const machine = prepare(idToken);
      const result = await run(machine);
      expect([result.exitCode, existsSync(join(machine.workspace, 'app'))]).toEqual([125, false]);
      expect(result.stderr).toMatch(
        /ID_TOKEN_UNAVAILABLE: The (?:variable|file) \S+ holds an ID token that expired at/,
      );
      expect(scenario.cloud.requests.filter(({ method }) => method === 'POST')).toEqual([]);
      expectNoSecrets(machine, result, idToken);
    });

    test('no ID token: the error names the places that were looked at', async () => {
      const machine = prepare('');
      const result = await run(machine);
      expect(result.exitCode).toBe(125);
      expect(result.stderr).toMatch(
        name === 'kubernetes'
          ? /The file \S+ is empty/
          : /No ID token in any of PATLESS_ID_TOKEN, CIRCLE_OIDC_TOKEN_V2, TFC_WORKLOAD_IDENTITY_TOKEN, BITBUCKET_STEP_OIDC_TOKEN/,
      );
      expectNoSecrets(machine, result);
    });
  },
);

test('a command that outlives its access token gets another one while the ID token lives', async () => {
  await trust('GitLab');
  scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3;
  const idToken = await scenario.cloud.ciIdToken('gitlab');
  const machine = machineWith({ CI: 'true', PATLESS_ID_TOKEN: idToken });
  const { clientId } = scenario.cloud.application;
  const list = 'git ls-remote https://dev.azure.com/contoso/widgets/_git/app HEAD';
  const result = await withCommand(
    machine,
    `node "$HOME/patless/dist/cli/index.js" exec --client-id ${clientId} --organization contoso --configure git -- \
      sh -c '${list} && sleep 4 && ${list}'`,
  );
  expect([result.exitCode, result.stdout.match(/HEAD/g)?.length]).toEqual([0, 2]);
  expectNoSecrets(machine, result, idToken);
});

test('Buildkite: a script that needs the token lets the agent hide it first', async () => {
  await trust('Buildkite');
  const idToken = await scenario.cloud.ciIdToken('buildkite');
  const machine = buildkite(idToken);
  const result = await withCommand(machine, block('Buildkite', 'redactor add'), {
    PATLESS_ID_TOKEN: idToken,
  });
  expect([result.exitCode, JSON.parse(result.stdout).value[0].name]).toEqual([0, 'widgets']);
  const hidden = readFileSync(join(machine.programs, 'buildkite-agent.hidden'), 'utf8');
  expect(secretsSent(scenario.cloud.requests)).toContain(hidden);
  expectNoSecrets(machine, result, idToken);
});

test('CircleCI: another ID token after the first hour, with the second credential', async () => {
  const { issuer, subject, audience } = CI_SYSTEMS.circleciRun;
  const own = `org/ORG_ID/project/PROJECT_ID/user/USER_ID`;
  expect(readFileSync('docs/OTHER-CI.md', 'utf8')).toContain(`the subject \`${own}\``);
  scenario.cloud.application.federatedCredentials.push({ name: 'second', issuer, subject, audience });
  const expired = await scenario.cloud.ciIdToken('circleci', { exp: 1 });
  const idToken = await scenario.cloud.ciIdToken('circleciRun');
  const machine = machineWith({ CI: 'true', CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: expired });
  writeFileSync(join(machine.programs, 'id-token'), `${idToken}\n`);
  machine.install(
    'circleci',
    `test "$1 $2 $3 $4 $5" = 'run oidc get --claims {"aud": "${audience}"}' && cat "\${0%/*}/id-token"`,
  );
  expectCloned(machine, await withCommand(machine, block('CircleCI', 'circleci run')), idToken);
});

test('Jenkins: an agent with a managed identity', async () => {
  const { entra, application } = scenario.cloud;
  const endpoints = await startManagedIdentities(entra, [application]);
  const machine = machineWith({
    JENKINS_URL: 'https://jenkins.example.com/',
    ...endpoints.machineEnvironment(),
  });
  try {
    const result = await withCommand(machine, block('Jenkins', 'managed-identity'));
    expectCloned(machine, result);
  } finally {
    await endpoints.stop();
  }
});

test('Bitbucket: the credential that fits one run fits no other', async () => {
  const { issuer, audience } = CI_SYSTEMS.bitbucket;
  const subjectOf = (idToken: string) =>
    JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()).sub;
  const [first, second] = [
    await scenario.cloud.ciIdToken('bitbucket'),
    await scenario.cloud.ciIdToken('bitbucket'),
  ];
  scenario.cloud.application.federatedCredentials.push({
    name: 'one-run',
    issuer,
    subject: subjectOf(first),
    audience,
  });
  const token = async (idToken: string) =>
    withCommand(
      machineWith({ CI: 'true', BITBUCKET_STEP_OIDC_TOKEN: idToken }),
      `node "$HOME/patless/dist/cli/index.js" token --organization contoso --client-id ${scenario.cloud.application.clientId}`,
    );
  expect((await token(first)).exitCode).toBe(0);
  const refused = await token(second);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('AADSTS700213')]);
});

test('every block of the page is one that is run here', () => {
  const az = SYSTEMS.map(({ heading }) => `${heading} bash`);
  const jobs = ['GitLab yaml', 'Buildkite yaml', 'CircleCI yaml', 'HCP Terraform bash'];
  const more = ['Other CI systems bash', 'Buildkite bash', 'CircleCI bash', 'Jenkins bash'];
  expect(page.map(({ heading, language }) => `${heading} ${language}`).sort()).toEqual(
    [...az, ...jobs, 'Jenkins groovy', 'Kubernetes yaml', ...more].sort(),
  );
});
