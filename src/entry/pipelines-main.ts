// The program that the Azure Pipelines agent runs as the task itself.
import { systemClock } from '../clock.js';
import { azurePipelines } from '../hosts/azure-pipelines.js';
import { send } from '../http.js';
import { run } from '../run.js';

// An error that nobody awaits, say of a socket, ends the run like any other: one error, nothing exported.
const stop = new AbortController();
process.on('uncaughtException', (error) => stop.abort(error ?? new Error('something threw nothing')));

try {
  await run(azurePipelines(), send, systemClock, stop.signal);
} catch {
  // Only when the failure itself could not be told. With a handler as above, Node would end the task as a success.
  process.exitCode = 1;
  process.stdout.write(
    '##vso[task.logissue type=error]UNEXPECTED: patless failed, and could not say why. Please report this.\n',
  );
}
