// Where our own command-line program lies, for tools of later steps that ask for the token when they need it.
import { dirname, resolve } from 'node:path';

export interface Program {
  /** The Node that runs this process; absolute. A machine may have no other. */
  readonly node: string;
  /** The command-line bundle, beside the bundle of this process; absolute. */
  readonly script: string;
}

/** The program that lies beside the one that is running. */
export function programBeside(running: string): Program {
  return { node: process.execPath, script: resolve(dirname(running), '..', 'cli', 'index.js') };
}
