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
    name: 'token',
    summary: 'prints an access token that lasts',
    load: async () => (await import('./token.js')).token,
  },
  {
    name: 'exec',
    summary: 'runs one command with fresh credentials',
    load: async () => (await import('./exec.js')).exec,
  },
  {
    name: 'check',
    summary: 'tells whether an identity may use repositories and feeds',
    load: async () => (await import('./check.js')).check,
  },
  {
    name: 'git-credential',
    summary: 'gives git the token; git starts it as a credential helper',
    load: async () => (await import('./git-credential.js')).gitCredential,
  },
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
