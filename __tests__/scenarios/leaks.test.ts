// Scenario: canaries are handed out, and every sink is searched for them, in ordinary runs, failures and debug modes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { json } from '../../local-cloud/http.js';
import type { StepResult } from '../../local-cloud/runner/job.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';
import { encodingsOf, filesIn, leaks, type Sink } from '../support/leaks.js';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);
  const EVERYTHING = { organization: 'contoso', configure: 'git', 'export-env': 'ADO_TOKEN' };

  /** What the cloud has handed out so far. */
  function canaries(job: HostedJob, main: StepResult): Record<string, string> {
    const form = scenario.cloud.requests.map(({ body }) => new URLSearchParams(body.toString('latin1')));
    const idToken = form.map((fields) => fields.get('client_assertion') ?? '').find((value) => value !== '');
    const accessToken = main.outputs.get('token');
    return {
      'request bearer': host.bearer(scenario.cloud, job),
      ...(idToken && { 'ID token': idToken }),
      ...(accessToken && { 'access token': accessToken }),
    };
  }

  /** What a step printed, without the mask commands, whose place this is. */
  function printed(step: StepResult): Sink[] {
    return [
      { name: 'stdout', text: step.stdout.replace(host.secretLines, '') },
      { name: 'stderr', text: step.stderr },
      { name: 'state', text: [...step.state.values()].join('\n') },
      { name: 'job summary', text: step.summary },
      { name: 'log', text: step.log },
    ];
  }

  /** Outputs and variables that are not meant to hold the token. */
  function handedOn(step: StepResult): Sink[] {
    const meant = new Set(['token', 'ADO_TOKEN', 'PATLESS_TOKEN_CONTOSO']);
    return [...step.outputs, ...step.environment]
      .filter(([name]) => !meant.has(name))
      .map(([name, text]) => ({ name: `variable or output ${name}`, text }));
  }

  /** Bytes that each host received, except the secret that is meant for it. */
  function received(): Sink[] {
    return scenario.cloud.requests.map(({ host, url, headers, body }) => ({
      name: `a request to ${host}`,
      text: `${url.href}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`,
    }));
  }
  const MEANT_FOR: readonly [secret: string, host: RegExp][] = [
    ['request bearer', new RegExp(`${host.idTokenHost}$`)],
    ['ID token', /login\.microsoftonline\.com$/],
    ['access token', /dev\.azure\.com$/],
  ];

  function expectNoLeak(job: HostedJob, main: StepResult, ...steps: StepResult[]): void {
    const secrets = canaries(job, main);
    const found = leaks(secrets, [
      ...[main, ...steps].flatMap((step) => [...printed(step), ...handedOn(step)]),
      ...filesIn(job.root),
    ]);
    expect(found).toEqual([]);
    const misdirected = leaks(secrets, received()).filter(
      (leak) => !MEANT_FOR.some(([secret, host]) => leak.startsWith(secret) && host.test(leak)),
    );
    expect(misdirected).toEqual([]);
  }

  async function run(inputs: Record<string, string> = EVERYTHING, environment: Record<string, string> = {}) {
    const job = await scenario.job({ environment });
    const main = await job.action(PROJECT, scenario.inputs(inputs));
    return { job, main };
  }

  test('a whole job leaves no canary anywhere (F14, F22, H8)', async () => {
    await scenario.cloud.azureDevOps.addRepository(
      { organization: 'contoso', project: 'widgets', repository: 'app' },
      { a: 'a' },
    );
    const { job, main } = await run();
    const git = await job.shell(
      'git clone https://dev.azure.com/contoso/widgets/_git/app && git -C app fetch',
    );
    expect(git.exitCode).toBe(0);
    const posts = await job.end();
    expectNoLeak(job, main, git, ...posts);
  });

  test.each(['ID token service', 'Entra', 'Azure DevOps'])(
    'nor does a run that %s fails, echoing what it got (B19, D19, F15)',
    async (who) => {
      const asked = {
        'ID token service': host.idTokenHost,
        Entra: 'microsoftonline.com',
        'Azure DevOps': 'dev.azure.com',
      }[who];
      scenario.cloud.faults.push((request) => {
        if (!request.host.endsWith(asked ?? '')) return undefined;
        const echo = `${request.headers.authorization} ${request.body}`;
        return json(400, { error: 'x', error_description: echo, message: echo });
      });
      const { job, main } = await run();
      expect(main.exitCode).toBe(1);
      const masked = main.commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data);
      const { 'ID token': idToken } = canaries(job, main);
      if (idToken !== undefined) expect(masked).toContain(idToken);
      expectNoLeak(job, main, ...(await job.end()));
    },
  );

  describe('in debug modes', () => {
    test.each<[string, Record<string, string>]>([
      ['of the runner', { ACTIONS_STEP_DEBUG: 'true', RUNNER_DEBUG: '1' }],
      ['of GitHub and git', { RUNNER_DEBUG: '1', GIT_TRACE: '1', GIT_TRACE2: '1', GIT_CURL_VERBOSE: '1' }],
    ])('%s nothing more comes out (F9)', async (_, environment) => {
      const { job, main } = await run(EVERYTHING, environment);
      expect(main.exitCode).toBe(0);
      expectNoLeak(job, main, ...(await job.end()));
    });

    test.each(['http', 'https,http,net,tls', 'tunnel'])(
      'of Node (NODE_DEBUG=%s) the log shows them masked (F10)',
      async (debug) => {
        const { job, main } = await run(EVERYTHING, { NODE_DEBUG: debug });
        expect(main.exitCode).toBe(0);
        expect(main.stderr).toMatch(/^(?:HTTP|HTTPS|NET|TLS|TUNNEL)\b/m);
        expect(leaks(canaries(job, main), [{ name: 'log', text: main.log }])).toEqual([]);
      },
    );
  });

  describe('the search itself can fail (F13)', () => {
    test.each(
      encodingsOf('header.payload.the-signature-of-the-planted-canary').map(([encoding]) => encoding),
    )('a planted leak as %s is found', async (encoding) => {
      const { job, main } = await run({});
      const form =
        encodingsOf(main.outputs.get('token') ?? '').find(([name]) => name === encoding)?.[1] ?? '';
      writeFileSync(join(job.workspace, 'planted'), `noise ${form} noise`, 'latin1');
      expect(() => expectNoLeak(job, main)).toThrow(/in .*planted/);
    });
  });
});
