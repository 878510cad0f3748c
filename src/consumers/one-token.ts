// For tools with one variable for the token: a second call with another identity would silently change the first one's.
import type { OrganizationToken } from '../azure-devops/verify.js';
import type { Effect } from '../effects.js';
import { PatlessError } from '../errors.js';
import { textMember } from '../json.js';
import { claimsOf } from '../jwt.js';
import type { Facts, Need } from './consumer.js';

/** The variables of all organizations that patless has set up in this job. */
const OURS = /^PATLESS_TOKEN_/;

export function tokensInForce(...variables: readonly string[]): Need {
  return { kind: 'environment', names: new RegExp(`${OURS.source}|^(?:${variables.join('|')})$`) };
}

/** A later step would act on the second organization without a word. */
export function noteOnSwitch(tool: string, variable: string, url: string, { environment }: Facts): Effect[] {
  const before = environment[variable] ?? '';
  if (before === '' || before === url) return [];
  return [
    {
      kind: 'note',
      text: `${tool} knows one organization; for later steps it is ${url} now, and no longer ${before}.`,
    },
  ];
}

/** @throws PatlessError INPUT_INVALID that names the organization of the call before. */
export function refuseOtherIdentity(
  tool: string,
  variable: string,
  { objectId, organization }: OrganizationToken,
  { environment }: Facts,
): void {
  const held = environment[variable] ?? '';
  const [earlier] =
    Object.entries(environment).find(([name, value]) => OURS.test(name) && value === held) ?? [];
  if (held === '' || earlier === undefined || earlier === organization.tokenVariable) return;
  const holder = textMember(claimsOf(held), 'oid') ?? '';
  if (holder !== '' && holder.toLowerCase() === objectId) return;
  throw new PatlessError(
    'INPUT_INVALID',
    `\`configure\`: ${tool} has one variable, ${variable}, and an earlier step of this job has set it up with another ` +
      `identity (its token is in ${earlier}).`,
    { hint: `Leave ${tool} out of one of the two, or use each identity in a job of its own.` },
  );
}
