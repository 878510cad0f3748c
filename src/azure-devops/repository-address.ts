// Whose repository git is about to reach, by the host and path that it tells its helpers.
import { type Organization, parseOrganization, SHARED_HOST } from './organization.js';

const OWN_HOST = /^([a-z0-9-]+)\.visualstudio\.com$/i;

/** git gives the path decoded. Dot segments, or what a server may read as a slash, can lead out of the organization. */
const LEADS_ELSEWHERE = /(?:^|\/)\.{1,2}(?:\/|$)|\\/;

/** @returns undefined for another host or port, and for a path that is not plain. */
export function organizationOfRepository(host: string, path: string): Organization | undefined {
  if (LEADS_ELSEWHERE.test(path)) return undefined;
  const name = host.replace(/:443$/, '').toLowerCase();
  if (name === SHARED_HOST) return parseOrganization(path.split('/')[0] ?? '');
  return parseOrganization(OWN_HOST.exec(name)?.[1] ?? '');
}
