// The program that tools of later steps start to ask for credentials.
import { main } from '../cli/main.js';
import { commandLine } from '../hosts/command-line.js';

process.exitCode = await main(process.argv.slice(2), commandLine);
