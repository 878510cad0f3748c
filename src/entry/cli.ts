#!/usr/bin/env node
// The program that people and tools of later steps start: tokens, one command with credentials, a search for stored ones.
import { main } from '../cli/main.js';
import { commandLine } from '../hosts/command-line.js';

// An error that nobody awaits, say of a socket, ends what needs the network, with a message like any other.
const stop = new AbortController();
process.on('uncaughtException', (error) => stop.abort(error ?? new Error('something threw nothing')));

process.exitCode = await main(process.argv.slice(2), commandLine(stop.signal));
