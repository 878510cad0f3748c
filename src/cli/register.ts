// Every sub-command: one line each.
import { cargoCredential } from './cargo-credential.js';
import type { Command } from './command.js';

export const commands: readonly Command[] = [cargoCredential];
