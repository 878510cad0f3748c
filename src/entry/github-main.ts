// The program that GitHub runs as the step itself.
import { systemClock } from '../clock.js';
import { githubActions } from '../hosts/github-actions.js';
import { send } from '../http.js';
import { run } from '../run.js';

// An error that nobody awaits, say of a socket, ends the run like any other: one annotation, nothing exported.
const stop = new AbortController();
process.on('uncaughtException', (error) => stop.abort(error));

await run(githubActions, send, systemClock, stop.signal);
