// Where in a file one use of a PAT is taken out, and which steps its replacement has to come before.
import { isMap, isScalar, type LineCounter, type YAMLMap } from 'yaml';
import type { Candidate } from '../candidate.js';
import { useOf } from '../uses.js';
import type { Dialect, Path, StepList } from './dialect.js';
import { entriesOf, isPlainScalar, valueOfKey } from './mapping.js';
import { credentialsInUrls, type Remedy, remedyFor } from './remedy.js';
import type { Splice } from './splice.js';

export interface File {
  readonly text: string;
  readonly root: YAMLMap;
  readonly lists: readonly StepList[];
  readonly lines: LineCounter;
  readonly dialect: Dialect;
}

/** A mapping that has an `env`: a step, a job, a workflow. */
export interface Owner {
  readonly map: YAMLMap;
  readonly path: Path;
}

export interface Place {
  readonly list: StepList;
  /** The first step that needs the replacement. */
  readonly step: number;
}

export interface Cure {
  readonly candidate: Candidate;
  readonly remedy: Remedy;
  readonly places: readonly Place[];
  /** The variable that goes. */
  readonly variable?: { readonly owner: Owner; readonly name: string };
  /** What goes out of a script. */
  readonly script?: {
    readonly path: Path;
    readonly splice: Splice /** Among the same ones there. */;
    readonly occurrence: number;
  };
}

/** @returns why not, as a sentence's end, where it is not certain what to do. */
export function cureFor(candidate: Candidate, file: File): Cure | string {
  const cure = candidate.variable === undefined ? inScript(candidate, file) : inEnvironment(candidate, file);
  if (typeof cure === 'string') return cure;
  return cure.places.map(({ list }) => list.problem).find((problem) => problem !== undefined) ?? cure;
}

function inEnvironment(candidate: Candidate, file: File): Cure | string {
  const name = candidate.variable ?? '';
  for (const { owner, places } of ownersIn(file)) {
    const entry = entriesOf(valueOfKey(owner.map, 'env')).find(
      ({ key, start }) => key === name && file.lines.linePos(start).line === candidate.line,
    );
    if (entry === undefined) continue;
    const { value } = entry.pair;
    if (!isPlainScalar(value) || isShared(owner.map)) return 'it is shared by an anchor';
    const found = places(name, candidate);
    if (typeof found === 'string') return found;
    const remedy = remedyFor(
      candidate,
      String(value.value),
      found.map(({ list }) => textOf(list, file.text)).join('\n'),
    );
    return typeof remedy === 'string'
      ? remedy
      : { candidate, remedy, places: found, variable: { owner, name } };
  }
  return 'it is in no `env` of a step or a job that can be changed';
}

function isShared(owner: YAMLMap): boolean {
  const env = valueOfKey(owner, 'env');
  return owner.anchor !== undefined || (isMap(env) && env.anchor !== undefined);
}

interface OwnerWithPlaces {
  readonly owner: Owner;
  places(name: string, candidate: Candidate): readonly Place[] | string;
}

function* ownersIn(file: File): Generator<OwnerWithPlaces> {
  for (const list of file.lists) {
    for (const [step, map] of list.steps.items.entries()) {
      if (isMap(map)) yield { owner: { map, path: [...list.path, step] }, places: () => [{ list, step }] };
    }
  }
  const shared = new Map(
    file.lists.flatMap(({ environments }) => environments.map(({ owner, path }) => [owner, path] as const)),
  );
  for (const [map, path] of shared) {
    const lists = file.lists.filter(({ environments }) => environments.some(({ owner }) => owner === map));
    yield { owner: { map, path }, places: (name, candidate) => placesIn(lists, name, candidate, file.text) };
  }
}

/** A script may read a variable that the workflow does not show; so of several jobs, each has to show that it does. */
function placesIn(
  lists: readonly StepList[],
  name: string,
  { use }: Candidate,
  text: string,
): Place[] | string {
  const reads = (list: StepList) => {
    const own = textOf(list, text);
    return new RegExp(`\\b${name}\\b`).test(own) || useOf(own) === use;
  };
  if (lists.length > 1 && !lists.every(reads))
    return 'it is there for several jobs, and not all of them show that they read it';
  return lists.map((list) => ({ list, step: firstOfTheirOwn(list) }));
}

function textOf({ steps }: StepList, text: string): string {
  const [start, end] = steps.range ?? [0, 0];
  return text.slice(start, end);
}

/** After the steps of GitHub that fetch the project and its tools. */
function firstOfTheirOwn({ steps }: StepList): number {
  const isPreparation = (step: unknown) => {
    const uses = valueOfKey(step, 'uses');
    return isScalar(uses) && /^actions\/(?:checkout|setup-|cache)/.test(String(uses.value));
  };
  const first = steps.items.findIndex((step) => !isPreparation(step));
  return first < 0 ? steps.items.length - 1 : first;
}

function inScript(candidate: Candidate, { text, lists, lines, dialect }: File): Cure | string {
  if (candidate.use !== 'git' || candidate.confidence !== 'certain')
    return 'the command has to be changed, too';
  const { organization } = candidate;
  if (organization === null) return 'the organization cannot be told from this file';
  for (const list of lists) {
    for (const [step, map] of list.steps.items.entries()) {
      for (const { key, pair } of entriesOf(map)) {
        const { value } = pair;
        const [start = 0, end = 0] =
          isPlainScalar(value) && dialect.scripts.includes(key) ? (value.range ?? []) : [];
        for (const { index, length } of credentialsInUrls(text.slice(start, end))) {
          if (lines.linePos(start + index).line !== candidate.line) continue;
          const splice = { start: start + index, end: start + index + length, text: '' };
          const before = text.slice(start, splice.start).split(text.slice(splice.start, splice.end));
          const script = { path: [...list.path, step, key], splice, occurrence: before.length - 1 };
          return { candidate, remedy: { organization, configure: 'git' }, places: [{ list, step }], script };
        }
      }
    }
  }
  return 'the command has to be changed, too';
}
