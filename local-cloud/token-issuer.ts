// A key pair that signs tokens as GitHub and Microsoft Entra do (RS256), and publishes its public half.
import { createHash, randomUUID } from 'node:crypto';
import {
  compactVerify,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
} from 'jose';

export interface TokenIssuer {
  sign(claims: JWTPayload): Promise<string>;
  /** @returns the claims, or undefined when the signature is not this issuer's; times are not looked at. */
  verify(token: string): Promise<JWTPayload | undefined>;
  readonly jwks: JSONWebKeySet;
}

/** Making a pair takes longer than a scenario, so the clouds of one process share each issuer's. */
const keyPairs = new Map<string, ReturnType<typeof generateKeyPair>>();

export async function createTokenIssuer(name: string): Promise<TokenIssuer> {
  const pair = keyPairs.get(name) ?? generateKeyPair('RS256');
  keyPairs.set(name, pair);
  const { publicKey, privateKey } = await pair;
  const kid = createHash('sha1').update(randomUUID()).digest('base64url');
  return {
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: kid, kid }).sign(privateKey),
    async verify(token) {
      try {
        const { payload } = await compactVerify(token, publicKey);
        return JSON.parse(Buffer.from(payload).toString('utf8')) as JWTPayload;
      } catch {
        return undefined;
      }
    },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, x5t: kid, use: 'sig', alg: 'RS256' }] },
  };
}
