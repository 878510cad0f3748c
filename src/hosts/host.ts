// What patless needs from the place it runs in: to read, to tell, and to change the job (effects.ts alone does that).
import type { Program } from '../program.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whose code set this run off; `guard` is the line of YAML that keeps untrusted runs away. */
export type Trigger =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'untrusted'; readonly reason: string; readonly guard: string }
  /** A fork's, too, but one that the host gives no identity; on a host that does, it may run. */
  | { readonly kind: 'powerless'; readonly reason: string; readonly guard: string }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Under this name a host keeps the receipts from the step to the clean-up. */
export const RECEIPTS = 'receipts';

/** What clean-up needs. */
export interface PostHost {
  /** The job's folder for temporary files, which the host empties; absolute. */
  readonly temp: string;
  readState(): string;
  /** One line, made printable, in the job's log. */
  log(line: string): void;
  /** Sets a variable for the later steps of the job. */
  setEnvironment(name: string, value: string): void;
}

/** What the inputs ask for that a host may have to refuse. */
export interface Wishes {
  /** Whether the identity is an application, which has a client ID. */
  readonly needsClient: boolean;
  /** Variables of the user's choice that shall be set. */
  readonly variables: readonly string[];
}

export interface Host extends Omit<PostHost, 'readState'> {
  readonly environment: Environment;
  /** Our command-line program, for tools of later steps. */
  readonly program: Program;
  /** What `identity: auto` means here. */
  readonly ownIdentity: 'github-oidc' | 'azure-pipelines-oidc';
  /** The raw text of an input by its kebab-case name; empty when it was not given. */
  input(name: string): string;
  /** What this host cannot do as asked: whole sentences, which name its own inputs. */
  mistakes(wishes: Wishes): string[];
  /** What the job holds under the name of a variable, secret or not; empty for nothing. */
  currentValue(variable: string): string;
  trigger(): Trigger;

  /** The run's one error: an annotation, the job summary where there is one, and a failed step. */
  fail(message: string, summary: string): Promise<void>;

  /** Resolves when the masks have left this process. */
  mask(values: readonly string[]): Promise<void>;
  /**
   * Begins to write, and keeps the receipts, which hold no secret, for the clean-up after the job.
   * @returns what takes all writes back that were made since; it needs no space where the host's disk is full.
   * @throws PatlessError HOST_UNUSABLE when one of them could not be done.
   */
  beginWrites(receipts: string): () => void;
  setOutput(name: string, value: string, isSecret: boolean): void;
}
