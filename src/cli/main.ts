// Finds the sub-command, runs it, and says what went wrong in a form that a person can act on.
import { PatlessError } from '../errors.js';
import { printable } from '../printable.js';
import { commands } from './register.js';
import type { Terminal } from './terminal.js';

const DONE = 0;
const FAILED = 1;
const USED_WRONGLY = 2;

/** @returns the exit code. */
export async function main([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    terminal.tell(usage());
    return USED_WRONGLY;
  }
  try {
    await command.run(args, terminal);
    return DONE;
  } catch (error) {
    terminal.tell(`patless: ${messageOf(error)}`);
    if (!isAboutArguments(error)) return FAILED;
    terminal.tell(`Usage: patless ${command.name} ${command.usage}`);
    return USED_WRONGLY;
  }
}

function usage(): string {
  return ['Usage:', ...commands.map((command) => `  patless ${command.name} ${command.usage}`)].join('\n');
}

function messageOf(error: unknown): string {
  if (error instanceof PatlessError) return `${error.code}: ${printable(error.message)} ${error.hint}`;
  return printable(error instanceof Error ? error.message : String(error));
}

/** Node.js documentation, "util.parseArgs": its errors have codes of this form. */
function isAboutArguments(error: unknown): boolean {
  return /^ERR_PARSE_ARGS_/.test(String((error as { code?: unknown } | undefined)?.code));
}
