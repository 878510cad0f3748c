// The program that GitHub runs after the job, whatever became of it.
import { cleanup } from '../cleanup.js';
import { githubActions } from '../hosts/github-actions.js';

cleanup(githubActions);
