// What patless needs from the place it runs in: to read, to tell, and to change the job (effects.ts alone does that).
import type { JsonObject } from '../json.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whose code set this run off; `guard` is the line of YAML that keeps untrusted runs away. */
export type Trigger =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'untrusted'; readonly reason: string; readonly guard: string }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Under this name a host keeps the receipts from the step to the clean-up. */
export const RECEIPTS = 'receipts';

/** What clean-up needs. */
export interface PostHost {
  readState(): string;
  /** One line, made printable, in the job's log. */
  log(line: string): void;
  /** Sets a variable for the later steps of the job. */
  setEnvironment(name: string, value: string): void;
}

export interface Host extends Omit<PostHost, 'readState'> {
  readonly environment: Environment;
  /** The raw text of an input by its kebab-case name; empty when it was not given. */
  input(name: string): string;
  trigger(): Trigger;
  /** What set the run off, as the host describes it. */
  event(): JsonObject | undefined;

  /** The run's one error: an annotation, the job summary, and exit code 1. */
  fail(message: string, summary: string): Promise<void>;

  /** Resolves when the masks have left this process. */
  mask(values: readonly string[]): Promise<void>;
  /**
   * Begins the writes below.
   * @returns what takes them all back; it needs no space where the host's disk is full.
   * @throws PatlessError HOST_UNUSABLE when one of them could not be done.
   */
  beginWrites(): () => void;
  /** Keeps text, never a secret, for the clean-up after the job. */
  saveState(state: string): void;
  setOutput(name: string, value: string): void;
}
