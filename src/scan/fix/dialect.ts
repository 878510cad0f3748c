// What differs between workflows of GitHub and pipelines of Azure, for whoever rewrites them.
import type { YAMLMap, YAMLSeq } from 'yaml';
import type { Splice } from './splice.js';

export type Path = readonly (string | number)[];

/** A mapping of variables, as an entry of the mapping it belongs to. */
export interface Environment {
  readonly owner: YAMLMap;
  /** Of the owner. */
  readonly path: Path;
}

/** Steps that run one after the other in one job. */
export interface StepList {
  readonly steps: YAMLSeq;
  readonly path: Path;
  /** What gives every step variables, besides their own. */
  readonly environments: readonly Environment[];
  /** Why no step can be added. */
  readonly problem?: string;
  /** What the job needs besides the step, and what its permissions are then. */
  readonly splices: readonly Splice[];
  readonly permissions?: Readonly<Record<string, unknown>>;
}

export interface Dialect {
  /** Keys of a step that hold a script. */
  readonly scripts: readonly string[];
  stepLists(text: string, root: YAMLMap): StepList[];
  /** The step that signs in: as data, from which its lines are written. */
  step(organization: string, configure: readonly string[], exportEnv: readonly string[]): Step;
}

export interface Step {
  readonly [key: string]: string | Readonly<Record<string, string>>;
}
