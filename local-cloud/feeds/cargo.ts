// Cargo: a sparse registry with auth-required, downloads that redirect to blob storage, and publishing.
import { createHash } from 'node:crypto';
import { json, type PlayedResponse } from '../http.js';
import type { FeedProtocol, Feeds, PlayedFeed } from './feeds.js';

interface Crate {
  readonly name: string;
  readonly version: string;
  readonly content: Buffer;
  /** Its line in the index. */
  readonly line: string;
}

/** What `cargo publish` sends (The Cargo book, "Registry Web API"), as far as it is needed here. */
interface Manifest {
  readonly name: string;
  readonly vers: string;
  readonly deps: readonly (object & { readonly version_req: string })[];
  readonly features: object;
}

export function cargo({ redirectTo }: Pick<Feeds, 'redirectTo'>): FeedProtocol {
  const crates = new Map<PlayedFeed, Crate[]>();
  return {
    segment: 'Cargo',
    answer({ method, body }, feed, path, base) {
      const known = crates.get(feed) ?? [];
      if (method === 'PUT' && path === '/api/v1/crates/new') {
        crates.set(feed, [...known, published(body)]);
        return json(200, { warnings: { invalid_categories: [], invalid_badges: [], other: [] } });
      }
      if (method !== 'GET') return undefined;
      if (path === '/index/config.json') {
        return json(200, { dl: `${base}/api/v1/crates`, api: base, 'auth-required': true });
      }
      const [, name, version] = /^\/api\/v1\/crates\/([^/]+)\/([^/]+)\/download$/.exec(path) ?? [];
      const crate = known.find((candidate) => candidate.name === name && candidate.version === version);
      if (crate !== undefined) return redirectTo(crate.content, 'application/gzip');
      return indexFile(known, path);
    },
  };
}

/** `/index/co/nt/contoso-lib`: a line for each version. */
function indexFile(crates: readonly Crate[], path: string): PlayedResponse | undefined {
  const lines = crates.filter(({ name }) => path === `/index/${folders(name)}/${name}`);
  if (lines.length === 0) return undefined;
  return {
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: lines.map(({ line }) => `${line}\n`).join(''),
  };
}

function folders(name: string): string {
  if (name.length < 3) return String(name.length);
  return name.length === 3 ? `3/${name[0]}` : `${name.slice(0, 2)}/${name.slice(2, 4)}`;
}

/** Two parts, each after its length: JSON, and the .crate file. */
function published(body: Buffer): Crate {
  const jsonLength = body.readUInt32LE(0);
  const manifest = JSON.parse(body.subarray(4, 4 + jsonLength).toString()) as Manifest;
  const content = body.subarray(4 + jsonLength + 4);
  const line = JSON.stringify({
    name: manifest.name,
    vers: manifest.vers,
    deps: manifest.deps.map(({ version_req, ...rest }) => ({ ...rest, req: version_req })),
    cksum: createHash('sha256').update(content).digest('hex'),
    features: manifest.features,
    yanked: false,
  });
  return { name: manifest.name, version: manifest.vers, content, line };
}
