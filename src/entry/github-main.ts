// The program that GitHub runs as the step itself.
import { systemClock } from '../clock.js';
import { githubActions } from '../hosts/github-actions.js';
import { send } from '../http.js';
import { run } from '../run.js';

// An error that nobody awaits, say of a socket, ends the run like any other: one annotation, nothing exported.
const stop = new AbortController();
process.on('uncaughtException', (error) => stop.abort(error ?? new Error('something threw nothing')));

try {
  await run(githubActions, send, systemClock, stop.signal);
} catch {
  // Only when the failure itself could not be told. With a handler as above, Node would end the step as a success.
  process.exitCode = 1;
  process.stdout.write('::error::UNEXPECTED: patless failed, and could not say why. Please report this.\n');
}
