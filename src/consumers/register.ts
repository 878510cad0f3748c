// Every tool that `configure` knows: one line each.
import type { Consumer } from './consumer.js';
import { git } from './git.js';
import { gradle } from './gradle.js';
import { maven } from './maven.js';

export const consumers: readonly Consumer[] = [git, maven, gradle];
