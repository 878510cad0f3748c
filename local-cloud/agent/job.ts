// One job as the Azure Pipelines agent runs it: tasks and scripts as processes, logging commands, masks, and post-job
// steps in reverse order (azure-pipelines-agent, TaskRunner.cs, NodeHandler.cs, Handler.cs).
import { type ChildProcess, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { AzurePipelines } from '../azure-pipelines.js';
import { runStepProcess } from '../step-process.js';
import type { AgentCommand } from './commands.js';
import {
  connectionEndpoint,
  type Endpoint,
  endpointVariables,
  secretsOf,
  systemEndpoint,
} from './endpoints.js';
import { AgentMasker } from './masker.js';
import { restrictionsOf, type StepTarget } from './restrictions.js';
import { type Issue, Step, type TaskResult } from './step.js';
import {
  completeInputs,
  connectionInputs,
  programFor,
  readTask,
  type TaskDefinition,
} from './task-definition.js';
import { environmentName, type Variable, Variables } from './variables.js';

type Strings = Readonly<Record<string, string>>;

export interface AgentJobOptions {
  /** Runs tasks; the Node at hand unless another one is given. From 24 on, tasks run as Node24. */
  readonly node?: string;
  readonly pipelines: AzurePipelines;
  /** What the machine gives to every step: proxy and trust. */
  readonly environment: Strings;
  /** Public variables, by their names as in YAML; they outrank the agent's own. */
  readonly variables?: Strings;
  readonly secretVariables?: Strings;
  readonly buildReason?: string;
  /** Of the pull request. */
  readonly fork?: boolean;
  /** AZP_IGNORE_SECRETS_SHORTER_THAN */
  readonly ignoreSecretsShorterThan?: number;
  /** Sees the process of each step as it starts; a test may kill it. */
  readonly onStart?: (process: ChildProcess) => void;
  /** Called with each masked line, as it would stand in the log. */
  readonly print?: (line: string) => void;
}

export interface StepOptions {
  /** The prefix of its output variables. */
  readonly name?: string;
  readonly target?: StepTarget;
}

export interface TaskOptions extends StepOptions {
  /** The step's `env:`. Public variables outrank it. */
  readonly env?: Strings;
}

export interface AgentStepResult {
  readonly exitCode: number;
  readonly result: TaskResult;
  /** Unmasked, for leak tests. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the step's log shows: masked, without the commands. */
  readonly log: string;
  readonly commands: readonly AgentCommand[];
  /** The public variables that it set, by the names that later steps find them under; output variables are apart. */
  readonly environment: ReadonlyMap<string, string>;
  /** By their short names. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Task variables. */
  readonly state: ReadonlyMap<string, string>;
  readonly issues: readonly Issue[];
}

/** azure-pipelines-task-lib, internal.ts. */
const OF_TASKS = /^(?:INPUT_|ENDPOINT_AUTH_|SECUREFILE_TICKET_|SECRET_|VSTS_TASKVARIABLE_)/;

interface Task {
  readonly folder: string;
  readonly definition: TaskDefinition;
  readonly inputs: Strings;
  readonly options: TaskOptions;
  readonly taskVariables: Variables;
}

export class AgentJob {
  /** The whole log, masked. */
  readonly lines: string[] = [];
  readonly #variables: Variables;
  readonly #environment = new Map<string, string>();
  readonly #path: string[] = [];
  readonly #posts: (() => Promise<AgentStepResult>)[] = [];

  private constructor(
    readonly workspace: string,
    readonly temp: string,
    readonly home: string,
    /** Holds the folders above. */
    readonly root: string,
    readonly systemAccessToken: string,
    readonly masker: AgentMasker,
    private readonly options: AgentJobOptions,
  ) {
    this.#variables = new Variables(masker);
    const { variables = {}, secretVariables = {} } = options;
    const secrets = { 'System.AccessToken': systemAccessToken, ...secretVariables };
    for (const [name, value] of Object.entries(this.#systemVariables())) {
      this.#variables.set(name, value, { readOnly: true });
    }
    for (const [name, value] of Object.entries(variables)) this.#variables.set(name, value);
    // The real agent hides the Base64 of these too, but of no secret that comes later. Here, tasks get no such help.
    for (const [name, value] of Object.entries(secrets)) this.#variables.set(name, value, { secret: true });
  }

  static async start(options: AgentJobOptions): Promise<AgentJob> {
    const root = await mkdtemp(join(tmpdir(), 'agent-job-'));
    const [workspace, temp, home] = ['work/1/s', 'work/_temp', 'home'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    for (const folder of [workspace, temp, home]) await mkdir(folder, { recursive: true });
    const masker = new AgentMasker(options.ignoreSecretsShorterThan);
    const accessToken = await options.pipelines.systemAccessToken();
    return new AgentJob(workspace, temp, home, root, accessToken, masker, options);
  }

  /** Public variables that earlier steps have set, by the names that later steps find them under. */
  get environment(): ReadonlyMap<string, string> {
    return this.#environment;
  }

  /** `task:`, of an unpacked folder; an input that names a service connection has its ID. */
  async task(folder: string, inputs: Strings, options: TaskOptions = {}): Promise<AgentStepResult> {
    return (await this.addTask(folder, inputs, options))();
  }

  /**
   * Adds a task without running it. Its post-job step runs even if the task itself never does.
   * @returns what runs it.
   */
  async addTask(
    folder: string,
    inputs: Strings,
    options: TaskOptions = {},
  ): Promise<() => Promise<AgentStepResult>> {
    const definition = await readTask(folder);
    const task = { folder, definition, inputs, options, taskVariables: new Variables(this.masker) };
    const { execution, postjobexecution } = definition;
    if (postjobexecution !== undefined) this.#posts.unshift(() => this.#runTask(task, postjobexecution));
    return () => this.#runTask(task, execution);
  }

  /** `bash:`. As there, a command that fails does not end the script. */
  async bash(script: string, env: Strings = {}, options: StepOptions = {}): Promise<AgentStepResult> {
    const file = join(this.temp, `${randomUUID()}.sh`);
    await writeFile(file, this.#expand(script));
    const step = this.#newStep(options, new Variables(this.masker));
    // `bash:` is a task too, whose library takes what looks like its own inputs and secrets out of the environment.
    const base = Object.entries(this.#baseEnvironment(env)).filter(([name]) => !OF_TASKS.test(name));
    const environment = this.#withPath({ ...Object.fromEntries(base), ...this.#publicVariables() });
    return this.#run(step, 'bash', ['--noprofile', '--norc', file], environment, (exitCode) =>
      step.fail(`Bash exited with code '${exitCode}'.`),
    );
  }

  /** Runs the post-job steps, last task first. */
  async end(): Promise<AgentStepResult[]> {
    const results = [];
    for (const post of this.#posts.splice(0)) results.push(await post());
    return results;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  async #runTask(task: Task, programs: TaskDefinition['execution']): Promise<AgentStepResult> {
    const { folder, definition, options, taskVariables } = task;
    const inputs = Object.fromEntries(
      Object.entries(completeInputs(definition, task.inputs)).map(([name, value]) => [
        name,
        this.#expand(value),
      ]),
    );
    const endpoints = await this.#endpoints(definition, inputs);
    const step = this.#newStep({ name: definition.name, ...options }, taskVariables, definition);
    const environment = this.#withPath({
      ...this.#baseEnvironment(options.env ?? {}),
      ...this.#publicVariables(),
      VSTS_PUBLIC_VARIABLES: namesOf(this.#variables.public),
      ...named(this.#variables.secret, 'SECRET_'),
      VSTS_SECRET_VARIABLES: namesOf(this.#variables.secret),
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${environmentName(name)}`, value]),
      ),
      ...Object.assign({}, ...endpoints.map(endpointVariables)),
      ...named([...taskVariables.public, ...taskVariables.secret], 'VSTS_TASKVARIABLE_'),
    });
    const node = this.options.node ?? process.execPath;
    const program = join(folder, programFor(programs, majorOf(node)));
    return this.#run(step, node, [program], environment, (exitCode) =>
      step.fail(
        `Exit code ${exitCode} returned from process: file name '${node}', arguments '"${program}"'.`,
      ),
    );
  }

  #newStep(
    { name = 'bash', target = {} }: StepOptions,
    taskVariables: Variables,
    definition?: TaskDefinition,
  ): Step {
    return new Step({
      name,
      variables: this.#variables,
      taskVariables,
      masker: this.masker,
      restrictions: [definition?.restrictions ?? {}, restrictionsOf(target)],
      outputVariables: (definition?.outputVariables ?? []).map((output) => output.name),
      print: (text) => this.#print(text),
      prependPath: (folder) => this.#path.unshift(folder),
    });
  }

  async #run(
    step: Step,
    command: string,
    args: readonly string[],
    env: Strings,
    onFailure: (exitCode: number) => void,
  ): Promise<AgentStepResult> {
    const start = this.lines.length;
    const output = await runStepProcess(command, args, {
      cwd: this.workspace,
      env,
      onStart: this.options.onStart,
      onLine: (line) => step.readLine(line),
    });
    if (output.exitCode !== 0) onFailure(output.exitCode);
    if (step.result === 'Failed') this.#variables.set('Agent.JobStatus', 'Failed');
    for (const [name, value] of step.environment) this.#environment.set(name, value);
    const { result, commands, environment, outputs, state, issues } = step;
    const log = this.lines.slice(start).join('\n');
    return { ...output, result, log, commands, environment, outputs, state, issues };
  }

  /** Those that the inputs name, and the agent's own. */
  async #endpoints(definition: TaskDefinition, inputs: Strings): Promise<Endpoint[]> {
    const { pipelines } = this.options;
    const ids = connectionInputs(definition).map((name) => inputs[name]?.toLowerCase());
    const connections = pipelines.connections.filter(({ id }) => ids.includes(id));
    const url = this.#variables.find('System.CollectionUri')?.value ?? '';
    const endpoints = [
      ...(await Promise.all(connections.map((connection) => connectionEndpoint(connection, pipelines)))),
      systemEndpoint(url, this.systemAccessToken),
    ];
    for (const secret of endpoints.flatMap(secretsOf)) this.masker.add(secret);
    return endpoints;
  }

  #expand(text: string): string {
    return this.#variables.expand(text, this.#machine());
  }

  #baseEnvironment(env: Strings): Record<string, string> {
    const expanded = Object.entries(env).map(([name, value]) => [name, this.#expand(value).trim()]);
    return { ...this.#machine(), ...Object.fromEntries(expanded) };
  }

  #publicVariables(): Record<string, string> {
    return named(this.#variables.public, '');
  }

  #withPath(environment: Record<string, string>): Record<string, string> {
    return { ...environment, PATH: [...this.#path, environment.PATH ?? ''].join(delimiter) };
  }

  #machine(): Record<string, string> {
    return {
      HOME: this.home,
      LANG: 'C.UTF-8',
      PATH: process.env.PATH ?? '',
      ...this.options.environment,
    };
  }

  #print(text: string): void {
    for (const line of this.masker.mask(text).split('\n')) {
      this.lines.push(line);
      this.options.print?.(line);
    }
  }

  #systemVariables(): Strings {
    const { pipelines, buildReason = 'IndividualCI', fork } = this.options;
    const { job } = pipelines;
    return {
      TF_BUILD: 'True',
      'Agent.BuildDirectory': join(this.workspace, '..'),
      'Agent.JobStatus': 'Succeeded',
      'Agent.OS': 'Linux',
      'Agent.TempDirectory': this.temp,
      'Agent.Version': '4.264.2',
      'Agent.WorkFolder': join(this.root, 'work'),
      'Build.BuildId': '42',
      'Build.Reason': buildReason,
      'Build.Repository.Uri': `${job.collectionUri}${job.project}/_git/app`,
      'Build.SourceBranch': 'refs/heads/main',
      'Build.SourcesDirectory': this.workspace,
      'System.CollectionId': job.organizationId,
      'System.CollectionUri': job.collectionUri,
      'System.DefaultWorkingDirectory': this.workspace,
      'System.DefinitionId': '7',
      'System.HostType': 'build',
      'System.JobId': job.jobId,
      'System.OidcRequestUri': pipelines.requestUri,
      'System.PlanId': job.planId,
      'System.StageName': job.stage,
      'System.TeamFoundationCollectionUri': job.collectionUri,
      'System.TeamProject': job.project,
      'System.TeamProjectId': job.projectId,
      ...(fork !== undefined && { 'System.PullRequest.IsFork': fork ? 'True' : 'False' }),
    };
  }
}

function named(variables: readonly Variable[], prefix: string): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name, value, preserveCase }) => [
      `${prefix}${environmentName(name, preserveCase)}`,
      value,
    ]),
  );
}

function namesOf(variables: readonly Variable[]): string {
  return JSON.stringify(variables.map(({ name }) => name));
}

function majorOf(node: string): number {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
  return Number.parseInt(version.slice(1), 10);
}
