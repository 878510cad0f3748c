// Every sub-command: one entry each, by which it is loaded when it is asked for.
import type { Command } from './command.js';

export interface ListedCommand {
  /** The first argument. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  load(): Promise<Command>;
}

export const commands: readonly ListedCommand[] = [
  {
    name: 'cargo-credential',
    summary: 'gives Cargo the token; Cargo starts it as a credential provider',
    load: async () => (await import('./cargo-credential.js')).cargoCredential,
  },
  {
    name: 'scan',
    summary: 'finds every place where an Azure DevOps PAT is used or stored',
    load: async () => (await import('./scan.js')).scan,
  },
];
