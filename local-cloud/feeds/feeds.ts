// Azure Artifacts: feeds of organizations, who may use them, their list, and downloads that redirect to blob storage.
import { createHash, randomBytes } from 'node:crypto';
import { HOST, problem } from '../azure-devops-http.js';
import { html, json, type PlayedRequest, type PlayedResponse, type Service } from '../http.js';

const PACKAGES = 'pkgs.dev.azure.com';
const LEGACY = /^([a-z0-9-]+)\.pkgs\.visualstudio\.com$/;
const FEEDS = 'feeds.dev.azure.com';
const BLOBS = 'patlessplay.blob.core.windows.net';

interface FeedName {
  readonly organization: string;
  /** Undefined for a feed of the organization itself. */
  readonly project: string | undefined;
  readonly name: string;
}

export interface PlayedFeed extends FeedName {
  /** What every member may do with it. */
  role: FeedRole;
}

/** Each may do what those before it may. */
const ROLES = ['none', 'reader', 'contributor'] as const;
export type FeedRole = (typeof ROLES)[number];

/** One package protocol: answers for the path below `/_packaging/FEED/PROTOCOL`, or undefined for what it does not know. */
export interface FeedProtocol {
  /** First segments of its paths: "npm", "pypi", "maven", "Cargo", "nuget". */
  readonly segment: string;
  /** @param base the feed's own URL as it was asked for, up to the protocol's segment and without a slash at the end */
  answer(
    request: PlayedRequest,
    feed: PlayedFeed,
    path: string,
    base: string,
  ): Promise<PlayedResponse | undefined> | PlayedResponse | undefined;
  /** Whether a request for this path is answered without a token, as Azure Artifacts does for none unless it is public. */
  readonly isOpen?: (path: string) => boolean;
}

export interface Feeds {
  isPlayed(host: string): boolean;
  readonly service: Service;
  readonly list: PlayedFeed[];
  /** Adds a feed, which any member of its organization may read and write. */
  addFeed(organization: string, name: string, project?: string): PlayedFeed;
  /** A redirect to blob storage, where the content can be fetched with the URL alone. */
  redirectTo(content: Buffer, contentType: string): PlayedResponse;
}

/** @param isMember whether the request's token (Bearer, or Basic's password) is of a member of the organization */
export function playFeeds(
  protocols: (feeds: Pick<Feeds, 'redirectTo'>) => readonly FeedProtocol[],
  isMember: (request: PlayedRequest, organization: string) => Promise<boolean>,
): Feeds {
  const list: PlayedFeed[] = [];
  const blobs = new Map<string, { readonly content: Buffer; readonly contentType: string }>();
  const feeds: Feeds = {
    isPlayed: (host) => [PACKAGES, FEEDS, BLOBS].includes(host) || LEGACY.test(host),
    list,
    addFeed(organization, name, project) {
      const feed: PlayedFeed = { organization, project, name, role: 'contributor' };
      list.push(feed);
      return feed;
    },
    redirectTo(content, contentType) {
      const name = `/blobs/${createHash('sha256').update(content).digest('hex')}`;
      const signature = randomBytes(16).toString('hex');
      blobs.set(`${name}?sig=${signature}`, { content, contentType });
      return { status: 303, headers: { location: `https://${BLOBS}${name}?sig=${signature}` } };
    },
    async service(request) {
      const { host, url } = request;
      if (host === BLOBS) return blobAnswer(request, blobs);
      if (host === FEEDS) return listAnswer(request, list, isMember);
      const place = feedPlace(host, url);
      if (place === undefined) return undefined;
      const feed = list.find((candidate) => isSame(candidate, place));
      const protocol = known.find(({ segment }) => segment.toLowerCase() === place.segment.toLowerCase());
      if (protocol?.isOpen?.(place.path) !== true && !(await isMember(request, place.organization))) {
        return unauthorized(place.organization);
      }
      if (feed === undefined || protocol === undefined) return html(404, 'Feed not found');
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (!hasRole(feed, isRead ? 'reader' : 'contributor')) return lacksPermission(isRead);
      return (await protocol.answer(request, feed, place.path, place.base)) ?? { status: 404 };
    },
  };
  const known = protocols(feeds);
  return feeds;
}

interface FeedPlace extends FeedName {
  readonly segment: string;
  readonly path: string;
  readonly base: string;
}

/** `[/ORG][/PROJECT]/_packaging/FEED[@VIEW]/PROTOCOL/PATH` */
function feedPlace(host: string, url: URL): FeedPlace | undefined {
  const legacy = LEGACY.exec(host)?.[1];
  if (host !== PACKAGES && legacy === undefined) return undefined;
  const [, before = '', name = '', segment = '', path = ''] =
    /^((?:\/[^/]+)*)\/_packaging\/([^/]+)\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  if (name === '') return undefined;
  const segments = decodeURIComponent(before)
    .split('/')
    .filter((part) => part !== '' && part !== 'DefaultCollection');
  const organization = legacy ?? segments.shift() ?? '';
  return {
    organization: organization.toLowerCase(),
    project: segments[0],
    name: decodeURIComponent(name).replace(/@.*$/, ''),
    segment,
    path,
    base: `${url.origin}${before}/_packaging/${name}/${segment}`,
  };
}

function hasRole(feed: PlayedFeed, role: FeedRole): boolean {
  return ROLES.indexOf(feed.role) >= ROLES.indexOf(role);
}

function lacksPermission(isRead: boolean): PlayedResponse {
  const name = isRead ? 'ReadPackages' : 'AddPackage';
  const message = `User 'local-cloud' lacks permission to complete this action. You need to have '${name}'.`;
  return problem(403, message, 'FeedNeedsPermissionsException');
}

function isSame(a: FeedName, b: FeedName): boolean {
  const same = (x = '', y = '') => x.toLowerCase() === y.toLowerCase();
  return same(a.organization, b.organization) && same(a.project, b.project) && same(a.name, b.name);
}

function unauthorized(organization: string): PlayedResponse {
  return {
    status: 401,
    headers: {
      'content-type': 'application/json',
      'www-authenticate': [
        'Bearer authorization_uri=https://login.windows.net/00000000-0000-0000-0000-000000000001',
        `Basic realm="https://${PACKAGES}/"`,
        'TFS-Federated',
      ],
    },
    body: JSON.stringify({
      $id: '1',
      message: `TF400813: The user is not authorized to access ${organization}.`,
    }),
  };
}

/** A token that was sent along would be seen by somebody else; the storage itself refuses a second authorization. */
function blobAnswer(
  { url, headers }: PlayedRequest,
  blobs: ReadonlyMap<string, { readonly content: Buffer; readonly contentType: string }>,
): PlayedResponse {
  const blob = blobs.get(`${url.pathname}${url.search}`);
  if (blob === undefined) return { status: 404 };
  if (headers.authorization) return { status: 400, body: 'InvalidAuthenticationInfo' };
  return { status: 200, headers: { 'content-type': blob.contentType }, body: blob.content };
}

async function listAnswer(
  request: PlayedRequest,
  list: readonly PlayedFeed[],
  isMember: (request: PlayedRequest, organization: string) => Promise<boolean>,
): Promise<PlayedResponse> {
  const [, organization = '', project, rest] =
    /^\/([^/]+)(?:\/([^/]+))?\/(_apis\/.*)$/.exec(decodeURIComponent(request.url.pathname)) ?? [];
  if (!(await isMember(request, organization))) return unauthorized(organization);
  if (rest !== '_apis/packaging/feeds' || request.method !== 'GET') return { status: 404 };
  const asked = ROLES.find((role) => role === request.url.searchParams.get('feedRole')) ?? 'reader';
  const value = list
    .filter((feed) => feed.organization === organization.toLowerCase() && hasRole(feed, asked))
    .filter((feed) => project === undefined || feed.project?.toLowerCase() === project.toLowerCase())
    .map(({ name, project: of }) => ({
      name,
      url: `https://${HOST}`,
      ...(of && { project: { name: of } }),
    }));
  return json(200, { count: value.length, value });
}
