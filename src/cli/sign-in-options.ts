// The options that say who signs in: the inputs of the action, by the same names; every command that needs a token has them.
import { parseArgs } from 'node:util';
import { type Organization, parseOrganization } from '../azure-devops/organization.js';
import { PatlessError } from '../errors.js';
import { INPUT_NAMES } from '../input-names.js';
import { printable } from '../printable.js';

/** By the names of action.yml. */
export type Options = Readonly<Record<string, string | undefined>>;

/** What a run sets up for later steps; `patless exec` alone has a use for it. */
export const SET_UP_OPTIONS = ['configure', 'export-env'];

export const SIGN_IN_OPTIONS = INPUT_NAMES.filter((name) => !SET_UP_OPTIONS.includes(name));

/** Who gives one of these is not, or not for sure, whoever the job has signed in as. */
const WHO = ['client-id', 'tenant-id', 'identity', 'token-file', 'managed-identity-client-id', 'audience'];

export function namesSomebody(options: Options): boolean {
  return WHO.some((name) => options[name] !== undefined);
}

/**
 * @param names Options that have a value.
 * @throws the error of parseArgs() for an unknown option, for one without a value, and for an argument that is none.
 */
export function optionsFrom(args: readonly string[], names: readonly string[]): Options {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  return parseArgs({ args: [...args], options }).values as Options;
}

/** @throws PatlessError INPUT_INVALID for what names none. */
export function organizationIn({ organization: text }: Options): Organization | undefined {
  const organization = text === undefined ? undefined : parseOrganization(text.trim());
  if (text === undefined || organization !== undefined) return organization;
  throw new PatlessError('INPUT_INVALID', `\`organization\` names no organization: ${printable(text)}`, {
    hint: 'Give its name, https://dev.azure.com/NAME or https://NAME.visualstudio.com, without a project.',
  });
}

export const SIGN_IN_HELP = `
Who signs in is, unless an option says otherwise,
  - in a job that patless has set up: whoever that was;
  - elsewhere in CI: the job itself, by its ID token (--client-id and --organization are needed);
  - at a desk: whoever is signed in to the Azure CLI.

Sign-in options have the names and meanings of the action's inputs:
  --organization NAME     --client-id ID          --tenant-id ID
  --identity NAME         --token-file PATH       --audience URI
  --verify true|false     --expected-object-id ID --timeout-seconds N
  --allow-fork-trigger true|false                 --propagation-wait-seconds N
  --managed-identity-client-id ID
`.trim();
