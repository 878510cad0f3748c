// One sub-command of the command-line program.
import type { Terminal } from './terminal.js';

export interface Command {
  /** The first argument. */
  readonly name: string;
  /** The arguments after it, as help shows them. */
  readonly usage: string;
  /** @throws PatlessError with a cure, or the error of parseArgs() for arguments it does not know. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}
