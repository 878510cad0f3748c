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

/** Variables that a tool reads, and patless sets by itself. */
const CONFIGURED: Readonly<Record<string, string>> = {
  AZURE_DEVOPS_EXT_PAT: 'az-devops',
  AZDO_PERSONAL_ACCESS_TOKEN: 'terraform',
  VSS_NUGET_EXTERNAL_FEED_ENDPOINTS: 'nuget',
  ARTIFACTS_CREDENTIALPROVIDER_EXTERNAL_FEED_ENDPOINTS: 'nuget',
};

const NOT_HERE: Partial<Record<Use, string>> = {
  marketplace: 'the Marketplace has publishers of its own: add the service principal there first',
  docker: 'what goes into an image has to go in as a secret of the build',
};

const STORED = /^(?:\$\{\{ ?secrets\.[\w-]+ ?\}\}|\$\([A-Za-z_][\w.-]*\))$/;

/** @param written The variable's value. @returns why not, as a sentence's end, where it is not certain. */
export function remedyFor(candidate: Candidate, written: string): Remedy | string {
  const { organization, use, value, variable = '', confidence } = candidate;
  if (confidence !== 'certain') return `this is ${confidence}, not certain`;
  if (value.kind !== 'secret' && value.kind !== 'literal') return 'its value comes from outside this file';
  const notHere = NOT_HERE[use];
  if (notHere !== undefined) return notHere;
  if (organization === null) return 'the organization cannot be told from this file';
  const configure = CONFIGURED[variable.toUpperCase()];
  if (configure !== undefined) {
    const named = organizationsIn(written);
    return named.size > 1 ? 'it is for several organizations' : { organization, configure };
  }
  if (!/^[A-Za-z_]\w*$/.test(variable)) return 'it is no variable';
  // A token takes the place of a PAT, not of a text that has one in it.
  return STORED.test(written.trim())
    ? { organization, exportEnv: variable }
    : 'its value holds more than the secret';
}

const URL_OF_GIT =
  /https:\/\/((?:[\w.-]+:)?\$\{\{ ?secrets\.[\w-]+ ?\}\}|[\w.-]+:\$\([A-Za-z_][\w.-]*\))@(?=dev\.azure\.com\/|[a-z0-9-]+\.visualstudio\.com\/)/gi;

/** User and password of URLs that git is given: git asks its credential helper, when there are none. */
export function credentialsInUrls(script: string): { readonly index: number; readonly length: number }[] {
  return [...script.matchAll(URL_OF_GIT)].map(({ index, 1: credentials = '' }) => ({
    index: index + 'https://'.length,
    length: credentials.length + 1,
  }));
}
