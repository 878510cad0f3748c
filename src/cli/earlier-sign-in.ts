// What a run of patless earlier in this job has left for us: its folder, its token, and how it has signed in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Organization, parseOrganization, variablesOf } from '../azure-devops/organization.js';
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { isObject, type JsonObject, jsonObject } from '../json.js';
import { SIGN_IN_FILE, type SignIn } from '../renewal.js';
import type { Terminal } from './terminal.js';

export interface Earlier {
  readonly folder: string;
  /** As the job's environment has it; empty when somebody has emptied it. */
  readonly token: string;
  readonly signIn: SignIn;
}

/**
 * @param organization Undefined: the only one for which the job has signed in.
 * @returns undefined when the job has not, or when its folder cannot be reached, as in a container of a later step.
 * @throws PatlessError INPUT_INVALID when there are several and none is named.
 */
export function earlierSignIn(
  environment: Environment,
  organization: Organization | undefined,
): Earlier | undefined {
  const folder = environment[folderVariableFor(environment, organization)];
  const signIn = folder ? signInOf(folder) : undefined;
  if (!folder || signIn === undefined) return undefined;
  const signedInFor = parseOrganization(signIn.inputs.organization ?? '');
  if (organization !== undefined && signedInFor !== undefined && signedInFor.name !== organization.name)
    return undefined;
  return { folder, token: environment[variablesOf(signedInFor).token] ?? '', signIn };
}

/** A sign-in that was for no organization in particular serves each. */
function folderVariableFor(environment: Environment, organization: Organization | undefined): string {
  const names = folderVariables(environment);
  if (organization !== undefined) {
    const all = [organization, undefined].map((wanted) => variablesOf(wanted).folder);
    return all.find((name) => names.includes(name)) ?? '';
  }
  if (names.length > 1) {
    throw new PatlessError('INPUT_INVALID', 'This job has signed in for several organizations.', {
      hint: `Say which one: \`organization: NAME\`. Their variables: ${names.join(', ')}.`,
    });
  }
  return names.join();
}

function folderVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => /^PATLESS_FOLDER(?:_|$)/.test(name) && environment[name])
    .sort();
}

/** At a desk, whoever is signed in may be a member of many. @throws PatlessError INPUT_INVALID */
export function refuseOtherOrganization(
  { environment, identities }: Pick<Terminal, 'environment' | 'identities'>,
  organization: Organization | undefined,
): void {
  const names = folderVariables(environment);
  if (organization === undefined || names.length === 0 || identities[0] === 'azure-cli') return;
  throw new PatlessError('INPUT_INVALID', `This job has not signed in for ${organization.name}.`, {
    hint: `Call patless for it in an earlier step, or say who signs in by \`client-id\`. What there is: ${names.join(', ')}.`,
  });
}

function signInOf(folder: string): SignIn | undefined {
  try {
    const { inputs, variables } = jsonObject(readFileSync(join(folder, SIGN_IN_FILE), 'utf8')) ?? {};
    return isObject(inputs) && isObject(variables)
      ? { inputs: texts(inputs), variables: knownOnly(texts(variables)) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** What identity sources write there (`forLater`); other names would change more than who signs in. */
function knownOnly(variables: Record<string, string>): Record<string, string> {
  const known = ['INPUT_AZUREDEVOPSSERVICECONNECTION', 'AZURE_FEDERATED_TOKEN_FILE'];
  return Object.fromEntries(Object.entries(variables).filter(([name]) => known.includes(name)));
}

function texts(object: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
