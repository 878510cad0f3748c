// Runs a pipeline file of one job: its steps (`task:`, `bash:`, `script:`) in order, then the post-job steps.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { ServiceConnection } from '../azure-pipelines.js';
import { AgentJob, type AgentJobOptions, type AgentStepResult } from './job.js';
import type { StepTarget } from './restrictions.js';
import { completeInputs, connectionInputs, readTask } from './task-definition.js';

type Values = Readonly<Record<string, unknown>>;

interface StepDefinition {
  readonly checkout?: string;
  readonly task?: string;
  readonly bash?: string;
  readonly script?: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly condition?: string;
  readonly inputs?: Values;
  readonly env?: Values;
  readonly target?: StepTarget;
}

interface PipelineDefinition {
  readonly variables?: Values;
  readonly steps: readonly StepDefinition[];
}

export interface PipelineOptions extends AgentJobOptions {
  /** The folders of the installed tasks, by what a step calls them: "Patless@1". */
  readonly tasks: ReadonlyMap<string, string>;
  /** Sees the job before its folders are removed. */
  readonly inspect?: (job: AgentJob) => Promise<void>;
}

export interface PipelineRun {
  readonly result: 'Succeeded' | 'Failed';
  readonly steps: readonly AgentStepResult[];
  readonly posts: readonly AgentStepResult[];
  readonly log: string;
}

/** @throws Error before anything runs for a pipeline that the service would refuse. */
export async function runPipeline(file: string, options: PipelineOptions): Promise<PipelineRun> {
  const definition = parse(await readFile(file, 'utf8')) as PipelineDefinition;
  const steps = definition.steps.filter(({ checkout }) => checkout === undefined);
  const named = new Set<ServiceConnection>();
  const resolved = await Promise.all(steps.map((step) => withConnectionIds(step, options, named)));
  for (const connection of options.pipelines.connections) connection.referenced = named.has(connection);

  const variables = { ...strings(definition.variables), ...options.variables };
  const job = await AgentJob.start({ ...options, variables });
  const runnable = [];
  // All at once: the post-job step of a task that is skipped runs nevertheless.
  for (const step of resolved) runnable.push({ step, run: await prepare(step, job, options) });
  const results: AgentStepResult[] = [];
  let failed = false;
  for (const { step, run } of runnable) {
    if (!isMet(step.condition, failed)) continue;
    options.print?.(`\n▶ ${step.displayName ?? step.task ?? step.name ?? 'script'}`);
    const result = await run();
    results.push(result);
    failed ||= result.result === 'Failed';
  }
  options.print?.('\n▶ post-job steps');
  const posts = await job.end();
  failed ||= posts.some(({ result }) => result === 'Failed');
  await options.inspect?.(job);
  job.remove();
  return { result: failed ? 'Failed' : 'Succeeded', steps: results, posts, log: job.lines.join('\n') };
}

/** Steps name connections; the agent gets their IDs. */
async function withConnectionIds(
  step: StepDefinition,
  { tasks, pipelines }: PipelineOptions,
  named: Set<ServiceConnection>,
): Promise<StepDefinition> {
  if (step.task === undefined) return step;
  const task = await readTask(folderOf(step.task, tasks));
  const inputs = completeInputs(task, strings(step.inputs));
  for (const input of connectionInputs(task)) {
    const name = inputs[input];
    if (name === undefined || name === '') continue;
    const found = pipelines.connections.find((connection) => [connection.name, connection.id].includes(name));
    if (found?.authorized !== true) {
      throw new Error(
        `Job Job: Step ${step.name ?? task.name} input ${input} references service connection ${name} which could not be found. The service connection does not exist, has been disabled or has not been authorized for use. For authorization details, refer to https://aka.ms/yamlauthz.`,
      );
    }
    named.add(found);
    inputs[input] = found.id;
  }
  return { ...step, inputs };
}

function folderOf(task: string, tasks: PipelineOptions['tasks']): string {
  const folder = tasks.get(task);
  if (folder === undefined)
    throw new Error(`A task is missing. The pipeline references a task called '${task}'.`);
  return folder;
}

async function prepare(
  step: StepDefinition,
  job: AgentJob,
  { tasks }: PipelineOptions,
): Promise<() => Promise<AgentStepResult>> {
  const { task, bash, script } = step;
  const env = strings(step.env);
  const options = {
    ...(step.name !== undefined && { name: step.name }),
    ...(step.target !== undefined && { target: step.target }),
  };
  if (task !== undefined) {
    return job.addTask(folderOf(task, tasks), strings(step.inputs), { ...options, env });
  }
  const text = bash ?? script;
  if (text === undefined) throw new Error(`this small agent cannot run ${JSON.stringify(step)}`);
  return () => job.bash(text, env, options);
}

function isMet(condition = 'succeeded()', failed: boolean): boolean {
  const conditions = new Map([
    ['succeeded()', !failed],
    ['failed()', failed],
    ['always()', true],
    ['succeededOrFailed()', true],
  ]);
  const met = conditions.get(condition);
  if (met === undefined) throw new Error(`this small agent cannot evaluate ${condition}`);
  return met;
}

function strings(values: Values = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
