// Whose an access token of Microsoft Entra is, by its claims, and whether it is a token at all.
import type { AccessToken } from '../access-token.js';
import { PatlessError } from '../errors.js';
import { GUID } from '../guid.js';
import { textMember } from '../json.js';
import { claimsOf } from '../jwt.js';
import { printable } from '../printable.js';
import type { Secret } from '../secret.js';

/** Real ones have one to three thousand characters. Shorter than a mask, or longer than a variable can be: no token. */
const SAFE_TOKEN = /^[A-Za-z0-9._~+/=-]{20,16384}$/;

export function isSafeToken(secret: Secret): boolean {
  return SAFE_TOKEN.test(secret.reveal());
}

/**
 * The claims must be the client and tenant that were asked for, where they were (a domain cannot be compared, and an
 * opaque token says nothing).
 * @throws PatlessError IDENTITY_UNEXPECTED
 */
export function checkedIdentity(
  secret: Secret,
  { clientId, tenantId = '' }: { clientId?: string | undefined; tenantId?: string | undefined },
): Pick<AccessToken, 'tenantId' | 'objectId' | 'tokenId'> {
  const claims = claimsOf(secret.reveal());
  const claim = (name: string) => printable(textMember(claims, name) ?? '').toLowerCase();
  const guidClaim = (name: string) => (GUID.test(claim(name)) ? claim(name) : '');
  if (claims !== undefined) {
    if (clientId !== undefined) refuseOther('appid', claim('appid'), clientId);
    if (GUID.test(tenantId)) refuseOther('tid', claim('tid'), tenantId);
  }
  return {
    tenantId: guidClaim('tid') || tenantId,
    objectId: guidClaim('oid'),
    tokenId: /^[\w-]+$/.exec(textMember(claims, 'uti') ?? '')?.[0] ?? '',
  };
}

function refuseOther(name: string, given: string, asked: string): void {
  if (given.toLowerCase() === asked.toLowerCase()) return;
  throw new PatlessError(
    'IDENTITY_UNEXPECTED',
    `The access token's ${name} is "${given}", not "${asked}" as asked.`,
    {
      hint: 'Check `client-id` and `tenant-id`. If they are right, do not trust the network of this runner.',
    },
  );
}

/** A number, or the digits of one as some endpoints send it; NaN for anything else. */
export function wholeSeconds(value: unknown): number {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  return isNumber ? Math.floor(Number(value)) : Number.NaN;
}
