// Where clients of Azure DevOps look up the routes of its REST services before the first call (OPTIONS, then GET).
import { json, type PlayedRequest, type PlayedResponse } from './http.js';

interface Location {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
}

/** Source: azure-devops-node-api, the IDs in LocationsApiBase and GitApi. */
const LOCATIONS: readonly Location[] = [
  {
    id: 'e81700f7-3be2-46de-8624-2eb35882fcaa',
    area: 'Location',
    resourceName: 'ResourceAreas',
    routeTemplate: '_apis/{resource}/{areaId}',
  },
  {
    id: '225f7195-f9c7-4d14-ab28-a83f7ff77e1f',
    area: 'git',
    resourceName: 'repositories',
    routeTemplate: '{project}/_apis/{area}/{resource}/{repositoryId}',
  },
];

export function locationAnswer({ method }: PlayedRequest, path: string): PlayedResponse | undefined {
  if (method === 'GET' && path === '/_apis/ResourceAreas') return json(200, { count: 0, value: [] });
  const area = method === 'OPTIONS' ? /^\/_apis\/([^/]+)$/.exec(path)?.[1]?.toLowerCase() : undefined;
  if (area === undefined) return undefined;
  const value = LOCATIONS.filter((location) => location.area.toLowerCase() === area).map((location) => ({
    ...location,
    resourceVersion: 1,
    minVersion: '1.0',
    maxVersion: '7.2',
    releasedVersion: '7.1',
  }));
  return json(200, { count: value.length, value });
}
