// GitHub Actions, after the job: what clean-up needs, without @actions/core, whose HTTP client would double the start.
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { printable } from '../printable.js';
import { type PostHost, RECEIPTS } from './host.js';

/** Neither makes a file nor follows a link. */
const EXISTING_FILE = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;

export const githubPost: PostHost = {
  temp: process.env.RUNNER_TEMP || tmpdir(),
  readState: () => process.env[`STATE_${RECEIPTS}`] ?? '',
  log: (line) => void process.stdout.write(`${printable(line)}\n`),
  // GitHub docs, "Workflow commands": NAME=value is the form for a value of one line, and receipts hold no others.
  setEnvironment(name, value) {
    const file = openSync(process.env.GITHUB_ENV ?? '', EXISTING_FILE);
    try {
      writeSync(file, `${name}=${value}\n`);
    } finally {
      closeSync(file);
    }
  },
};
