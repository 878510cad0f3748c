// Whether the caller may read or publish to feeds (Azure DevOps REST 7.1, "Feed Management - Get Feeds": those in which the caller has a role).
import { isObject, textMember } from '../json.js';
import type { Session } from '../session.js';
import {
  type Access,
  ALLOWED,
  type Answer,
  ask,
  isAboutProject,
  notInProject,
  type Verdict,
} from './access.js';
import { FEEDS_HOST } from './organization.js';
import type { FeedAddress } from './resource-address.js';
import type { OrganizationToken } from './verify.js';

/** UNVERIFIED: that the list for a role holds the feeds in which the caller has a higher one. */
const ROLES: Readonly<Record<Access, { readonly role: string; readonly shownAs: string }>> = {
  read: { role: 'reader', shownAs: 'Feed Reader' },
  write: { role: 'contributor', shownAs: 'Feed Publisher (Contributor)' },
};

export type FeedAccess = (feed: FeedAddress, access: Access) => Promise<Verdict>;

/** One request for each project and role, however many feeds are asked for. */
export function feedAccess(token: OrganizationToken, session: Session): FeedAccess {
  const lists = new Map<string, Promise<Answer>>();
  const listOf = (url: string) => {
    const list = lists.get(url) ?? ask(url, token, session);
    lists.set(url, list);
    return list;
  };
  return async ({ organization, project, name }, access) => {
    const { role, shownAs } = ROLES[access];
    const inProject = project === undefined ? '' : `/${encodeURIComponent(project)}`;
    const list = await listOf(
      `https://${FEEDS_HOST}/${organization.name}${inProject}/_apis/packaging/feeds?feedRole=${role}&api-version=7.1`,
    );
    if (project !== undefined && isAboutProject(list)) return notInProject(organization.url, project);
    if (isIn(list, name, project)) return ALLOWED;
    return {
      result: 'missing',
      missing: access === 'read' ? `${shownAs} (or there is no such feed)` : shownAs,
      grant: `The gear (Feed settings), Permissions, Add users/groups: the identity as ${shownAs}.`,
      page: `${organization.url}${inProject}/_artifacts/feed/${encodeURIComponent(name)}`,
    };
  };
}

/** The list of an organization has the feeds of its projects too, which may have the same names. */
function isIn({ status, body }: Answer, name: string, project: string | undefined): boolean {
  if (status !== 200 || !Array.isArray(body.value)) return false;
  return (body.value as unknown[])
    .filter(isObject)
    .filter((feed) => project !== undefined || !isObject(feed.project))
    .some((feed) =>
      ['name', 'id'].some((key) => textMember(feed, key)?.toLowerCase() === name.toLowerCase()),
    );
}
