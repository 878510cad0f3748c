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

export async function createTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
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
