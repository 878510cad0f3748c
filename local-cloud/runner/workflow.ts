// Runs a workflow file: its jobs in order of `needs`, their steps (`uses:` and `run:`), their outputs.
import {
  type JobDefinition,
  nameOf,
  needsOf,
  permissionsOf,
  readWorkflow,
  type StepDefinition,
  type Strings,
  type WorkflowDefinition,
} from './definition.js';
import { type Contexts, interpolate, isTrue } from './expressions.js';
import { Job, type JobOptions, NAMED_BASH, type StepResult, UNNAMED_SHELL } from './job.js';

/** `uses: ./`, and the name that the README gives to a published copy. */
const OUR_ACTION = ['./', 'OWNER/patless'];

export interface WorkflowOptions extends Omit<JobOptions, 'environment'> {
  /** The folder of the action. */
  readonly actionFolder: string;
  /** Proxy and trust: what the machine gives to every job. */
  readonly environment: Strings;
  /** What a job gets when it has `permissions: id-token: write`. */
  readonly identity: Strings;
  /** The repository's variables, `${{ vars.NAME }}`. */
  readonly variables: Strings;
  /** What other actions do here, by their names without a version. */
  readonly actions?: Readonly<Record<string, (job: Job, inputs: Strings) => Promise<StepResult>>>;
  /** Files of reusable workflows, by their names without a version. */
  readonly reusable?: Strings;
  /** Told of each job before it starts. */
  readonly beforeJob?: (definition: JobDefinition) => void;
  /** The repository's secrets, `${{ secrets.NAME }}`. */
  readonly secrets?: Strings;
  /** Sees each job before its folders are removed. */
  readonly inspect?: (job: Job) => Promise<void>;
}

export interface JobRun {
  readonly conclusion: 'success' | 'failure' | 'skipped';
  readonly steps: readonly StepResult[];
  readonly posts: readonly StepResult[];
  readonly outputs: Strings;
  readonly log: string;
}

const SKIPPED: JobRun = { conclusion: 'skipped', steps: [], posts: [], outputs: {}, log: '' };

/** What a reusable workflow gets from the job that calls it. */
interface Call {
  readonly inputs: Strings;
  readonly permissions: Strings;
}

/** @returns each job's run; those of a reusable workflow as GitHub shows them: "calling job / job". */
export async function runWorkflow(
  file: string,
  options: WorkflowOptions,
  call?: Call,
): Promise<Record<string, JobRun>> {
  const workflow = await readWorkflow(file);
  const runs: Record<string, JobRun> = {};
  const called: Record<string, JobRun> = {};
  const waiting = new Map(Object.entries(workflow.jobs));
  while (waiting.size > 0) {
    const next = [...waiting].find(([, job]) => needsOf(job).every((needed) => runs[needed]));
    if (next === undefined) throw new Error(`no job can start: ${[...waiting.keys()].join(', ')}`);
    const [id, definition] = next;
    waiting.delete(id);
    const needed = needsOf(definition).map((name) => [name, runs[name] ?? SKIPPED] as const);
    const known = {
      vars: options.variables,
      secrets: options.secrets ?? {},
      inputs: call?.inputs ?? {},
      needs: Object.fromEntries(needed.map(([name, { outputs }]) => [name, { outputs }])),
      github: {
        event_name: options.event?.name ?? 'push',
        event: options.event?.payload ?? {},
        actor: options.environment.GITHUB_ACTOR ?? 'octocat',
      },
    };
    const hasFailed = needed.some(([, { conclusion }]) => conclusion !== 'success');
    if (!isTrue(definition.if ?? 'success()', known, hasFailed)) {
      runs[id] = SKIPPED;
    } else if (definition.uses === undefined) {
      runs[id] = await runJob(workflow, definition, known, options, call);
    } else {
      const nested = await runCalled(workflow, definition, known, options);
      for (const [name, run] of Object.entries(nested)) called[`${id} / ${name}`] = run;
      const failed = Object.values(nested).some(({ conclusion }) => conclusion === 'failure');
      runs[id] = { ...SKIPPED, conclusion: failed ? 'failure' : 'success' };
    }
  }
  return { ...runs, ...called };
}

async function runCalled(
  workflow: WorkflowDefinition,
  definition: JobDefinition,
  known: Contexts,
  options: WorkflowOptions,
): Promise<Record<string, JobRun>> {
  const file = options.reusable?.[nameOf(definition.uses ?? '')];
  if (file === undefined) throw new Error(`this small runner does not have ${definition.uses}`);
  const permissions = permissionsOf(workflow, definition);
  return runWorkflow(file, options, { inputs: strings(definition.with, known), permissions });
}

async function runJob(
  workflow: WorkflowDefinition,
  definition: JobDefinition,
  known: Contexts,
  options: WorkflowOptions,
  call: Call | undefined,
): Promise<JobRun> {
  const permissions = permissionsOf(workflow, definition);
  const wantsIdentity = permissions['id-token'] === 'write';
  if (wantsIdentity && call !== undefined && call.permissions['id-token'] !== 'write') {
    throw new Error("The nested job is requesting 'id-token: write', but is only allowed 'id-token: none'");
  }
  options.beforeJob?.(definition);
  const identity = wantsIdentity ? options.identity : {};
  // What a step writes to GITHUB_ENV outranks these, so they belong to the job and not to each step.
  const jobEnv = strings({ ...workflow.env, ...definition.env }, known);
  const job = await Job.start({
    ...options,
    environment: { ...options.environment, ...identity, ...jobEnv },
  });
  const outputsOf: Record<string, { outputs: Strings }> = {};
  const contexts = (): Contexts => ({
    ...known,
    steps: outputsOf,
    env: { ...jobEnv, ...Object.fromEntries(job.environment) },
    runner: { temp: job.temp, os: 'Linux' },
  });
  const steps: StepResult[] = [];
  let failed = false;
  for (const step of definition.steps) {
    if (!isTrue(step.if ?? 'success()', contexts(), failed)) continue;
    options.print?.(`\n▶ ${step.name ?? step.uses ?? 'run'}`);
    const shell = step.shell ?? workflow.defaults?.run?.shell;
    const result = await runStep({ ...step, shell }, job, contexts(), options);
    steps.push(result);
    if (step.id !== undefined) outputsOf[step.id] = { outputs: Object.fromEntries(result.outputs) };
    if (result.exitCode !== 0 && step['continue-on-error'] !== true) failed = true;
  }
  options.print?.('\n▶ post steps');
  const posts = await job.end();
  await options.inspect?.(job);
  const outputs = safeOutputs(strings(definition.outputs, contexts()), job, options);
  job.remove();
  return { conclusion: failed ? 'failure' : 'success', steps, posts, outputs, log: job.lines.join('\n') };
}

function runStep(
  { uses = '', run, shell, ...step }: StepDefinition,
  job: Job,
  contexts: Contexts,
  { actionFolder, actions = {} }: WorkflowOptions,
): Promise<StepResult> {
  const env = strings(step.env, contexts);
  if (run !== undefined) {
    return job.shell(interpolate(run, contexts), env, shell === 'bash' ? NAMED_BASH : UNNAMED_SHELL);
  }
  const inputs = strings(step.with, contexts);
  if (OUR_ACTION.includes(nameOf(uses))) return job.action(actionFolder, inputs, env);
  const played = actions[nameOf(uses)];
  if (played === undefined) throw new Error(`this small runner cannot run uses: ${uses}`);
  return played(job, inputs);
}

/** The runner drops a job output that a mask would change (actions/runner, JobExtension.cs). */
function safeOutputs(outputs: Strings, job: Job, options: WorkflowOptions): Strings {
  const entries = Object.entries(outputs).filter(([name, value]) => {
    const dropped = job.masker.hides(value);
    if (dropped) {
      const line = `Skip output '${name}' since it may contain secret.`;
      job.lines.push(line);
      options.print?.(line);
    }
    return !dropped;
  });
  return Object.fromEntries(entries);
}

function strings(
  values: Readonly<Record<string, unknown>> | undefined,
  contexts: Contexts,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, interpolate(String(value), contexts)]),
  );
}
