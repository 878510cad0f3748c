// A workflow file as its author wrote it: the parts that the small runner knows.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

export type Strings = Readonly<Record<string, string>>;

export interface StepDefinition {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string | undefined;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly 'continue-on-error'?: boolean;
}

export interface JobDefinition {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Strings;
  readonly outputs?: Strings;
  readonly env?: Strings;
  readonly steps: readonly StepDefinition[];
  /** Of a job that calls a reusable workflow, in place of steps. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface WorkflowDefinition {
  readonly permissions?: Strings;
  readonly env?: Strings;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly jobs: Readonly<Record<string, JobDefinition>>;
}

export async function readWorkflow(file: string): Promise<WorkflowDefinition> {
  return parse(await readFile(file, 'utf8')) as WorkflowDefinition;
}

export function needsOf({ needs = [] }: JobDefinition): readonly string[] {
  return typeof needs === 'string' ? [needs] : needs;
}

/** A job's own `permissions` replaces the workflow's whole; the two are not merged. */
export function permissionsOf(workflow: WorkflowDefinition, { permissions }: JobDefinition): Strings {
  return permissions ?? workflow.permissions ?? {};
}

/** What stands before the version. */
export function nameOf(uses: string): string {
  return uses.replace(/@.*$/, '');
}
