// What the address of a repository or a feed names, as git and package tools are given it.
import { type Organization, PACKAGES_HOST, parseOrganization, SHARED_HOST } from './organization.js';

export interface RepositoryAddress {
  readonly kind: 'git';
  readonly organization: Organization;
  readonly project: string;
  readonly name: string;
}

export interface FeedAddress {
  readonly kind: 'feed';
  readonly organization: Organization;
  /** Undefined for a feed of the organization itself. */
  readonly project: string | undefined;
  /** Without the view, which is part of the feed. */
  readonly name: string;
}

export type ResourceAddress = RepositoryAddress | FeedAddress;

/** Azure DevOps shows addresses with a user; one with a password is refused, not read. */
const ADDRESS = /^https:\/\/(?:[^@/:\\?#\s]*@)?([a-z0-9.-]+)(?::443)?\/(.*)$/i;
const AT_OWN_HOST = /^([a-z0-9-]+)(\.pkgs)?\.visualstudio\.com$/;
const REPOSITORY = /^(?:([^/]+)\/)?_git\/([^/]+)$/;
const FEED = /^(?:([^/]+)\/)?_packaging\/([^/@]+)(?:@[^/]*)?(?:\/.*)?$/;

/** Dot segments, what a server may read as a slash or a dot, and control characters: they can lead elsewhere. */
const LEADS_ELSEWHERE = /(?:^|\/)\.{1,2}(?:\/|$)|[\\\s?#]|%(?:2e|2f|5c|[01]|7f)/i;

/** @returns undefined for anything but the https address of a repository or of a feed. */
export function parseResourceAddress(text: string): ResourceAddress | undefined {
  const [, host = '', rest = ''] = ADDRESS.exec(text) ?? [];
  const path = LEADS_ELSEWHERE.test(rest) ? undefined : decoded(rest.replace(/\/+$/, ''));
  const place = path === undefined ? undefined : placeOf(host.toLowerCase(), path);
  if (place === undefined) return undefined;
  const { organization, isFeed, below } = place;
  const [, project, name] = (isFeed ? FEED : REPOSITORY).exec(below) ?? [];
  if (name === undefined) return undefined;
  if (isFeed) return { kind: 'feed', organization, project, name };
  // A repository that is called as its project may be addressed without it.
  return { kind: 'git', organization, project: project ?? name, name };
}

/** An address as it may be shown: a password in front of the host is not repeated. */
export function withoutUser(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//');
}

interface Place {
  readonly organization: Organization;
  readonly isFeed: boolean;
  /** The path below the organization. */
  readonly below: string;
}

function placeOf(host: string, path: string): Place | undefined {
  const [, own, packages] = AT_OWN_HOST.exec(host) ?? [];
  if (own === undefined && host !== SHARED_HOST && host !== PACKAGES_HOST) return undefined;
  const segments = path.split('/');
  const organization = parseOrganization(own ?? segments.shift() ?? '');
  if (organization === undefined) return undefined;
  if (/^DefaultCollection$/i.test(segments[0] ?? '')) segments.shift();
  return {
    organization,
    isFeed: host === PACKAGES_HOST || packages !== undefined,
    below: segments.join('/'),
  };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
