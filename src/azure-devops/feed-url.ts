// Which URLs are those of an organization's feeds: they, and nobody else, may be sent its token.
import type { Organization } from './organization.js';

/** https, our hosts, no other port, this organization in any letter case; nothing that a server could read otherwise. */
export function isFeedUrl(url: string, { name }: Organization): boolean {
  const [, host, path = ''] =
    /^https:\/\/(?:[^@/\\?#]*@)?([a-z0-9.-]+)(?::443)?(\/[^\s\\?#]*)?$/i.exec(url) ?? [];
  if (/(?:\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)|%5c/i.test(path)) return false;
  switch (host?.toLowerCase()) {
    case 'pkgs.dev.azure.com':
      return path.toLowerCase().startsWith(`/${name}/`);
    case `${name}.pkgs.visualstudio.com`:
      return true;
    default:
      return false;
  }
}
