// Git LFS: the batch API and the basic transfer (git-lfs, docs/api/batch.md), objects in memory.
import { json, type PlayedRequest, type PlayedResponse } from './http.js';

/** Object ID (SHA-256) to content. */
export type LfsStore = Map<string, Buffer>;

const MEDIA_TYPE = { 'content-type': 'application/vnd.git-lfs+json' };

export function lfsAnswer(request: PlayedRequest, path: string, store: LfsStore): PlayedResponse {
  const objectId = /^\/info\/lfs\/objects\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (path === '/info/lfs/objects/batch' && request.method === 'POST') return batch(request, store);
  if (objectId !== undefined && request.method === 'PUT') {
    store.set(objectId, request.body);
    return { status: 200 };
  }
  const content = objectId === undefined ? undefined : store.get(objectId);
  if (content !== undefined && request.method === 'GET') return { status: 200, body: content };
  return json(404, { message: 'Not found' }, MEDIA_TYPE);
}

interface BatchRequest {
  readonly operation: 'upload' | 'download';
  readonly objects: readonly { readonly oid: string; readonly size: number }[];
}

/** The links carry no credentials of their own, so the client has to bring the token to each transfer too. */
function batch(request: PlayedRequest, store: LfsStore): PlayedResponse {
  const { operation, objects } = JSON.parse(request.body.toString('utf8')) as BatchRequest;
  const base = new URL(request.url.href.replace(/\/batch$/, '/'));
  const answers = objects.map(({ oid, size }) => {
    const actions = { [operation]: { href: new URL(oid, base).href } };
    if (operation === 'upload') return store.has(oid) ? { oid, size } : { oid, size, actions };
    return store.has(oid)
      ? { oid, size, actions }
      : { oid, size, error: { code: 404, message: 'Object does not exist' } };
  });
  return json(200, { transfer: 'basic', objects: answers }, MEDIA_TYPE);
}
