#!/usr/bin/env node
// The program that people and tools of later steps start: tokens, one command with credentials, a search for stored ones.
import { main } from '../cli/main.js';
import { commandLine } from '../hosts/command-line.js';

process.exitCode = await main(process.argv.slice(2), commandLine);
