// The NuGet side of a played feed: its service index, and push. No client is here that would restore a package.
import { json } from '../http.js';
import type { FeedProtocol } from './feeds.js';

export const nuget: FeedProtocol = {
  segment: 'nuget',
  answer({ method, headers }, _feed, path, base) {
    if (method === 'GET' && path === '/v3/index.json') {
      const resources = [{ '@id': `${base}/v2/`, '@type': 'PackagePublish/2.0.0' }];
      return json(200, { version: '3.0.0', resources });
    }
    if (method !== 'PUT' || path !== '/v2/') return undefined;
    // Any key does, but there has to be one.
    return headers['x-nuget-apikey'] ? { status: 202 } : { status: 403 };
  },
};
