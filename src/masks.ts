// The forms in which a secret can turn up in a log; each is registered with the host's masker.
import type { Environment } from './hosts/host.js';
import { Secret } from './secret.js';

/** User names that patless or its documentation pairs with the token in HTTP Basic. */
export const BASIC_USER_NAMES = ['patless', ''] as const;

/** Shorter values are never masked: they would black out half of the log. */
const SHORTEST_MASK = 8;

/**
 * An access token as such, its JWT signature alone (a wrapped or cut print still holds it), and the
 * Base64 of `user:token`, which the Azure Pipelines agent does not derive by itself.
 */
export function accessTokenForms(token: Secret): Secret[] {
  const forms = jwtForms(token);
  const basic = BASIC_USER_NAMES.map((user) => base64(`${user}:${token.reveal()}`));
  return forms.length === 0 ? [] : [...forms, ...basic.map((value) => new Secret(value))];
}

/** A JWT as such and its signature alone. */
export function jwtForms(token: Secret): Secret[] {
  const signature = token.reveal().split('.')[2];
  return [token, new Secret(signature ?? '')].filter(isLongEnough);
}

/** The credentials in the variables that @actions/http-client takes a proxy from. */
export function proxyCredentialForms(environment: Environment): Secret[] {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];
  return names.flatMap((name) => proxyUrlForms(environment[name] ?? ''));
}

/** What a proxy URL with credentials gives away: the password, the pair, and the header made of it. */
export function proxyUrlForms(proxyUrl: string): Secret[] {
  const userInfo = /^(?:[a-z]+:\/\/)?([^/]*)@/i.exec(proxyUrl)?.[1];
  if (userInfo === undefined) return [];
  const decoded = decode(userInfo);
  const passwords = [userInfo, decoded].map((pair) => pair.slice(pair.indexOf(':') + 1));
  return [...new Set([...passwords, userInfo, decoded, base64(decoded)])]
    .map((value) => new Secret(value))
    .filter(isLongEnough);
}

function isLongEnough(secret: Secret): boolean {
  return secret.reveal().length >= SHORTEST_MASK;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
