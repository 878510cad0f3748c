// All cures of one file as one change of its text; what the changed file means is compared with what it has to mean.
import { isDeepStrictEqual } from 'node:util';
import { isMap, parse, type YAMLMap } from 'yaml';
import type { Cure, File, Owner } from './cure.js';
import type { Path, Step, StepList } from './dialect.js';
import { entriesOf, removal, valueOfKey } from './mapping.js';
import type { Remedy } from './remedy.js';
import { type Splice, spliced } from './splice.js';
import { insertedStep } from './step-text.js';

/** @returns undefined where it cannot be written so that nothing else changes. */
export function written(file: File, cures: readonly Cure[]): string | undefined {
  const variables = variablesTakenOut(file, cures);
  const steps = stepsAdded(file, cures);
  if (variables === undefined || steps === undefined) return undefined;
  const scripts = cures.flatMap(({ script }) => (script === undefined ? [] : [script]));
  const lists = new Set(steps.map(({ list }) => list));
  const text = spliced(file.text, [
    ...variables.flatMap(({ splices }) => splices),
    ...scripts.map(({ splice }) => splice),
    ...[...lists].flatMap(({ splices }) => splices),
    ...steps.map(({ splice }) => splice),
  ]);

  const expected: unknown = parse(file.text);
  for (const { path, keys } of variables)
    for (const key of keys) delete (at(expected, path) as Record<string, unknown>)[key];
  for (const { path, splice, occurrence } of scripts.toReversed()) {
    withoutText(expected, path, file.text.slice(splice.start, splice.end), occurrence);
  }
  for (const { path, permissions } of lists) {
    const job = at(expected, path.slice(0, -1)) as Record<string, unknown>;
    if (permissions !== undefined) job.permissions = permissions;
  }
  for (const { list, index, step } of steps.toReversed())
    (at(expected, list.path) as unknown[]).splice(index, 0, step);
  return isDeepStrictEqual(meaningOf(text), expected) ? text : undefined;
}

function meaningOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, key) => (inside as Record<string | number, unknown>)[key], value);
}

function withoutText(value: unknown, path: Path, text: string, occurrence: number): void {
  const owner = at(value, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1) ?? '';
  const parts = String(owner[key]).split(text);
  owner[key] = [parts.slice(0, occurrence + 1).join(text), parts.slice(occurrence + 1).join(text)].join('');
}

interface TakenOut {
  /** Of the mapping that loses these keys. */
  readonly path: Path;
  readonly keys: ReadonlySet<string>;
  readonly splices: readonly Splice[];
}

/** With its last variable, `env` itself goes. */
function variablesTakenOut({ text }: File, cures: readonly Cure[]): TakenOut[] | undefined {
  const byOwner = new Map<YAMLMap, { owner: Owner; names: Set<string> }>();
  for (const { variable } of cures) {
    if (variable === undefined) continue;
    const { owner, name } = variable;
    const known = byOwner.get(owner.map);
    if (known === undefined) byOwner.set(owner.map, { owner, names: new Set([name]) });
    else known.names.add(name);
  }
  const taken = [...byOwner.values()].map(({ owner, names }): TakenOut | undefined => {
    const env = valueOfKey(owner.map, 'env');
    const isWhole = entriesOf(env).every(({ key }) => names.has(key));
    const [map, keys, path] = isWhole
      ? [owner.map, new Set(['env']), owner.path]
      : [env, names, [...owner.path, 'env']];
    if (!isMap(map) || !isMap(env) || env.anchor !== undefined) return undefined;
    const splices = removal(text, map, keys);
    return splices === undefined ? undefined : { path, keys, splices };
  });
  return taken.includes(undefined) ? undefined : (taken as TakenOut[]);
}

interface Added {
  readonly list: StepList;
  readonly index: number;
  readonly step: Step;
  readonly splice: Splice;
}

/** One step for each organization in each job, before the first step that needs it; in the order of the file. */
function stepsAdded({ text, dialect }: File, cures: readonly Cure[]): Added[] | undefined {
  const needs = cures.flatMap(({ places, remedy }) => places.map((place) => ({ ...place, ...remedy })));
  const groups = new Map<string, typeof needs>();
  for (const need of needs) {
    const key = `${need.list.path.join('/')} ${need.organization}`;
    groups.set(key, [...(groups.get(key) ?? []), need]);
  }
  const added = [...groups.values()].map((group): Added | undefined => {
    const [first] = group;
    if (first === undefined) return undefined;
    const { list, organization } = first;
    const index = Math.min(...group.map((need) => need.step));
    const step = dialect.step(organization, named(group, 'configure'), named(group, 'exportEnv'));
    const splice = insertedStep(text, list, index, step);
    return splice === undefined ? undefined : { list, index, step, splice };
  });
  if (added.includes(undefined)) return undefined;
  return (added as Added[]).sort((a, b) => a.splice.start - b.splice.start);
}

function named(needs: readonly Remedy[], key: 'configure' | 'exportEnv'): string[] {
  return [...new Set(needs.flatMap((need) => need[key] ?? []))].sort();
}
