// An Azure DevOps organization: its spellings, its URLs, and the hosts that may get its token.

export interface Organization {
  /** Canonical: lower case, since Azure DevOps compares names without case. */
  readonly name: string;
  /** Without a slash at the end. */
  readonly url: string;
  /** The host of the older URLs, which belongs to this organization alone. */
  readonly legacyHost: string;
  /** The variable that holds the token for the tools of later steps. */
  readonly tokenVariable: string;
  /** The variable that names the folder with what they need to get a fresh one. */
  readonly folderVariable: string;
}

export const SHARED_HOST = 'dev.azure.com';
/** Lists the feeds of an organization. */
export const FEEDS_HOST = 'feeds.dev.azure.com';
/** The host of the feeds of every organization. */
export const PACKAGES_HOST = 'pkgs.dev.azure.com';

// Azure DevOps documentation, "Naming restrictions": letters, digits, hyphens; not first or last a hyphen; 50.
const NAME = '[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?';
const SPELLINGS = [
  new RegExp(`^(${NAME})$`, 'i'),
  new RegExp(`^https://dev\\.azure\\.com/(${NAME})/?$`, 'i'),
  new RegExp(`^https://(${NAME})\\.visualstudio\\.com/?$`, 'i'),
];

/** @returns undefined for anything but a name, https://dev.azure.com/NAME or https://NAME.visualstudio.com. */
export function parseOrganization(text: string): Organization | undefined {
  const name = SPELLINGS.map((spelling) => spelling.exec(text)?.[1]).find((match) => match !== undefined);
  return name === undefined ? undefined : organization(name.toLowerCase());
}

function organization(name: string): Organization {
  return {
    name,
    url: `https://${SHARED_HOST}/${name}`,
    legacyHost: `${name}.visualstudio.com`,
    tokenVariable: `PATLESS_TOKEN_${name.toUpperCase().replaceAll('-', '_')}`,
    folderVariable: `PATLESS_FOLDER_${name.toUpperCase().replaceAll('-', '_')}`,
  };
}

/** The names of the two variables, also for a token that is for no organization in particular. */
export function variablesOf(organization: Organization | undefined): { token: string; folder: string } {
  if (organization === undefined) return { token: 'PATLESS_TOKEN', folder: 'PATLESS_FOLDER' };
  return { token: organization.tokenVariable, folder: organization.folderVariable };
}
