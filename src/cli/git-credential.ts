// A credential helper for git: a token that lasts, for repositories of one organization, and no answer for anything else.

import { type Organization, SHARED_HOST } from '../azure-devops/organization.js';
import { organizationOfRepository } from '../azure-devops/repository-address.js';
import { PatlessError } from '../errors.js';
import { GIT_USER_NAME } from '../masks.js';
import { Secret } from '../secret.js';
import { type Command, DONE, USED_WRONGLY } from './command.js';
import { earlierSignIn } from './earlier-sign-in.js';
import { FOR_TOOLS, freshToken } from './fresh-token.js';
import {
  type Options,
  optionsFrom,
  organizationIn,
  SIGN_IN_HELP,
  SIGN_IN_OPTIONS,
} from './sign-in-options.js';
import { asHelper, type Terminal } from './terminal.js';
import { keptToken, refuse } from './token-folder.js';

export const gitCredential: Command = {
  help: `
Usage: patless git-credential [SIGN-IN OPTIONS] get|store|erase

git starts this as a credential helper. It answers for https://${SHARED_HOST} and *.visualstudio.com, and for nothing else;
it stores nothing. After \`erase\`, by which git says that a server has refused the token, that token is not given again.
\`configure: git\` sets all this up in a job. At a desk, for one command or for good:

  git -c credential.helper= -c credential.useHttpPath=true \\
    -c credential.helper='!patless git-credential' clone https://${SHARED_HOST}/contoso/widgets/_git/app

git tells a helper the organization only when useHttpPath says so; without it, --organization names the one to answer for.

${SIGN_IN_HELP}

Exit codes: 0 answered, or nothing to answer; 1 no token, and git is told not to ask anybody else; 2 wrong options, or git
does not say which organization it wants to reach.
`,

  async run(args, terminal) {
    const [action, ...more] = args.toReversed();
    const options = optionsFrom(more.toReversed(), SIGN_IN_OPTIONS);
    const organization = organizationIn(options);
    if (action === 'get') return get(organization, options, terminal);
    if (action === 'erase') return erase(organization, terminal);
    // git may come to have more than these and `store`: its documentation asks helpers to ignore what they do not know.
    return action === undefined || action.startsWith('-') ? USED_WRONGLY : DONE;
  },
};

async function get(given: Organization | undefined, options: Options, terminal: Terminal): Promise<number> {
  const organization = asked(await requestFrom(terminal), given);
  if (organization === undefined) return DONE;
  try {
    const { secret, expiresOn } = await freshToken(
      { organization, options, ...FOR_TOOLS },
      asHelper(terminal),
    );
    const until = Math.floor(expiresOn.getTime() / 1000);
    terminal.write(`username=${GIT_USER_NAME}\npassword=${secret.reveal()}\npassword_expiry_utc=${until}\n`);
    return DONE;
  } catch (error) {
    // Else git would ask the next helper, or a person.
    terminal.write('quit=1\n');
    throw error;
  }
}

async function erase(given: Organization | undefined, terminal: Terminal): Promise<number> {
  const request = await requestFrom(terminal);
  const organization = asked(request, given);
  if (organization === undefined) return DONE;
  const earlier = earlierSignIn(terminal.environment, organization);
  const kept = earlier && keptToken(earlier.folder, earlier.token);
  if (earlier !== undefined && kept !== undefined && kept.secret.reveal() === request.password) {
    refuse(earlier.folder, new Secret(request.password));
  }
  return DONE;
}

type Request = Readonly<Record<string, string>>;

/** Lines "key=value", up to an empty one or the end (git-credential, "INPUT/OUTPUT FORMAT"). */
async function requestFrom(terminal: Terminal): Promise<Request> {
  const entries: [string, string][] = [];
  for await (const line of terminal.lines) {
    if (line === '') break;
    const equals = line.indexOf('=');
    if (equals > 0) entries.push([line.slice(0, equals), line.slice(equals + 1)]);
  }
  return Object.fromEntries(entries);
}

/**
 * The organization to answer for. Our own lines in git's configuration have read the request already, and pass none on.
 * @throws PatlessError INPUT_INVALID when git does not say whose repository it is, and nobody else does.
 */
function asked(request: Request, given: Organization | undefined): Organization | undefined {
  const { protocol, host = '', path = '' } = request;
  if (protocol === undefined && given !== undefined) return given;
  if (protocol !== 'https') return undefined;
  if (host === SHARED_HOST && path === '') {
    if (given !== undefined) return given;
    throw withoutPath();
  }
  const organization = organizationOfRepository(host, path);
  return given === undefined || given.name === organization?.name ? organization : undefined;
}

function withoutPath(): PatlessError {
  return new PatlessError('INPUT_INVALID', 'git does not say which organization it wants to reach.', {
    hint: `Let it: git config --global credential.https://${SHARED_HOST}.useHttpPath true. Or name one by --organization.`,
  });
}
