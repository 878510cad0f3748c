// Runs a workflow file: its jobs in order of `needs`, their steps (`uses: ./` and `run:`), their outputs.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type Contexts, interpolate, isTrue } from './expressions.js';
import { Job, type JobOptions, type StepResult } from './job.js';

type Strings = Readonly<Record<string, string>>;

interface StepDefinition {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly 'continue-on-error'?: boolean;
}

interface JobDefinition {
  readonly needs?: string | readonly string[];
  readonly permissions?: Strings;
  readonly outputs?: Strings;
  readonly env?: Strings;
  readonly steps: readonly StepDefinition[];
}

interface WorkflowDefinition {
  readonly permissions?: Strings;
  readonly env?: Strings;
  readonly jobs: Readonly<Record<string, JobDefinition>>;
}

export interface WorkflowOptions extends Omit<JobOptions, 'environment'> {
  /** The folder that `uses: ./` means. */
  readonly actionFolder: string;
  /** Proxy and trust: what the machine gives to every job. */
  readonly environment: Strings;
  /** What a job gets when it has `permissions: id-token: write`. */
  readonly identity: Strings;
  /** The repository's variables, `${{ vars.NAME }}`. */
  readonly variables: Strings;
  /** The repository's secrets, `${{ secrets.NAME }}`. */
  readonly secrets?: Strings;
  /** Sees each job before its folders are removed. */
  readonly inspect?: (job: Job) => Promise<void>;
}

export interface JobRun {
  readonly conclusion: 'success' | 'failure';
  readonly steps: readonly StepResult[];
  readonly posts: readonly StepResult[];
  readonly outputs: Strings;
  readonly log: string;
}

export async function runWorkflow(file: string, options: WorkflowOptions): Promise<Record<string, JobRun>> {
  const workflow = parse(await readFile(file, 'utf8')) as WorkflowDefinition;
  const runs: Record<string, JobRun> = {};
  const waiting = new Set(Object.keys(workflow.jobs));
  while (waiting.size > 0) {
    const next = [...waiting].find((id) => needsOf(workflow.jobs[id]).every((needed) => runs[needed]));
    if (next === undefined) throw new Error(`no job can start: ${[...waiting].join(', ')}`);
    waiting.delete(next);
    const needs = Object.fromEntries(
      needsOf(workflow.jobs[next]).map((id) => [id, { outputs: runs[id]?.outputs }]),
    );
    runs[next] = await runJob(workflow, workflow.jobs[next] as JobDefinition, needs, options);
  }
  return runs;
}

function needsOf(job: JobDefinition | undefined): readonly string[] {
  return typeof job?.needs === 'string' ? [job.needs] : (job?.needs ?? []);
}

async function runJob(
  workflow: WorkflowDefinition,
  definition: JobDefinition,
  needs: unknown,
  options: WorkflowOptions,
): Promise<JobRun> {
  // A job's own `permissions` replaces the workflow's whole; the two are not merged.
  const permissions = definition.permissions ?? workflow.permissions ?? {};
  const identity = permissions['id-token'] === 'write' ? options.identity : {};
  const known = {
    vars: options.variables,
    secrets: options.secrets ?? {},
    needs,
    github: { event_name: options.event?.name ?? 'push', event: options.event?.payload ?? {} },
  };
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
    const env = strings(step.env, contexts());
    const result = await runStep(step, job, env, contexts(), options);
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
  step: StepDefinition,
  job: Job,
  env: Strings,
  contexts: Contexts,
  options: WorkflowOptions,
): Promise<StepResult> {
  if (step.uses === './') return job.action(options.actionFolder, strings(step.with, contexts), env);
  if (step.run !== undefined) return job.shell(interpolate(step.run, contexts), env);
  throw new Error(`this small runner cannot run uses: ${step.uses}`);
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
