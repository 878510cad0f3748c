// What a sub-command needs from the process it runs in; like a host, the only way to the environment, to streams and time.
import type { Clock } from '../clock.js';
import type { Environment, IdentityName, Trigger } from '../hosts/host.js';
import type { Send } from '../http.js';

export interface Terminal {
  readonly environment: Environment;
  /** For files that nobody else may read; absolute. */
  readonly temp: string;
  /** The identities that a caller has here; the first one is what `identity: auto` means. */
  readonly identities: readonly [IdentityName, ...IdentityName[]];
  trigger(): Trigger;
  /** Lines of standard input, without their ends. */
  readonly lines: AsyncIterable<string>;
  /** To standard output: what the caller asked for, and nothing else. */
  write(text: string): void;
  /** To standard error: what a person should know. */
  tell(line: string): void;
  /** One line on standard error that takes the place of the one before it; none where nobody watches. Empty: it goes away. */
  status(line: string): void;
  /** Hides values from the log of a CI system that can; resolves when that has left this process. */
  mask(values: readonly string[]): Promise<void>;
  /** Whether a person sits at the other end of standard input. */
  readonly isInteractive: boolean;
  readonly send: Send;
  readonly clock: Clock;
  /** Aborts with an error that nobody awaits. */
  readonly stop: AbortSignal;
}

/**
 * For what a tool starts: its standard error is the tool's, which may print it in its own way or keep it in a file, and a
 * line that was to hide the token would show it there. The tool alone gets the token.
 */
export function asHelper(terminal: Terminal): Terminal {
  return Object.create(terminal, { mask: { value: async () => undefined } }) as Terminal;
}
