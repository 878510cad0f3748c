// Reads a task's task.json: its inputs, its programs and what it may set.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskRestrictions } from './restrictions.js';

export interface TaskInput {
  readonly name: string;
  readonly type?: string;
  readonly defaultValue?: string | boolean;
  readonly aliases?: readonly string[];
}

/** By the name of what runs it, for example Node24. */
type Programs = Readonly<Record<string, { readonly target: string }>>;

export interface TaskDefinition {
  readonly name: string;
  readonly version: { readonly Major: number | string };
  readonly inputs?: readonly TaskInput[];
  readonly outputVariables?: readonly { readonly name: string }[];
  readonly restrictions?: TaskRestrictions;
  readonly execution: Programs;
  readonly postjobexecution?: Programs;
}

export async function readTask(folder: string): Promise<TaskDefinition> {
  return JSON.parse(await readFile(join(folder, 'task.json'), 'utf8')) as TaskDefinition;
}

/** @returns the path in the task's folder of what that Node runs. */
export function programFor(programs: Programs, nodeMajor: number): string {
  const order = nodeMajor >= 24 ? ['Node24', 'Node20_1'] : ['Node20_1'];
  const found = order.find((name) => programs[name] !== undefined);
  const program = found === undefined ? undefined : programs[found];
  if (program === undefined) throw new Error(`no program for Node ${nodeMajor} in ${Object.keys(programs)}`);
  return program.target;
}

/** The inputs by their names, with defaults; a given one may have any letter case, or the name of an alias. */
export function completeInputs(
  { inputs = [] }: TaskDefinition,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Map(
    inputs.flatMap(({ name, aliases = [] }) =>
      [name, ...aliases].map((known) => [known.toLowerCase(), name] as const),
    ),
  );
  const defaults = inputs.map(({ name, defaultValue = '' }) => [name, String(defaultValue)] as const);
  const values = Object.entries(given).map(
    ([name, value]) => [names.get(name.toLowerCase()) ?? name, value] as const,
  );
  return Object.fromEntries([...defaults, ...values].map(([name, value]) => [name, value.trim()]));
}

/** The names of the inputs that name service connections. */
export function connectionInputs({ inputs = [] }: TaskDefinition): string[] {
  return inputs.filter(({ type }) => /^connectedService:/i.test(type ?? '')).map(({ name }) => name);
}
