// One sub-command of the command-line program.
import type { Terminal } from './terminal.js';

/** Exit codes that every command shares; one that has others says so in its help. */
export const DONE = 0;
export const FAILED = 1;
export const USED_WRONGLY = 2;

export interface Command {
  /** What `--help` prints: how it is used, its options, its exit codes. */
  readonly help: string;
  /**
   * @param args What follows the command's name.
   * @returns the exit code.
   * @throws PatlessError with a cure, or the error of parseArgs() for arguments it does not know.
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
