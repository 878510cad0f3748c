// How Azure DevOps is addressed and how it turns callers away, whichever of its services is asked.
import { html, json, type PlayedRequest, type PlayedResponse } from './http.js';

export const HOST = 'dev.azure.com';
export const LEGACY = /^([a-z0-9-]+)\.visualstudio\.com$/;

/** Both URL forms name an organization and a path in it. */
export function placeOf({ host, url }: PlayedRequest): { organization: string; path: string } | undefined {
  const path = decodeURIComponent(url.pathname);
  const legacy = LEGACY.exec(host)?.[1];
  if (legacy !== undefined) return { organization: legacy, path };
  const [, organization = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? [];
  return host === HOST ? { organization, path: rest } : undefined;
}

export function isRedirectSuppressed({ headers }: PlayedRequest): boolean {
  return headers['x-tfs-fedauthredirect'] === 'Suppress';
}

export function signInPage(status: number, headers: PlayedResponse['headers'] = {}): PlayedResponse {
  return html(status, 'Azure DevOps Services | Sign In', headers);
}

export function redirectToSignIn({ url }: PlayedRequest, headers: PlayedResponse['headers'] = {}) {
  const signIn = `https://spsprodweu1.vssps.visualstudio.com/_signin?realm=${HOST}&reply_to=${encodeURIComponent(url.href)}`;
  return html(302, 'Object moved', { ...headers, location: signIn });
}

export function problem(status: number, message: string, typeKey: string, headers = {}): PlayedResponse {
  const typeName = `Microsoft.TeamFoundation.Framework.Server.${typeKey}, Microsoft.TeamFoundation.Framework.Server`;
  return json(
    status,
    { $id: '1', innerException: null, message, typeName, typeKey, errorCode: 0, eventId: 3000 },
    headers,
  );
}
