// Reads a JWT's claims without checking its signature: for messages and for comparing identities.
import { jwtDecode } from 'jwt-decode';
import { isObject, type JsonObject } from './json.js';

export type Claims = JsonObject;

/**
 * @returns undefined for anything but three Base64url parts with a JSON object in the middle (RFC 7519).
 * The parser's own error is dropped on purpose: it quotes the token.
 */
export function claimsOf(token: string): Claims | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  try {
    const claims: unknown = jwtDecode(token);
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
