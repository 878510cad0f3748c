// GitHub Actions, during the step: inputs, masks, file commands, state. The only importer of @actions/core.
import { accessSync, constants, lstatSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { PatlessError } from '../errors.js';
import { printable } from '../printable.js';
import { triggerOfEvent } from './github-trigger.js';
import { type Host, RECEIPTS } from './host.js';
import { flushed } from './stdout.js';

const FILE_COMMANDS = ['GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH'] as const;

export const githubActions: Host = {
  environment: process.env,
  temp: process.env.RUNNER_TEMP || tmpdir(),
  identities: ['github-oidc', 'token-file', 'managed-identity', 'azure-cli'],
  input: (name) => core.getInput(name),
  mistakes: (needsClient) =>
    needsClient && core.getInput('client-id') === ''
      ? ['`client-id` is required: a GUID such as 00000000-0000-0000-0000-000000000000.']
      : [],
  mistakesIn: () => [],
  currentValue: (variable) => process.env[variable] ?? '',
  trigger: () => triggerOfEvent(process.env),
  log: (line) => core.info(printable(line)),

  mask(values) {
    for (const value of values) core.setSecret(value);
    return flushed();
  },
  beginWrites(receipts) {
    const takeBack = takeBackTo(fileCommands());
    core.saveState(RECEIPTS, receipts);
    return takeBack;
  },
  setEnvironment: (name, value) => core.exportVariable(name, value),
  setOutput: (name, value) => core.setOutput(name, value),
  addPath: (folder) => core.addPath(folder),

  async fail(message, summary) {
    core.setFailed(message);
    // The summary repeats the annotation; a runner that cannot take it loses nothing.
    await core.summary
      .addRaw(summary, true)
      .write()
      .catch(() => undefined);
  },
};

/**
 * The files of the file commands, each with its size. Without them @actions/core would fall back to printing
 * values, or fail half-way.
 */
function fileCommands(): [path: string, size: number][] {
  return FILE_COMMANDS.map((name) => {
    const path = process.env[name] ?? '';
    try {
      const file = lstatSync(path);
      if (!file.isFile()) throw new Error('not a regular file');
      accessSync(path, constants.W_OK);
      return [path, file.size];
    } catch (cause) {
      throw new PatlessError(
        'HOST_UNUSABLE',
        `The runner's ${name} does not name a file that can be written.`,
        {
          hint: 'Run patless as a step of a GitHub Actions job (`uses:`), on a runner of version 2.327.1 or newer.',
          cause,
        },
      );
    }
  });
}

/** Cut to where they were: more lines could not be written to a full disk, nor be read behind half a record. */
function takeBackTo(files: readonly [path: string, size: number][]): () => void {
  return () => {
    for (const [path, size] of files) truncateSync(path, size);
  };
}
