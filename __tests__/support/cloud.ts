// Gives each scenario test a cloud of its own, and jobs that run the real bundle in it.
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from '../../local-cloud/cloud.js';
import { Job, type JobOptions, type StepResult } from '../../local-cloud/runner/job.js';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** The Node that runs the action; `.ci/run` sets it to a Node 24. */
export const NODE = process.env.PATLESS_TEST_NODE ?? process.execPath;

export interface Scenario {
  readonly cloud: LocalCloud;
  /** A job with `permissions: id-token: write`; options override. */
  job(options?: Partial<JobOptions>): Promise<Job>;
  /** The action's required inputs, and these. */
  inputs(more?: Readonly<Record<string, string>>): Record<string, string>;
  /** Runs the action in a new job. */
  action(more?: Readonly<Record<string, string>>, options?: Partial<JobOptions>): Promise<StepResult>;
}

/** Call once at the top of a file; the getters work inside tests. */
export function useCloud(): Scenario {
  let cloud: LocalCloud;
  let jobs: Job[] = [];
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
    async job(options = {}) {
      const environment = {
        ...cloud.networkEnvironment(),
        ...cloud.identityEnvironment(),
        ...options.environment,
      };
      const job = await Job.start({ node: NODE, ...options, environment });
      jobs.push(job);
      return job;
    },
    inputs: (more = {}) => ({
      'client-id': cloud.application.clientId,
      'tenant-id': cloud.entra.tenant.tenantId,
      ...more,
    }),
    async action(more = {}, options = {}) {
      const job = await scenario.job(options);
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
    throw new Error(`expected one error, got ${errors.length}: ${result.stdout}${result.stderr}`);
  return errors[0]?.data ?? '';
}

/** True when the step left nothing for later steps. */
export function exportedNothing(result: StepResult): boolean {
  return result.outputs.size === 0 && result.environment.size === 0;
}
