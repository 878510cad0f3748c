// The one error class: a closed set of codes, the cause kept, a cure in every message.

/** Every way a run can fail. The code leads the message that users search for. */
export type ErrorCode =
  | 'INPUT_INVALID'
  | 'HOST_UNUSABLE'
  | 'TRIGGER_UNTRUSTED'
  | 'ID_TOKEN_UNAVAILABLE'
  | 'ID_TOKEN_REFUSED'
  | 'ENTRA_REFUSED'
  | 'ENTRA_ANSWER_UNUSABLE'
  | 'TENANT_UNKNOWN'
  | 'ORGANIZATION_REFUSED'
  | 'IDENTITY_UNEXPECTED'
  | 'NETWORK'
  | 'TIMEOUT'
  | 'UNEXPECTED';

/** Why trying again may help; retry.ts says how often and when. */
export type RetryClass =
  /** A fault that passes. */
  | 'transient'
  /** GitHub does not see the job as running yet. */
  | 'job-state'
  /** Entra does not see a federated credential yet, or not everywhere: right ones are refused now and then. */
  | 'propagation'
  /** Wrong, unless it was set up a minute ago; tried again only with `propagation-wait-seconds`. */
  | 'new-setup'
  /** The ID token was not valid at that moment: a new one may be. */
  | 'stale-assertion';

export interface Retry {
  readonly class: RetryClass;
  /** The server's own Retry-After. */
  readonly afterSeconds?: number;
}

export const TRANSIENT: Retry = { class: 'transient' };

export interface ErrorDetails {
  /** Lines below the message that say what was presented or found; already fit to print. */
  readonly facts?: readonly string[];
  /** What the user changes so that the next run succeeds. */
  readonly hint: string;
  readonly cause?: unknown;
  /** Lines for a support request, such as "Trace ID: …"; already fit to print. */
  readonly references?: readonly string[];
  /** Undefined: permanent. */
  readonly retry?: Retry | undefined;
}

export class PatlessError extends Error {
  override readonly name = 'PatlessError';
  readonly facts: readonly string[];
  readonly hint: string;
  readonly references: readonly string[];
  readonly retry: Retry | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails,
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.facts = details.facts ?? [];
    this.hint = details.hint;
    this.references = details.references ?? [];
    this.retry = details.retry;
  }

  /** The same error after the last try: nobody tries again. */
  asFinal(): PatlessError {
    const { code, message, facts, hint, cause, references } = this;
    return new PatlessError(code, message, { facts, hint, cause, references });
  }
}
