// Maven repositories of Azure Artifacts: files by path, downloads by way of blob storage.
import { createHash } from 'node:crypto';
import type { FeedProtocol, Feeds, PlayedFeed } from './feeds.js';

const DIGESTS = ['md5', 'sha1', 'sha256', 'sha512'];

export function mavenProtocol({ redirectTo }: Pick<Feeds, 'redirectTo'>): FeedProtocol {
  const files = new Map<string, Buffer>();
  return {
    segment: 'maven',
    answer({ method, body }, feed, path) {
      if (!path.startsWith('/v1/')) return undefined;
      const key = keyOf(feed, path);
      if (method === 'PUT') {
        // As the service does: a version that is there does not change; metadata does.
        if (files.has(key) && !/maven-metadata\.xml/.test(path)) return { status: 409 };
        files.set(key, body);
        return { status: 201 };
      }
      if (method !== 'GET' && method !== 'HEAD') return { status: 405 };
      const content = files.get(key) ?? digest(files, key);
      if (content === undefined) return { status: 404 };
      if (method === 'HEAD') return { status: 200 };
      return redirectTo(content, 'application/octet-stream');
    },
  };
}

function keyOf({ organization, project = '', name }: PlayedFeed, path: string): string {
  return [organization, project.toLowerCase(), name.toLowerCase(), path].join('\n');
}

/** Digests that nobody has uploaded are made from the file. */
function digest(files: ReadonlyMap<string, Buffer>, key: string): Buffer | undefined {
  const [, file = '', kind = ''] = /^(.*)\.(\w+)$/s.exec(key) ?? [];
  const content = DIGESTS.includes(kind) ? files.get(file) : undefined;
  return content && Buffer.from(createHash(kind).update(content).digest('hex'));
}
