// Scenario: scripts of our own workflows that only a runner would try: the action in its local cloud, and the canary.
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { interpolate } from '../../local-cloud/runner/expressions.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import type { HostedJob } from '../support/hosts.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const scenario = useCloud();

function stepsOf(workflow: string, job: string): Step[] {
  const { jobs } = parse(readFileSync(`.github/workflows/${workflow}.yml`, 'utf8')) as {
    jobs: Record<string, { steps: Step[] }>;
  };
  return jobs[job]?.steps ?? [];
}

/** A checkout, without the copying. */
async function checkedOut(environment: Readonly<Record<string, string>> = {}): Promise<HostedJob> {
  const job = await scenario.job({ environment });
  for (const folder of ['build', 'dist', 'node_modules']) {
    symlinkSync(join(PROJECT, folder), join(job.workspace, folder));
  }
  return job;
}

test('test.yml, "action": starts the local cloud, signs in by `uses: ./`, and works with the token', async () => {
  const [start, action, work] = stepsOf('test', 'action').slice(-3);
  // It starts a cloud of its own, and nothing may lead to ours.
  const ours = { ...scenario.cloud.networkEnvironment(), ...scenario.cloud.identityEnvironment() };
  const job = await checkedOut(Object.fromEntries(Object.keys(ours).map((name) => [name, ''])));
  try {
    expect(await job.shell(start?.run ?? '')).toMatchObject({ exitCode: 0, stderr: '' });
    const env = Object.fromEntries(job.environment);
    expect(env.HTTPS_PROXY).not.toBe(ours.HTTPS_PROXY);
    expect(action?.uses).toBe('./');
    const inputs = Object.entries(action?.with ?? {}).map(([name, value]) => [
      name,
      interpolate(value, { env }),
    ]);
    const signedIn = await job.action(PROJECT, Object.fromEntries(inputs));
    expect([signedIn.exitCode, signedIn.log]).toEqual([0, expect.stringContaining('contoso')]);
    const emptied = Object.keys(ours).filter((name) => env[name] === undefined);
    const result = await job.shell(`unset ${emptied.join(' ')}\n${work?.run}`, {
      TOKEN: signedIn.outputs.get('token') ?? '',
    });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('refs/heads/main');
  } finally {
    rmSync(join(job.temp, 'keep-the-cloud'), { force: true });
  }
});

test('canary.yml, "refused": an unknown application and one that trusts another subject are refused with their codes', async () => {
  const { application } = scenario.cloud;
  const script = stepsOf('canary', 'refused').at(-1)?.run ?? '';
  const refused = async (stranger: string) => {
    const job = await checkedOut();
    return job.shell(script, { ORGANIZATION: 'contoso', STRANGER: stranger });
  };
  const works = await refused(application.clientId);
  expect([works.exitCode, works.stdout]).toEqual([1, expect.stringContaining('was given a token')]);

  const [credential] = application.federatedCredentials;
  application.federatedCredentials.splice(0, 9, {
    ...(credential as NonNullable<typeof credential>),
    subject: 'repo:somebody/else:ref:refs/heads/main',
  });
  expect(await refused(application.clientId)).toMatchObject({ exitCode: 0 });
  expect(await refused('')).toMatchObject({ exitCode: 0 });
});
