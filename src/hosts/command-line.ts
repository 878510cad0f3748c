// A shell or a tool that starts our command-line program: its environment and its streams.
import { createInterface } from 'node:readline';
import type { Terminal } from '../cli/terminal.js';

export const commandLine: Terminal = {
  environment: process.env,
  get lines() {
    return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  },
  write: (text) => void process.stdout.write(text),
  tell: (line) => void process.stderr.write(`${line}\n`),
  status: (line) => {
    // ECMA-48: to the first column, and everything after it erased.
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  },
};
