// The program that GitHub runs as the step itself.
import { systemClock } from '../clock.js';
import { githubActions } from '../hosts/github-actions.js';
import { send } from '../http.js';
import { run } from '../run.js';

await run(githubActions, send, systemClock);
