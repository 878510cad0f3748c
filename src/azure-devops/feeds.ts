// The feeds of an organization (Azure DevOps REST, "Feed Management - Get Feeds", 7.1).
import { PatlessError } from '../errors.js';
import { isObject, jsonObject, textMember } from '../json.js';
import { retry, retryOf, STAGES } from '../retry.js';
import type { Session } from '../session.js';
import { FEEDS_HOST } from './organization.js';
import type { OrganizationToken } from './verify.js';

export interface Feed {
  readonly name: string;
  /** Undefined for a feed of the organization itself. */
  readonly project: string | undefined;
}

/** What a name may hold; anything else is left out, since names become parts of URLs in configuration files. */
const NAME = /^[^\s/\\:*?"<>|#%{}@;$`'&=,()[\]]{1,64}$/u;

/**
 * One request. Feeds of projects come along, as far as the identity may see them.
 * @throws PatlessError ORGANIZATION_REFUSED, NETWORK
 */
export function listFeeds(token: OrganizationToken, session: Session): Promise<Feed[]> {
  const { organization, secret } = token;
  return retry(STAGES.verification, session, async () => {
    const response = await session.send({
      method: 'GET',
      url: `https://${FEEDS_HOST}/${organization.name}/_apis/packaging/feeds?api-version=7.1`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${secret.reveal()}`,
        'x-tfs-fedauthredirect': 'Suppress',
      },
      timeoutSeconds: 10,
    });
    const list = response.status === 200 ? jsonObject(response.body)?.value : undefined;
    if (!Array.isArray(list)) {
      throw new PatlessError('ORGANIZATION_REFUSED', `${FEEDS_HOST} answered ${response.status}.`, {
        hint: "Give the identity the role Feed Reader, or name the feeds in the project's own files.",
        retry: retryOf(response, session.clock.now()),
      });
    }
    return (list as unknown[]).filter(isObject).flatMap((feed) => {
      const name = textMember(feed, 'name') ?? '';
      const project = isObject(feed.project) ? textMember(feed.project, 'name') : undefined;
      const isSafe = NAME.test(name) && (project === undefined || /^[^\r\n"\\]{1,64}$/u.test(project));
      return isSafe ? [{ name, project }] : [];
    });
  });
}
