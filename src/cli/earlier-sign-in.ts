// What a run of patless earlier in this job has left for us: its folder, its token, and how it has signed in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Organization, parseOrganization, variablesOf } from '../azure-devops/organization.js';
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { isObject, type JsonObject, jsonObject } from '../json.js';
import { SIGN_IN_FILE, type SignIn } from '../renewal.js';

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
  const folderVariable = organization?.folderVariable ?? onlyFolderVariable(environment);
  const folder = environment[folderVariable];
  const signIn = folder ? signInOf(folder) : undefined;
  if (!folder || signIn === undefined) return undefined;
  const { token } = variablesOf(parseOrganization(signIn.inputs.organization ?? ''));
  return { folder, token: environment[token] ?? '', signIn };
}

function onlyFolderVariable(environment: Environment): string {
  const names = Object.keys(environment).filter(
    (name) => /^PATLESS_FOLDER(?:_|$)/.test(name) && environment[name],
  );
  if (names.length > 1) {
    throw new PatlessError('INPUT_INVALID', 'This job has signed in for several organizations.', {
      hint: `Say which one: \`organization: NAME\`. Their variables: ${names.sort().join(', ')}.`,
    });
  }
  return names.join();
}

function signInOf(folder: string): SignIn | undefined {
  try {
    const { inputs, variables } = jsonObject(readFileSync(join(folder, SIGN_IN_FILE), 'utf8')) ?? {};
    return isObject(inputs) && isObject(variables)
      ? { inputs: texts(inputs), variables: texts(variables) }
      : undefined;
  } catch {
    return undefined;
  }
}

function texts(object: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
