// Finds the sub-command, runs it, and says what went wrong in a form that a person can act on.
import { PatlessError } from '../errors.js';
import { nearest } from '../nearest.js';
import { printable } from '../printable.js';
import { report } from '../report.js';
import { VERSION } from '../version.js';
import { DONE, FAILED, USED_WRONGLY } from './command.js';
import { inCommandWords } from './command-words.js';
import { commands } from './register.js';
import type { Terminal } from './terminal.js';

const HELP = ['--help', '-h', 'help'];

/** @returns the exit code. */
export async function main([name = '', ...args]: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = args;
  if (HELP.includes(name))
    return first === undefined ? print(overview(), terminal) : main([first, '--help'], terminal);
  if (name === '--version') return print(VERSION, terminal);
  const listed = commands.find((candidate) => candidate.name === name);
  if (listed === undefined) {
    terminal.tell(`${noSuchCommand(name)}\n${overview()}`);
    return USED_WRONGLY;
  }
  const command = await listed.load();
  if (asksForHelp(args)) return print(command.help.trim(), terminal);
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (isAboutArguments(error)) {
      terminal.tell(`patless: ${printable(error.message)}\nSee: patless ${name} --help`);
      return USED_WRONGLY;
    }
    terminal.tell(`patless: ${inCommandWords(report(error).message)}`);
    return error instanceof PatlessError && error.code === 'INPUT_INVALID' ? USED_WRONGLY : FAILED;
  }
}

function print(text: string, terminal: Terminal): number {
  terminal.write(`${text}\n`);
  return DONE;
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: patless COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    '`patless COMMAND --help` tells more.',
  ].join('\n');
}

function noSuchCommand(name: string): string {
  if (name === '') return 'patless: which command?';
  const near = nearest(
    name,
    commands.map((command) => command.name),
  );
  return `patless: there is no command ${printable(name)}${near === undefined ? '.' : `; did you mean ${near}?`}`;
}

/** What follows `--` belongs to somebody else's command. */
function asksForHelp(args: readonly string[]): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return own.includes('--help') || own.includes('-h');
}

/** Node.js documentation, "util.parseArgs": its errors have codes of this form. */
function isAboutArguments(error: unknown): error is Error {
  return /^ERR_PARSE_ARGS_/.test(String((error as { code?: unknown } | undefined)?.code));
}
