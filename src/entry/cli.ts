#!/usr/bin/env node
// The program that people and tools of later steps start: tokens, one command with credentials, a search for stored ones.
import { main } from '../cli/main.js';
import { commandLine } from '../hosts/command-line.js';
import { report } from '../report.js';

// An error that nobody awaits, of a socket or of a stream that takes no more, is a failure like any other.
const stop = new AbortController();
process.on('uncaughtException', (error) => {
  process.exitCode = 1;
  if (!stop.signal.aborted) process.stderr.write(`patless: ${report(error).message}\n`);
  stop.abort(error ?? new Error('something threw nothing'));
});

const exitCode = await main(process.argv.slice(2), commandLine(stop.signal));
process.exitCode ||= exitCode;
