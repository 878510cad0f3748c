// What a played service receives and answers.
import type { IncomingHttpHeaders } from 'node:http';

export interface PlayedRequest {
  readonly scheme: 'https' | 'http';
  readonly host: string;
  /** 443 or 8443; 80 for plain http. */
  readonly port: number;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface PlayedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** One played service: answers, or undefined for a request that is not its own. */
export type Service = (
  request: PlayedRequest,
) => Promise<PlayedResponse | undefined> | PlayedResponse | undefined;

export function json(
  status: number,
  value: unknown,
  headers: PlayedResponse['headers'] = {},
): PlayedResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function html(status: number, title: string, headers: PlayedResponse['headers'] = {}): PlayedResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
    body: `<html><head><title>${title}</title></head><body>${title}</body></html>`,
  };
}
