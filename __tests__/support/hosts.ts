// The hosts that scenarios run on, behind one interface, in GitHub's words: a scenario does not know where it runs.
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AgentJob, type AgentStepResult } from '../../local-cloud/agent/job.js';
import { unpackVsix } from '../../local-cloud/agent/vsix.js';
import type { LocalCloud } from '../../local-cloud/cloud.js';
import { Job, type StepResult } from '../../local-cloud/runner/job.js';
import { taskInput } from '../../src/hosts/pipelines-words.js';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** The Node that runs the action; `.ci/run` sets it to a Node 24, as on GitHub. A task runs on the Node at hand, since an agent may still have 20. */
export const NODE = process.env.PATLESS_TEST_NODE ?? process.execPath;

type Strings = Readonly<Record<string, string>>;

export interface JobWishes {
  /** Given to every step, beside the network's variables. */
  readonly environment?: Strings;
  readonly node?: string;
  readonly onStart?: (process: ChildProcess) => void;
  readonly event?: { readonly name: string; readonly payload: unknown };
}

export interface HostedJob {
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly root: string;
  readonly masker: { hides(text: string): boolean };
  /** What earlier steps have set for later ones. */
  readonly environment: ReadonlyMap<string, string>;
  /** Runs patless, with the action's inputs. */
  action(folder: string, inputs: Strings): Promise<StepResult>;
  /** Runs a bash script that ends at its first failure. */
  shell(script: string, env?: Strings): Promise<StepResult>;
  end(): Promise<StepResult[]>;
  remove(): void;
}

export interface TestHost {
  readonly name: string;
  start(cloud: LocalCloud, wishes: JobWishes): Promise<HostedJob>;
  /** What the job asks for its ID token with. */
  bearer(cloud: LocalCloud, job: HostedJob): string;
  /** Where it asks. */
  readonly idTokenHost: string;
  /** Lines on stdout whose place a secret is: masks, and what hands it to later steps. */
  readonly secretLines: RegExp;
}

export const GITHUB: TestHost = {
  name: 'GitHub Actions',
  start: (cloud, { environment, ...wishes }) =>
    Job.start({
      node: NODE,
      ...wishes,
      environment: { ...cloud.networkEnvironment(), ...cloud.identityEnvironment(), ...environment },
    }),
  bearer: (cloud) => cloud.github.requestToken,
  idTokenHost: 'run-actions-1-azure-eastus.actions.githubusercontent.com',
  secretLines: /^::add-mask::.*$/gm,
};

export const AZURE_PIPELINES: TestHost = {
  name: 'Azure Pipelines',
  async start(cloud, { environment, event, ...wishes }) {
    if (event !== undefined) throw new Error('GitHub has events; a build has a reason');
    const job = await AgentJob.start({
      ...wishes,
      pipelines: cloud.azurePipelines,
      environment: { ...cloud.networkEnvironment(), ...environment },
      variables: environment?.RUNNER_DEBUG ? { 'System.Debug': 'true' } : {},
    });
    return hosted(job, cloud);
  },
  bearer: (_, job) => (job as HostedJob & { systemAccessToken: string }).systemAccessToken,
  idTokenHost: 'dev.azure.com',
  secretLines:
    /^##vso\[task\.(?:setsecret|setvariable variable=(?:token;|ADO_TOKEN;|PATLESS_TOKEN_CONTOSO;)).*$/gm,
};

export const HOSTS = [GITHUB, AZURE_PIPELINES];

/** The task as the package has it, unpacked once for each file of tests. */
let unpacked: { readonly root: string; readonly task: string } | undefined;

export async function taskFolder(): Promise<string> {
  const file = join(PROJECT, 'build/patless.vsix');
  if (!existsSync(file)) throw new Error('no build/patless.vsix: npm run build && npm run package');
  if (unpacked === undefined) {
    const root = mkdtempSync(join(tmpdir(), 'vsix-'));
    const task = (await unpackVsix(file, root)).get('Patless@1') ?? '';
    unpacked = { root, task };
    process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  }
  return unpacked.task;
}

function hosted(job: AgentJob, cloud: LocalCloud): HostedJob & { systemAccessToken: string } {
  const { workspace, temp, home, root, masker, systemAccessToken } = job;
  return {
    workspace,
    temp,
    home,
    root,
    masker,
    systemAccessToken,
    get environment() {
      return job.environment;
    },
    action: async (_, inputs) => inGitHubWords(await job.task(await taskFolder(), taskInputs(inputs, cloud))),
    shell: async (script, env) => inGitHubWords(await job.bash(`set -eo pipefail\n${script}`, env)),
    end: async () => (await job.end()).map(inGitHubWords),
    remove: () => job.remove(),
  };
}

/** Client and tenant are the service connection's. */
function taskInputs(
  { 'client-id': clientId, 'tenant-id': tenantId, ...rest }: Strings,
  cloud: LocalCloud,
): Strings {
  const [connection] = cloud.azurePipelines.connections;
  if (connection === undefined) throw new Error('the played pipeline has no connection');
  Object.assign(connection, { clientId, tenantId });
  return {
    azureDevOpsServiceConnection: connection.id,
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [taskInput(name), value])),
  };
}

const COMMANDS: Readonly<Record<string, string>> = { 'task.setsecret': 'add-mask', 'task.logissue': 'error' };

function inGitHubWords({ result, outputs, commands, ...rest }: AgentStepResult): StepResult {
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return {
    ...rest,
    exitCode: result === 'Failed' ? rest.exitCode || 1 : 0,
    outputs: new Map([...outputs].map(([name, value]) => [kebab(name), value])),
    commands: commands.flatMap(({ area, event, properties, data }) => {
      const name = COMMANDS[`${area}.${event}`];
      return name === undefined ? [] : [{ name, properties, data }];
    }),
    summary: '',
  };
}
