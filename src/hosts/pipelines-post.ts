// Azure Pipelines, after the job: what clean-up needs.
import { tmpdir } from 'node:os';
import { printable } from '../printable.js';
import { type PostHost, RECEIPTS } from './host.js';
import { setVariable } from './vso-commands.js';

export const pipelinesPost: PostHost = {
  temp: process.env.AGENT_TEMPDIRECTORY || tmpdir(),
  readState: () => process.env[`VSTS_TASKVARIABLE_${RECEIPTS.toUpperCase()}`] ?? '',
  log: (line) => void process.stdout.write(`${printable(line)}\n`),
  setEnvironment: (variable, value) => void process.stdout.write(setVariable(variable, value)),
};
