// Signs in, as a run does, for a command that sets nothing up, and ends the session with the command's work.
import { parseInputs } from '../inputs.js';
import { openSession } from '../open-session.js';
import type { SignIn } from '../renewal.js';
import type { Session } from '../session.js';
import { type SignedIn, signIn } from '../sign-in.js';
import { commandHost } from './command-host.js';
import type { Options } from './sign-in-options.js';
import type { Terminal } from './terminal.js';

/** @throws PatlessError of any code */
export async function inSession<T>(
  options: Options,
  terminal: Terminal,
  earlier: SignIn | undefined,
  work: (signedIn: SignedIn, session: Session) => Promise<T>,
): Promise<T> {
  const host = commandHost(terminal, options, earlier);
  const inputs = parseInputs(host);
  const ended = new AbortController();
  const cutOff = AbortSignal.any([terminal.stop, ended.signal]);
  const session = openSession(inputs, host, terminal.send, terminal.clock, cutOff);
  try {
    return await work(await signIn(inputs, host, session), session);
  } catch (error) {
    for (const line of host.lines) terminal.tell(`patless: ${line}`);
    throw error;
  } finally {
    // Whatever still waits would hold the process up.
    ended.abort();
  }
}
