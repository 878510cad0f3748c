// Every tool that `configure` knows: one line each.
import { cargo } from './cargo.js';
import type { Consumer } from './consumer.js';
import { git } from './git.js';
import { nuget } from './nuget.js';

export const consumers: readonly Consumer[] = [git, cargo, nuget];
