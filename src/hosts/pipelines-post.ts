// Azure Pipelines, after the job: what clean-up needs.
import { printable } from '../printable.js';
import { type PostHost, RECEIPTS } from './host.js';
import { vsoCommand } from './vso-commands.js';

export const pipelinesPost: PostHost = {
  readState: () => process.env[`VSTS_TASKVARIABLE_${RECEIPTS.toUpperCase()}`] ?? '',
  log: (line) => void process.stdout.write(`${printable(line)}\n`),
  setEnvironment: (variable, value) =>
    void process.stdout.write(vsoCommand('task.setvariable', { variable }, value)),
};
