// Every tool that `configure` knows: one line each.
import type { Consumer } from './consumer.js';
import { git } from './git.js';
import { pip } from './pip.js';
import { twine } from './twine.js';
import { uv } from './uv.js';

export const consumers: readonly Consumer[] = [git, pip, twine, uv];
