// Runs one command with fresh credentials, set up as the action does for the rest of a job, and takes them away after it.
import { delimiter } from 'node:path';
import { undo } from '../effects.js';
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { report } from '../report.js';
import { setUp } from '../run.js';
import { endsWithUs, removeAbandoned } from './abandoned.js';
import { runChild } from './child.js';
import type { Command } from './command.js';
import { type CommandHost, commandHost } from './command-host.js';
import { inCommandWords } from './command-words.js';
import { type Earlier, earlierSignIn, refuseOtherOrganization } from './earlier-sign-in.js';
import {
  namesSomebody,
  type Options,
  optionsFrom,
  organizationIn,
  SET_UP_OPTIONS,
  SIGN_IN_HELP,
  SIGN_IN_OPTIONS,
} from './sign-in-options.js';
import type { Terminal } from './terminal.js';

/** As `env` and `timeout` say that the fault is their own, and not the command's. */
const NOT_SIGNED_IN = 125;

export const exec: Command = {
  help: `
Usage: patless exec [--configure TOOLS] [--export-env NAMES] [SIGN-IN OPTIONS] -- COMMAND [ARGUMENTS]

Signs in, runs the command with what its tools need, and takes that away when it ends. Nothing outside the command
sees the credentials, and nothing of them is left. For tools that cannot ask for a fresh token, at the end of a long
job; and for a desk.

  --configure TOOLS   tools to set up, as the action's input: git,npm,nuget,… (separated by commas)
  --export-env NAMES  variables that hold the token
                      Without both: what the job has been set up with.

${SIGN_IN_HELP}

Exit codes: those of the command, 128 and the number of the signal that ended it; ${NOT_SIGNED_IN} could not sign in, and the
command was not run; 126 the command cannot be run; 127 it is not there; 2 wrong options.

  patless exec --configure npm -- npm publish
`,

  async run(args, terminal) {
    const [own, command] = split(args);
    const options = optionsFrom(own, [...SET_UP_OPTIONS, ...SIGN_IN_OPTIONS]);
    const host = hostFor(options, terminal);
    if (host.input('configure') === '' && host.input('export-env') === '') throw nothingToGive();
    try {
      await setUp(host, terminal.send, terminal.clock, terminal.stop);
    } catch (error) {
      if (error instanceof PatlessError && error.code === 'INPUT_INVALID') throw error;
      for (const line of [...host.lines, inCommandWords(report(error).message)])
        terminal.tell(`patless: ${line}`);
      return NOT_SIGNED_IN;
    }
    try {
      for (const folder of foldersOf(host)) endsWithUs(folder);
      const { exitCode, problem } = await runChild(
        command,
        environmentOf(host, terminal),
        terminal.isInteractive,
      );
      if (problem !== undefined) terminal.tell(`patless: ${command[0]}: ${problem}`);
      return exitCode;
    } finally {
      undo(host.receipts, { setEnvironment: () => undefined });
    }
  },
};

function split(args: readonly string[]): [own: readonly string[], command: readonly string[]] {
  const dashes = args.indexOf('--');
  const command = dashes < 0 ? [] : args.slice(dashes + 1);
  if (command.length > 0) return [args.slice(0, dashes), command];
  throw new PatlessError('INPUT_INVALID', 'No command is given.', {
    hint: 'It comes after two hyphens: patless exec --configure npm -- npm publish',
  });
}

/** What is set up is the caller's choice, whoever signs in. */
function hostFor(options: Options, terminal: Terminal): CommandHost {
  const organization = organizationIn(options);
  const earlier = namesSomebody(options) ? undefined : earlierSignIn(terminal.environment, organization);
  if (earlier === undefined && !namesSomebody(options)) refuseOtherOrganization(terminal, organization);
  const isChosen = SET_UP_OPTIONS.some((name) => options[name] !== undefined);
  const choice = isChosen
    ? Object.fromEntries(SET_UP_OPTIONS.map((name) => [name, options[name] ?? '']))
    : {};
  // A run sets up more than a later sign-in does, and has its own time for it.
  const inTime = { 'timeout-seconds': options['timeout-seconds'] ?? '' };
  const all = { ...options, ...choice, ...inTime, ...(organization && { organization: organization.name }) };
  return commandHost(terminal, all, earlier?.signIn, tempFor(earlier, terminal));
}

/** Should this process be killed, what it leaves goes with the folder of the job's run, or with a later call of ours. */
function tempFor(earlier: Earlier | undefined, { temp }: Terminal): string {
  if (earlier !== undefined) return earlier.folder;
  removeAbandoned(temp);
  return temp;
}

function nothingToGive(): PatlessError {
  return new PatlessError('INPUT_INVALID', 'Nothing says what the command needs.', {
    hint: 'Name its tools by `configure`, or variables for the token by `export-env`.',
  });
}

function foldersOf({ receipts }: CommandHost): string[] {
  return receipts.flatMap((receipt) => ('folder' in receipt ? [receipt.folder] : []));
}

function environmentOf(host: CommandHost, { environment }: Terminal): Environment {
  // An empty entry would stand for the present folder.
  const path = [...host.folders, environment.PATH ?? ''].filter(Boolean).join(delimiter);
  return {
    ...environment,
    ...Object.fromEntries(host.variables),
    ...(host.folders.length > 0 && { PATH: path }),
  };
}
