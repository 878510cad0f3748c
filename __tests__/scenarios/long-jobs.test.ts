// Scenario: a job that outlives its token: later steps and their tools get a fresh one, or say at once why not.
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';
import { filesIn, leaks } from '../support/leaks.js';

/** On Azure Pipelines there always is one: the pipeline's own. */
const NO_ORGANIZATION: Record<string, object> = { 'Azure Pipelines': { organization: 'contoso' } };
const CLONE = 'https://dev.azure.com/contoso/widgets/_git/app';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  beforeEach(() =>
    scenario.cloud.azureDevOps.addRepository(
      { organization: 'contoso', project: 'widgets', repository: 'app' },
      { 'README.md': '# app\n' },
    ),
  );

  async function signedIn(configure: string, lifetimeSeconds = 3599): Promise<HostedJob> {
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = lifetimeSeconds;
    const job = await scenario.job();
    const result = await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure }));
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    // Later tokens live as long as real ones.
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
    return job;
  }

  /** A step, which on Azure Pipelines needs a line of `env:` to be able to ask for a new token. */
  async function step(job: HostedJob, script: string) {
    return job.shell(script, { SYSTEM_ACCESSTOKEN: host.bearer(scenario.cloud, job) });
  }

  const minted = () =>
    scenario.cloud.requests.filter(({ url }) => url.pathname.endsWith('/oauth2/v2.0/token')).length;
  const askedForIdTokens = () =>
    scenario.cloud.requests.filter(
      ({ host: asked, url }) =>
        asked === host.idTokenHost &&
        !url.pathname.includes('/_git/') &&
        !url.pathname.includes('connectionData'),
    ).length;
  const tokenOf = (job: HostedJob) => job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
  const runFolder = (job: HostedJob) => job.environment.get('PATLESS_FOLDER_CONTOSO') ?? '';

  /** What a caller of `$(patless token)` gets, unmasked. */
  const printedToken = (stdout: string) => stdout.replace(host.secretLines, '').trim();

  describe('patless token', () => {
    test("prints the job's own token while it lasts, on one line, and asks nobody", async () => {
      const job = await signedIn('cli');
      scenario.cloud.requests.length = 0;
      const result = await step(job, 'patless token; patless token --organization contoso');
      expect(result.stdout).toBe(`${tokenOf(job)}\n${tokenOf(job)}\n`);
      expect(scenario.cloud.requests).toEqual([]);
      expect(result.log).not.toContain(tokenOf(job).slice(-30));
    });

    test('gets a new one when less than five minutes are left; it is masked, and the next call has it too', async () => {
      const job = await signedIn('cli', 299);
      scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
      const before = minted();
      const result = await step(job, 'patless token && patless token && test -z "$(ls -A)"');
      const [first = '', second] = result.stdout.trim().split('\n');
      expect([result.exitCode, first === second, minted() - before]).toEqual([0, true, 1]);
      expect(first).not.toBe(tokenOf(job));
      expect([job.masker.hides(first), result.log.includes(first)]).toEqual([true, false]);
    });

    test('--min-validity decides when; --json tells more', async () => {
      const job = await signedIn('cli', 299);
      const early = await step(job, 'patless token --min-validity 100 --json');
      expect(JSON.parse(early.stdout)).toMatchObject({
        token: tokenOf(job),
        'expires-on': expect.stringMatching(/^2\d{3}-.*Z$/),
        'expires-in': expect.stringMatching(/^2\d\d$/),
        'tenant-id': scenario.cloud.entra.tenant.tenantId,
        'object-id': scenario.cloud.application.objectId,
        'token-id': expect.stringMatching(/^[\w-]{10,}$/),
      });
      const later = await step(job, 'patless token --min-validity 299');
      expect(later.stdout.trim()).not.toBe(tokenOf(job));
    });

    test.each([
      ['--min-validity 9999', '--min-validity takes no 9999'],
      ['--min-validity soon', '--min-validity takes no soon'],
      ['--organisation contoso', "Unknown option '--organisation'"],
      ['contoso', 'contoso'],
      ['--organization https://github.com/contoso', '--organization names no organization'],
      ['--client-id x --organization contoso', '--client-id must be a GUID'],
    ])('%s is misuse: exit code 2, nothing on stdout, nobody is asked', async (options, message) => {
      const job = await signedIn('cli');
      scenario.cloud.requests.length = 0;
      const result = await step(job, `patless token ${options} || echo "exit $?"`);
      expect(result.stdout).toBe('exit 2\n');
      expect(result.stderr).toContain(message);
      expect(scenario.cloud.requests).toEqual([]);
    });

    test('two organizations: it has to be told which', async () => {
      scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
      const job = await signedIn('cli');
      await job.action(PROJECT, scenario.inputs({ organization: 'fabrikam', configure: 'cli' }));
      const result = await step(
        job,
        'patless token || echo "exit $?"; patless token --organization fabrikam',
      );
      expect(result.stdout).toBe(`exit 2\n${job.environment.get('PATLESS_TOKEN_FABRIKAM')}\n`);
      expect(result.stderr).toContain('PATLESS_FOLDER_CONTOSO, PATLESS_FOLDER_FABRIKAM');
    });
  });

  test.each(['>/dev/full', '| true'])(
    'a token that nobody can read is a failure: patless token %s',
    async (where) => {
      const job = await signedIn('cli');
      const result = await step(job, `set +e; patless token ${where}; echo "exit \${PIPESTATUS[0]}"`);
      expect(result.stdout).toMatch(where === '| true' ? /exit [01]\n/ : /exit 1\n/);
    },
  );

  test('whoever signs in without an organization can name it later', async () => {
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
    const job = await scenario.job();
    const inputs = { ...scenario.inputs({ configure: 'cli' }), ...NO_ORGANIZATION[host.name] };
    await job.action(PROJECT, inputs);
    const result = await step(
      job,
      `patless token --organization contoso >/dev/null && patless exec --organization contoso --configure git -- git ls-remote ${CLONE}`,
    );
    expect([result.exitCode, result.stderr.replace(MASKS, '').trim()]).toEqual([0, '']);
  });

  test('an option that says how, not who, keeps the job’s identity; another organization is told apart', async () => {
    const job = await signedIn('cli');
    const verified = await step(job, 'patless token --verify true --timeout-seconds 60');
    expect([verified.exitCode, verified.stdout.trim() === tokenOf(job)]).toEqual([0, false]);
    const other = await step(job, 'patless token --organization fabrikam || echo "exit $?"');
    expect([other.stdout, other.stderr]).toEqual([
      'exit 2\n',
      expect.stringContaining('This job has not signed in for fabrikam.'),
    ]);
  });

  describe('git', () => {
    const LS_REMOTE = `git ls-remote ${CLONE} HEAD`;

    test('while the token lasts, no process of ours is started, and git is told until when', async () => {
      const job = await signedIn('git');
      const program = join(runFolder(job), 'patless');
      writeFileSync(program, '#!/bin/sh\necho started >&2\n');
      chmodSync(program, 0o700);
      const result = await step(
        job,
        `${LS_REMOTE}; helper=$(git config --get-all credential.https://dev.azure.com.helper | tail -n 1)
        printf 'path=contoso/widgets/_git/app\\n\\n' | sh -c "\${helper#!} get"`,
      );
      expect(result.stderr).not.toContain('started');
      expect(result.stdout).toMatch(/password_expiry_utc=\d{10}\n/);
    });

    test('twenty parallel fetches after expiry: all succeed, and few tokens are minted', async () => {
      const job = await signedIn('git', 3);
      await setTimeout(3000);
      const before = minted();
      const result = await step(
        job,
        `for i in $(seq 20); do (${LS_REMOTE} >/dev/null && echo fetched) & done; wait`,
      );
      expect(result.stdout.match(/fetched/g)).toHaveLength(20);
      expect(result.stderr).not.toContain('fatal');
      expect(minted() - before).toBeGreaterThan(0);
      expect(minted() - before).toBeLessThanOrEqual(4);
      const files = readdirSync(runFolder(job)).sort();
      expect(files).toEqual(['current', 'now', 'patless', 'sign-in.json']);
    });

    test('what git and its helper say can be kept: it holds neither the token nor lines that were to hide it', async () => {
      const job = await signedIn('git', 3);
      await setTimeout(3000);
      const before = minted();
      const result = await step(job, `${LS_REMOTE} > git.log 2>&1`);
      expect([result.exitCode, minted() - before]).toEqual([0, 1]);
      expect(readFileSync(join(job.workspace, 'git.log'), 'utf8')).toMatch(/^[0-9a-f]{40}\tHEAD\n$/);
    });

    test('a token that the server has refused is not handed out again', async () => {
      const job = await signedIn('git');
      const refused = tokenOf(job);
      scenario.cloud.faults.push(({ headers }) =>
        decoded(headers.authorization).includes(refused)
          ? { status: 401, headers: { 'www-authenticate': 'Basic' } }
          : undefined,
      );
      const first = await step(job, LS_REMOTE);
      expect([first.exitCode === 0, minted()]).toEqual([false, 1]);
      const second = await step(job, `${LS_REMOTE} && ${LS_REMOTE}`);
      expect([second.exitCode, minted()]).toEqual([0, 2]);
    });

    test.each([
      [
        'the variable alone, as in a container of a later step',
        (job: HostedJob) => rmSync(runFolder(job), { recursive: true }),
      ],
      [
        'no Node',
        (job: HostedJob) => writeFileSync(join(runFolder(job), 'patless'), '#!/bin/sh\nexit 127\n'),
      ],
    ])('the token of the environment still works: %s', async (_, breakIt) => {
      const job = await signedIn('git', 200);
      breakIt(job);
      expect((await step(job, LS_REMOTE)).exitCode).toBe(0);
    });
  });

  describe('faults', () => {
    const down = () =>
      scenario.cloud.faults.push(({ host: asked, url }) =>
        asked === host.idTokenHost && /oidctoken|idtoken/.test(url.pathname) ? { status: 503 } : undefined,
      );

    test('the ID-token service is down, and the token is still good: the tools go on', async () => {
      const job = await signedIn('git, cli', 250);
      down();
      const result = await step(job, `git ls-remote ${CLONE} HEAD && patless token`);
      expect(result.exitCode).toBe(0);
      expect(printedToken(result.stdout)).toContain(tokenOf(job));
      expect(result.stderr).toContain('no new token yet; the present one is good until');
    });

    test('it is down, and the token has expired: one clear error, no prompt, and no second wait for the same answer (H20)', async () => {
      const job = await signedIn('git, cli', 3);
      await setTimeout(3000);
      down();
      const result = await step(
        job,
        `git ls-remote ${CLONE} || echo "git: $?"; patless token || echo "token: $?"`,
      );
      expect(result.stdout).toBe('git: 128\ntoken: 1\n');
      expect(result.stderr).toContain('patless: ID_TOKEN_REFUSED');
      expect(result.stderr).toContain('quit');
      expect(result.stderr).not.toContain('could not read Username');
      expect(askedForIdTokens()).toBeLessThanOrEqual(6);
    });

    test('the job is over: the service knows it no more', async () => {
      const job = await signedIn('cli', 3);
      await setTimeout(3000);
      scenario.cloud.faults.push(({ host: asked, url }) =>
        asked === host.idTokenHost && /oidctoken|idtoken/.test(url.pathname)
          ? { status: 404, body: JSON.stringify({ message: 'The plan does not exist.' }) }
          : undefined,
      );
      const result = await step(job, 'patless token || echo "exit $?"');
      expect(result.stdout).toBe('exit 1\n');
      expect(result.stderr).toMatch(/ID_TOKEN_REFUSED: .*\n.*What to do/s);
    });

    test('a lock of a process that is gone does not hold anybody up', async () => {
      const job = await signedIn('cli', 200);
      scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
      writeFileSync(join(runFolder(job), 'lock'), '4194000');
      expect((await step(job, 'timeout 20 patless token')).exitCode).toBe(0);
      expect(readdirSync(runFolder(job))).not.toContain('lock');
    });
  });

  test('after the job nothing is left: no folder, no variable, no token on the PATH', async () => {
    const job = await signedIn('git, cli', 299);
    await step(job, 'patless token');
    await job.end();
    expect(readdirSync(job.temp).filter((name) => name.startsWith('patless-'))).toEqual([]);
    expect([tokenOf(job), runFolder(job)]).toEqual(['', '']);
    expect((await step(job, 'patless token')).exitCode).toBe(127);
  });

  test('a job in which everything asks again leaves no token where it does not belong', async () => {
    const job = await signedIn('git, cli', 299);
    const ran = await step(
      job,
      `git clone ${CLONE} app 2>&1 && patless token >/dev/null && cd app && git fetch
      patless exec --configure git,npm,uv -- git fetch && ps -eo args > ../argv`,
    );
    expect(ran.exitCode).toBe(0);
    const tokens = scenario.cloud.requests.flatMap(({ headers }) => tokensIn(headers.authorization));
    expect(new Set(tokens).size).toBeGreaterThan(2);
    const secrets = Object.fromEntries([...new Set(tokens)].map((token, index) => [`token ${index}`, token]));
    const printed = { name: 'stderr', text: (ran.stdout + ran.stderr).replace(MASKS, '') };
    const inTemp = readdirSync(job.temp).filter((name) => name.startsWith('patless-'));
    expect(inTemp).toHaveLength(1);
    expect(
      leaks(secrets, [
        printed,
        { name: 'log', text: ran.log },
        ...filesIn(job.workspace),
        ...filesIn(job.home),
      ]),
    ).toEqual([]);
    await job.end();
    expect(leaks(secrets, filesIn(job.root))).toEqual([]);
  });

  test('the file that says how to sign in again holds no secret', async () => {
    const job = await signedIn('git, cli');
    const text = readFileSync(join(runFolder(job), 'sign-in.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ inputs: { organization: 'contoso', configure: 'git,cli' } });
    expect(text).not.toMatch(/eyJ/);
  });

  describe('patless exec', () => {
    const EXEC = 'patless exec --export-env ADO_TOKEN --';

    test('gives one command fresh credentials; no file of it is left', async () => {
      const job = await signedIn('cli');
      const files = () =>
        readdirSync(job.temp, { recursive: true }).filter((name) => !String(name).endsWith('.sh'));
      const before = files();
      const result = await step(
        job,
        `patless exec --configure git,uv --export-env ADO_TOKEN -- sh -c 'git ls-remote ${CLONE} HEAD && echo "$ADO_TOKEN" && test -s "$NETRC"'`,
      );
      const token = /^eyJ.*$/m.exec(result.stdout)?.[0] ?? '';
      expect([result.exitCode, token === tokenOf(job)]).toEqual([0, false]);
      expect([job.masker.hides(token), result.log.includes(token)]).toEqual([true, false]);
      expect(result.stdout).toMatch(/^[0-9a-f]{40}\tHEAD\n/);
      expect(files()).toEqual(before);
      expect((await step(job, `git ls-remote ${CLONE} </dev/null`)).exitCode).not.toBe(0);
    });

    test('killed, it leaves nothing behind the job', async () => {
      const job = await signedIn('cli');
      await step(
        job,
        `patless exec --configure uv -- sh -c 'kill -KILL $PPID; echo "$NETRC" > netrc' || true
        for i in $(seq 50); do test -s netrc && break; sleep 0.1; done`,
      );
      const left = readFileSync(join(job.workspace, 'netrc'), 'utf8').trim();
      expect(existsSync(left)).toBe(true);
      await job.end();
      expect(existsSync(left)).toBe(false);
    });

    test('sets up what the job has been set up with, when nothing else is said', async () => {
      const job = await signedIn('git, cli', 3);
      await setTimeout(3000);
      const result = await step(job, `patless exec -- env GIT_TERMINAL_PROMPT=0 git ls-remote ${CLONE} HEAD`);
      expect([result.exitCode, result.stdout]).toEqual([0, expect.stringContaining('HEAD')]);
    });

    test.each([
      ['sh -c "exit 7"', 7],
      ['sh -c "kill -TERM \\$\\$"', 143],
      ['no-such-command-here', 127],
      ['/dev/null', 126],
      ['true --help', 0],
    ])('%s ends with %d', async (command, expected) => {
      const job = await signedIn('cli');
      expect((await step(job, `${EXEC} ${command}`)).exitCode).toBe(expected);
    });

    test('a signal reaches the command, whose own exit code counts; nothing is left', async () => {
      const job = await signedIn('cli');
      const result = await step(
        job,
        `set +e; ${EXEC} bash -c 'trap "echo caught; exit 9" TERM; echo ready; while :; do sleep 0.1; done' > out &
        until grep -q ready out 2>/dev/null; do sleep 0.1; done; kill -TERM $!; wait $!; echo "exit $?"; cat out`,
      );
      expect(result.stdout).toBe('exit 9\nready\ncaught\n');
    });

    test('without a sign-in the command is not run: exit code 125', async () => {
      const job = await signedIn('cli');
      scenario.cloud.application.federatedCredentials.length = 0;
      const result = await step(job, `${EXEC} echo ran || echo "exit $?"`);
      expect(result.stdout).toBe('exit 125\n');
      expect(result.stderr).toContain('AADSTS70025');
    });

    test.each([
      ['patless exec --', 'No command is given.'],
      ['patless exec true', 'No command is given.'],
      ['patless exec -- true', 'Nothing says what the command needs.'],
      ['patless exec --configure gti -- true', 'did you mean git?'],
    ])('%s is misuse: exit code 2', async (command, message) => {
      const job = await scenario.job();
      await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'cli' }));
      const result = await step(job, `unset \${!PATLESS_FOLDER*}; ${command} || echo "exit $?"`);
      expect([result.stdout, result.stderr]).toEqual(['exit 2\n', expect.stringContaining(message)]);
    });
  });
});

/** The lines by which the command hides values. */
const MASKS = /^(?:::add-mask::|##vso\[task\.setsecret\]).*$/gm;

function tokensIn(authorization: string | undefined): string[] {
  return [...`${authorization ?? ''} ${decoded(authorization)}`.matchAll(/eyJ[\w.-]+/g)].map(
    ([token]) => token,
  );
}

function decoded(authorization: string | undefined): string {
  return Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
}
