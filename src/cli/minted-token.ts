// Signs in, as a run does, for a token alone: nothing is set up for anybody.
import type { AccessToken } from '../access-token.js';
import type { SignIn } from '../renewal.js';
import type { Need } from './fresh-token.js';
import { inSession } from './in-session.js';
import type { Terminal } from './terminal.js';

/** @throws PatlessError of any code */
export function mintedToken(
  { organization, options }: Need,
  terminal: Terminal,
  earlier: SignIn | undefined,
): Promise<AccessToken> {
  const own = { ...options, organization: organization?.name };
  return inSession(own, terminal, earlier, ({ token }) => Promise.resolve(token));
}
