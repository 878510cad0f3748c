// A preflight: signs in, and tells whether this identity may really read or write the repositories and feeds named.
import { parseArgs } from 'node:util';
import type { Access, Verdict } from '../azure-devops/access.js';
import { feedAccess } from '../azure-devops/feed-access.js';
import type { Organization } from '../azure-devops/organization.js';
import { repositoryAccess } from '../azure-devops/repository-access.js';
import { parseResourceAddress, type ResourceAddress, withoutUser } from '../azure-devops/resource-address.js';
import type { OrganizationToken } from '../azure-devops/verify.js';
import { PatlessError } from '../errors.js';
import { printable } from '../printable.js';
import type { Session } from '../session.js';
import { asJson, asText, type Checked } from './check-report.js';
import { type Command, DONE, FAILED } from './command.js';
import { earlierSignIn } from './earlier-sign-in.js';
import { inSession } from './in-session.js';
import {
  namesSomebody,
  type Options,
  organizationIn,
  SIGN_IN_HELP,
  SIGN_IN_OPTIONS,
} from './sign-in-options.js';

/** Whoever asks about rights wants the identity named: there is no `--verify false`. */
const OWN_SIGN_IN_OPTIONS = SIGN_IN_OPTIONS.filter((name) => name !== 'verify');
const AT_ONCE = 8;

export const check: Command = {
  help: `
Usage: patless check [--read ADDRESS]... [--write ADDRESS]... [--json] [SIGN-IN OPTIONS]

Signs in, and tells whether this identity may read (clone, restore) or write (push, publish) each repository and feed; if
not, which permission or role is missing, and the page that grants it. It asks and changes nothing. Without an address, it
tells whether the organization takes the identity at all.

  --read ADDRESS, --write ADDRESS, as git and package tools have them:
           https://dev.azure.com/ORG/PROJECT/_git/REPO
           https://pkgs.dev.azure.com/ORG/[PROJECT/]_packaging/FEED/...
           and the same at ORG.visualstudio.com and ORG.pkgs.visualstudio.com
  --json   prints an object in place of the table: docs/MIGRATING.md tells of it

${SIGN_IN_HELP}

--verify is not among them here: this always asks. --organization is, unless given, the one that the addresses name.

Exit codes: 0 all of it is allowed; 1 something is missing or could not be told, or there was no sign-in; 2 wrong options.

  patless check --client-id ID --write https://dev.azure.com/contoso/widgets/_git/app
`,

  async run(args, terminal) {
    const { read = [], write = [], json = false, ...options } = parsed(args);
    const wishes = [...wishesFor('read', read), ...wishesFor('write', write)];
    const organization = oneOrganization(organizationIn(options), wishes);
    const earlier = namesSomebody(options)
      ? undefined
      : earlierSignIn(terminal.environment, organization)?.signIn;
    const own = { ...options, organization: organization.name, verify: 'true' };
    const checked = await inSession(own, terminal, earlier, async ({ forOrganization: token }, session) => {
      if (token === undefined) throw new Error('inSession was given an organization');
      return { token, results: await verdictsOn(wishes, token, session) };
    });
    terminal.write(json ? asJson(checked) : asText(checked));
    return checked.results.every(({ verdict }) => verdict.result === 'allowed') ? DONE : FAILED;
  },
};

function parsed(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(OWN_SIGN_IN_OPTIONS.map((name) => [name, { type: 'string' as const }])),
      read: { type: 'string', multiple: true },
      write: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  });
  return values as Options & { read?: string[]; write?: string[]; json?: boolean };
}

interface Wish {
  readonly access: Access;
  readonly address: string;
  readonly resource: ResourceAddress;
}

function wishesFor(access: Access, addresses: readonly string[]): Wish[] {
  return addresses.map((address) => {
    const resource = parseResourceAddress(address.trim());
    if (resource !== undefined) return { access, address: withoutUser(address.trim()), resource };
    throw new PatlessError(
      'INPUT_INVALID',
      `--${access} names no repository or feed: ${printable(withoutUser(address))}`,
      {
        hint: 'Give https://dev.azure.com/ORG/PROJECT/_git/REPO or https://pkgs.dev.azure.com/ORG/[PROJECT/]_packaging/FEED/npm/registry/ and the like, with spaces as %20.',
      },
    );
  });
}

/** The token is for one organization's table; another identity may be meant for the next. */
function oneOrganization(given: Organization | undefined, wishes: readonly Wish[]): Organization {
  const all = [given, ...wishes.map(({ resource }) => resource.organization)].filter(
    (organization) => organization !== undefined,
  );
  const names = [...new Set(all.map(({ name }) => name))];
  const [first] = all;
  if (first !== undefined && names.length === 1) return first;
  throw first === undefined
    ? new PatlessError('INPUT_INVALID', 'Nothing is named.', {
        hint: 'Give --read or --write with addresses, or --organization for the sign-in alone.',
      })
    : new PatlessError('INPUT_INVALID', `Several organizations are named: ${names.join(', ')}.`, {
        hint: 'Check one organization at a time.',
      });
}

async function verdictsOn(
  wishes: readonly Wish[],
  token: OrganizationToken,
  session: Session,
): Promise<Checked[]> {
  const ofFeed = feedAccess(token, session);
  const verdictOn = ({ resource, access }: Wish) =>
    resource.kind === 'feed' ? ofFeed(resource, access) : repositoryAccess(resource, access, token, session);
  const waiting = wishes.entries();
  const results: Checked[] = [];
  const worker = async () => {
    for (const [index, wish] of waiting) {
      results[index] = { ...wish, verdict: await orUnknown(verdictOn(wish), session) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** One address that cannot be told about leaves the others alone. */
async function orUnknown(verdict: Promise<Verdict>, session: Session): Promise<Verdict> {
  try {
    return await verdict;
  } catch (error) {
    if (session.deadline.aborted || !(error instanceof PatlessError)) throw error;
    return { result: 'unknown', reason: `${error.message} ${error.hint}` };
  }
}
