// Signs in, as a run does, for a token alone: nothing is set up for anybody.
import type { AccessToken } from '../access-token.js';
import { parseInputs } from '../inputs.js';
import { openSession } from '../open-session.js';
import type { SignIn } from '../renewal.js';
import { signIn } from '../sign-in.js';
import { commandHost } from './command-host.js';
import type { Need } from './fresh-token.js';
import type { Terminal } from './terminal.js';

/** @throws PatlessError of any code */
export async function mintedToken(
  { organization, options }: Need,
  terminal: Terminal,
  earlier: SignIn | undefined,
): Promise<AccessToken> {
  const host = commandHost(terminal, { ...options, organization: organization?.name }, earlier);
  const inputs = parseInputs(host);
  const ended = new AbortController();
  const cutOff = AbortSignal.any([terminal.stop, ended.signal]);
  const session = openSession(inputs, host, terminal.send, terminal.clock, cutOff);
  try {
    return (await signIn(inputs, host, session)).token;
  } catch (error) {
    for (const line of host.lines) terminal.tell(`patless: ${line}`);
    throw error;
  } finally {
    // Whatever still waits would hold the process up.
    ended.abort();
  }
}
