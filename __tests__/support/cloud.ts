// Gives each scenario test a cloud of its own, and jobs that run the real bundle in it.
import { afterEach, beforeEach } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from '../../local-cloud/cloud.js';
import type { StepResult } from '../../local-cloud/runner/job.js';
import { GITHUB, type HostedJob, type JobWishes, NODE, PROJECT, type TestHost } from './hosts.js';

export { NODE, PROJECT };

export interface Scenario {
  readonly cloud: LocalCloud;
  /** A job with `permissions: id-token: write`; options override. */
  job(wishes?: JobWishes): Promise<HostedJob>;
  /** The action's required inputs, and these. */
  inputs(more?: Readonly<Record<string, string>>): Record<string, string>;
  /** Runs the action in a new job. */
  action(more?: Readonly<Record<string, string>>, wishes?: JobWishes): Promise<StepResult>;
}

/** Call once at the top of a file or of a host's `describe`; the getters work inside tests. */
export function useCloud(host: TestHost = GITHUB): Scenario {
  let cloud: LocalCloud;
  let jobs: HostedJob[] = [];
  beforeEach(async () => {
    cloud = await startLocalCloud();
  });
  afterEach(async () => {
    for (const job of jobs) job.remove();
    jobs = [];
    await cloud.stop();
  });
  const scenario: Scenario = {
    get cloud() {
      return cloud;
    },
    async job(wishes = {}) {
      const job = await host.start(cloud, wishes);
      jobs.push(job);
      return job;
    },
    inputs: (more = {}) => ({
      'client-id': cloud.application.clientId,
      'tenant-id': cloud.entra.tenant.tenantId,
      ...more,
    }),
    async action(more = {}, wishes = {}) {
      const job = await scenario.job(wishes);
      return job.action(PROJECT, scenario.inputs(more));
    },
  };
  return scenario;
}

/** What was asked, in order: "GET host/path". */
export function contacted(cloud: LocalCloud): string[] {
  return cloud.requests.map(({ method, url }) => `${method} ${url.host}${url.pathname}`);
}

/** The one error annotation of a failed step. */
export function errorOf(result: StepResult): string {
  const errors = result.commands.filter(({ name }) => name === 'error');
  if (errors.length !== 1)
    throw new Error(`expected one error, got ${errors.length}: ${result.log}${result.stderr}`);
  return errors[0]?.data ?? '';
}

/** True when the step left nothing for later steps. */
export function exportedNothing(result: StepResult): boolean {
  return result.outputs.size === 0 && result.environment.size === 0;
}
