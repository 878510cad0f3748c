// What patless needs from the place it runs in: to read, to tell, and to change the job (effects.ts alone does that).

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whose code set this run off; `guard` is the line of YAML that keeps untrusted runs away. */
export type Trigger =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'untrusted'; readonly reason: string; readonly guard: string }
  /** A fork's run that the host gives no ID token. Not refused: if it does get one, its owner chose that. */
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

export type IdentityName =
  | 'github-oidc'
  | 'azure-pipelines-oidc'
  | 'job-token'
  | 'token-variable'
  | 'token-file'
  | 'managed-identity'
  | 'azure-cli';

export interface Host extends Omit<PostHost, 'readState'> {
  readonly environment: Environment;
  /** The identities that a job has here; the first one is what `identity: auto` means. */
  readonly identities: readonly [IdentityName, ...IdentityName[]];
  /** The raw text of an input by its kebab-case name; empty when it was not given. */
  input(name: string): string;
  /**
   * What is wrong with inputs that only this host has, or gives another meaning: whole sentences.
   * @param needsClient Whether the identity is an application, which has a client ID.
   */
  mistakes(needsClient: boolean): string[];
  /** Why this host would not set a variable of that name for later steps, as sentences. */
  mistakesIn(variable: string): string[];
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
   * @throws PatlessError HOST_UNUSABLE when a write would not be possible.
   */
  beginWrites(receipts: string): () => void;
  setOutput(name: string, value: string, isSecret: boolean): void;
  /** Puts a folder before the others in which later steps look for programs. */
  addPath(folder: string): void;
}
