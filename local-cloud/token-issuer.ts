// A key pair that signs tokens as GitHub and Microsoft Entra do (RS256), and publishes its public half.
import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, jwtVerify, SignJWT } from 'jose';

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
        const { payload } = await jwtVerify(token, publicKey, {
          currentDate: new Date(0),
          clockTolerance: 1e11,
        });
        return payload;
      } catch {
        return undefined;
      }
    },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, x5t: kid, use: 'sig', alg: 'RS256' }] },
  };
}
