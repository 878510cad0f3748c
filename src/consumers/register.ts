// Every tool that `configure` knows: one line each.
import { azDevops } from './az-devops.js';
import type { Consumer } from './consumer.js';
import { git } from './git.js';
import { terraform } from './terraform.js';

export const consumers: readonly Consumer[] = [git, azDevops, terraform];
