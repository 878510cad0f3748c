// Every tool that `configure` knows: one line each.
import type { Consumer } from './consumer.js';
import { git } from './git.js';
import { npm } from './npm.js';

export const consumers: readonly Consumer[] = [git, npm];
