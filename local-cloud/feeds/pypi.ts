// Python packages: the simple index (PEP 503), downloads that redirect to blob storage, and the legacy upload.
import { createHash } from 'node:crypto';
import { html, type PlayedRequest, type PlayedResponse } from '../http.js';
import type { FeedProtocol, Feeds, PlayedFeed } from './feeds.js';

interface Distribution {
  readonly project: string;
  readonly version: string;
  readonly fileName: string;
  readonly content: Buffer;
}

export function pypi(feeds: Pick<Feeds, 'redirectTo'>): FeedProtocol {
  const byFeed = new Map<PlayedFeed, Distribution[]>();
  return {
    segment: 'pypi',
    answer(request, feed, path, base) {
      const distributions = byFeed.get(feed) ?? [];
      byFeed.set(feed, distributions);
      const [, area = '', project = '', , fileName = ''] = path.split('/').map(decodeURIComponent);
      if (area === 'upload' && request.method === 'POST') return upload(request, distributions);
      if (request.method !== 'GET') return { status: 405 };
      if (area === 'simple') return index(distributions, normalized(project), base);
      const found = distributions.find((one) => one.fileName === fileName);
      return area === 'download' && found
        ? feeds.redirectTo(found.content, 'application/octet-stream')
        : undefined;
    },
  };
}

/** The form that setuptools and twine send: fields of the metadata, and the file as "content". */
async function upload(request: PlayedRequest, distributions: Distribution[]): Promise<PlayedResponse> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(request.body), { headers }).formData();
  const content = form.get('content');
  if (form.get(':action') !== 'file_upload' || !(content instanceof Blob)) return html(400, 'Bad Request');
  const { name: fileName } = content as Blob & { readonly name: string };
  if (distributions.some((one) => one.fileName === fileName)) return html(409, 'Conflict');
  distributions.push({
    project: normalized(String(form.get('name'))),
    version: String(form.get('version')),
    fileName,
    content: Buffer.from(await content.arrayBuffer()),
  });
  return { status: 202 };
}

function index(distributions: readonly Distribution[], project: string, base: string): PlayedResponse {
  if (project === '') {
    return links(distributions.map((one) => [`${base}/simple/${one.project}/`, one.project]));
  }
  const found = distributions.filter((one) => one.project === project);
  if (found.length === 0) return html(404, 'Not Found');
  return links(
    found.map(({ version, fileName, content }) => [
      `${base}/download/${project}/${version}/${fileName}#sha256=${createHash('sha256').update(content).digest('hex')}`,
      fileName,
    ]),
  );
}

function links(targets: readonly (readonly [url: string, text: string])[]): PlayedResponse {
  const anchors = targets.map(([url, text]) => `<a href="${url}">${text}</a><br/>`).join('\n');
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><body>\n${anchors}\n</body></html>`,
  };
}

function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
