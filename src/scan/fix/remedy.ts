// What takes the place of one use of a PAT in a workflow or pipeline, where that is certain.

import { organizationsIn } from '../addresses.js';
import type { Candidate } from '../candidate.js';
import type { Use } from '../finding.js';

export interface Remedy {
  readonly organization: string;
  /** A tool for `configure`. */
  readonly configure?: string;
  /** A variable for `export-env`. */
  readonly exportEnv?: string;
}

/** Variables that a tool reads, and patless does without or sets by itself. */
const CONFIGURED: readonly (readonly [RegExp, string])[] = [
  [/^AZURE_DEVOPS_EXT_PAT$/i, 'az-devops'],
  [/^AZDO_PERSONAL_ACCESS_TOKEN$/i, 'terraform'],
  [/^(?:VSS_NUGET|ARTIFACTS_CREDENTIALPROVIDER)_EXTERNAL_FEED_ENDPOINTS$/i, 'nuget'],
  [/^CARGO_REGISTRIES_\w+_TOKEN$/i, 'cargo'],
];

const NOT_HERE: Partial<Record<Use, string>> = {
  marketplace: 'the Marketplace has publishers of its own: add the service principal there first',
  docker: 'what goes into an image has to go in as a secret of the build',
};

const STORED = /^(?:\$\{\{ ?secrets\.[\w-]+ ?\}\}|\$\([A-Za-z_][\w.-]*\))$/;

/**
 * @param written The variable's value.
 * @param job What may read it.
 * @returns why not, as a sentence's end, where it is not certain.
 */
export function remedyFor(candidate: Candidate, written: string, job: string): Remedy | string {
  const { organization, use, value, variable = '', confidence } = candidate;
  if (confidence !== 'certain') return `this is ${confidence}, not certain`;
  if (value.kind !== 'secret' && value.kind !== 'literal') return 'its value comes from outside this file';
  const notHere = NOT_HERE[use];
  if (notHere !== undefined) return notHere;
  if (organization === null) return 'the organization cannot be told from this file';
  const configure = CONFIGURED.find(([name]) => name.test(variable))?.[1];
  if (configure !== undefined) {
    const named = organizationsIn(written);
    return named.size > 1 ? 'it is for several organizations' : { organization, configure };
  }
  if (!/^[A-Za-z_]\w*$/.test(variable)) return 'it is no variable';
  // A token takes the place of a PAT, not of a text that has one in it.
  if (!STORED.test(written.trim())) return 'its value holds more than the secret';
  return mayBeEncoded(candidate, variable, job)
    ? 'it may hold the PAT in Base64'
    : { organization, exportEnv: variable };
}

/** Then it is handed over as it is, where the token would have to be encoded first. */
function mayBeEncoded({ use, value }: Candidate, variable: string, job: string): boolean {
  const secret = 'name' in value ? value.name : '';
  if (/b64|base64|basic|encoded|header|auth(?!.*token)/i.test(`${variable} ${secret}`)) return true;
  // actions/setup-node writes `_authToken`; an .npmrc of the project may say `_password`.
  if (use === 'npm') return !(variable === 'NODE_AUTH_TOKEN' && /\bregistry-url:/.test(job));
  return new RegExp(`(?:\\bbasic|_password["']?)[\\s=:]{1,5}["']?\\$\\{?(?:env:)?${variable}\\b`, 'i').test(
    job,
  );
}

const URL_OF_GIT =
  /https:\/\/((?:[\w.-]+:)?\$\{\{ ?secrets\.[\w-]+ ?\}\}|[\w.-]+:\$\([A-Za-z_][\w.-]*\))@(?=dev\.azure\.com\/|[a-z0-9-]+\.visualstudio\.com\/)/gi;

/** User and password of URLs that git is given: git asks its credential helper, when there are none. */
export function credentialsInUrls(script: string): { readonly index: number; readonly length: number }[] {
  // Without the PAT, nothing is left that one URL would stand in for another.
  if (/\binsteadOf\b/i.test(script)) return [];
  return [...script.matchAll(URL_OF_GIT)].map(({ index, 1: credentials = '' }) => ({
    index: index + 'https://'.length,
    length: credentials.length + 1,
  }));
}
