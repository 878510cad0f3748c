// What a sub-command needs from the process it runs in; like a host, the only way to the environment and to streams.
import type { Environment } from '../hosts/host.js';

export interface Terminal {
  readonly environment: Environment;
  /** Lines of standard input, without their ends. */
  readonly lines: AsyncIterable<string>;
  /** To standard output: what the caller asked for, and nothing else. */
  write(text: string): void;
  /** To standard error: what a person should know. */
  tell(line: string): void;
  /** One line on standard error that takes the place of the one before it; none where nobody watches. Empty: it goes away. */
  status(line: string): void;
}
