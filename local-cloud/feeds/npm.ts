// The npm registry of a played feed: package documents, tarballs that redirect to blob storage, and publish.
import { json, type PlayedRequest, type PlayedResponse } from '../http.js';
import type { FeedProtocol, Feeds, PlayedFeed } from './feeds.js';

interface Package {
  name: string;
  'dist-tags': Record<string, string>;
  versions: Record<string, { dist: { tarball: string } }>;
  time?: Record<string, string>;
}

interface Published extends Package {
  _attachments?: Record<string, { data: string }>;
}

/** `/registry/NAME` or `/registry/NAME/-/FILE`, where a scope's slash may be encoded. */
const PATH = /^\/registry\/((?:@[^/]+\/)?[^/]+)(?:\/-\/([^/]+\.tgz))?$/;

export function npmProtocol(feeds: Pick<Feeds, 'redirectTo'>): FeedProtocol {
  const packages = new Map<string, Package>();
  const tarballs = new Map<string, Buffer>();
  return {
    segment: 'npm',
    answer(request, feed, path, base) {
      const [, encoded = '', file] = PATH.exec(path.replaceAll(/%2f/gi, '/').replace('%40', '@')) ?? [];
      if (encoded === '') return undefined;
      const key = keyOf(feed, decodeURIComponent(encoded));
      if (file !== undefined) {
        const tarball = tarballs.get(`${key}/${decodeURIComponent(file)}`);
        return tarball && feeds.redirectTo(tarball, 'application/octet-stream');
      }
      if (request.method === 'PUT') return publish(request, key, packages, tarballs);
      const found = packages.get(key);
      return found && json(200, withTarballsAt(`${base}/registry/${encoded}/-`, found));
    },
  };
}

function keyOf({ organization, project = '', name }: PlayedFeed, packageName: string): string {
  return `${organization}/${project}/${name}/${packageName}`.toLowerCase();
}

function publish(
  { body }: PlayedRequest,
  key: string,
  packages: Map<string, Package>,
  tarballs: Map<string, Buffer>,
): PlayedResponse {
  const { _attachments: attachments = {}, ...sent } = JSON.parse(body.toString()) as Published;
  const before = packages.get(key);
  if (Object.keys(sent.versions).some((version) => before?.versions[version] !== undefined)) {
    return json(409, { error: 'The feed already contains this version.' });
  }
  for (const [file, { data }] of Object.entries(attachments)) {
    tarballs.set(`${key}/${file.replace(/^@[^/]+\//, '')}`, Buffer.from(data, 'base64'));
  }
  packages.set(key, {
    ...sent,
    'dist-tags': { ...before?.['dist-tags'], ...sent['dist-tags'] },
    versions: { ...before?.versions, ...sent.versions },
  });
  return json(200, { success: true });
}

/** The service names tarballs below the URL that it was asked at. */
function withTarballsAt(folder: string, { versions, name, ...rest }: Package): Package {
  const moved = Object.entries(versions).map(([version, manifest]) => {
    const file = `${name.replace(/^@[^/]+\//, '')}-${version}.tgz`;
    return [version, { ...manifest, dist: { ...manifest.dist, tarball: `${folder}/${file}` } }];
  });
  // Some clients install nothing that was published a moment ago.
  const time = Object.fromEntries(
    Object.keys(versions).map((version) => [version, '2020-01-01T00:00:00.000Z']),
  );
  return { ...rest, name, versions: Object.fromEntries(moved), time };
}
