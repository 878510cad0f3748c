// Whose feed a URL leads to: only addresses that no server or client can read in another way count.
import { type Organization, PACKAGES_HOST, parseOrganization } from './organization.js';

const ADDRESS =
  /^https:\/\/(?:pkgs\.dev\.azure\.com(?::443)?\/([a-z0-9-]+)(?=\/)|([a-z0-9-]+)\.pkgs\.visualstudio\.com(?::443)?)(\/.*)?$/i;

/** Dot segments, and what a server may read as a slash or a dot: they can lead out of the organization. */
const LEADS_ELSEWHERE = /(?:^|\/)\.{1,2}(?:\/|$)|[\\\s?#]|%(?:2e|2f|5c)/i;

/** @returns undefined for a URL of any other host, port or scheme, and for one that is not plain. */
export function organizationOfFeed(url: string): Organization | undefined {
  const [, atSharedHost, atOwnHost, path = ''] = ADDRESS.exec(url) ?? [];
  if (LEADS_ELSEWHERE.test(path)) return undefined;
  return parseOrganization(atSharedHost ?? atOwnHost ?? '');
}

/** What the URLs of all its feeds begin with. */
export function feedPrefixes({ name }: Organization): string[] {
  return [`https://${PACKAGES_HOST}/${name}/`, `https://${name}.pkgs.visualstudio.com/`];
}

/** Whether a URL, which may name a user as Azure DevOps shows addresses, is that of one of its feeds. */
export function isFeedOf({ name }: Organization, url: string): boolean {
  return organizationOfFeed(url.replace(/^(https:\/\/)[^@/\\?#]*@/i, '$1'))?.name === name;
}

export interface FoundUrl {
  readonly url: URL;
  /** Of the text, from 1. */
  readonly line: number;
}

/** Every http and https URL of a text, read as clients read them: any letter case, and any number of slashes. */
export function urlsIn(text: string): FoundUrl[] {
  return text
    .split(/\r\n?|\n/)
    .flatMap((content, index) =>
      [...content.matchAll(/https?:[\\/]{1,4}[^\s"'<>`,|]{1,2000}/gi)].flatMap(([found]) =>
        URL.canParse(found) ? [{ url: new URL(found), line: index + 1 }] : [],
      ),
    );
}

/** Whether a URL leads to the organization's feeds, over whatever scheme and port. */
export function leadsToFeedsOf({ name }: Organization, { hostname, pathname }: URL): boolean {
  const own = hostname === `${name}.pkgs.visualstudio.com`;
  return own || (hostname === PACKAGES_HOST && pathname.toLowerCase().startsWith(`/${name}/`));
}
