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

export interface ErrorDetails {
  /** What the user changes so that the next run succeeds. */
  readonly hint: string;
  readonly cause?: unknown;
  /** Lines for a support request, such as "Trace ID: …"; already fit to print. */
  readonly references?: readonly string[];
  /** Present when trying again may help; `afterSeconds` is the server's own Retry-After. */
  readonly retry?: { readonly afterSeconds?: number };
}

export class PatlessError extends Error {
  override readonly name = 'PatlessError';
  readonly hint: string;
  readonly references: readonly string[];
  readonly retry: ErrorDetails['retry'];

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails,
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.hint = details.hint;
    this.references = details.references ?? [];
    this.retry = details.retry;
  }
}
