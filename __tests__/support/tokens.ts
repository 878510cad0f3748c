// Tokens for unit tests: a JWT in shape only, and a token that counts as checked.
import { parseOrganization } from '../../src/azure-devops/organization.js';
import { type OrganizationToken, unverified } from '../../src/azure-devops/verify.js';
import { Secret } from '../../src/secret.js';

/** Three Base64url parts with these claims; nobody has signed it. */
export function jwt(claims: object): string {
  const parts = ['{"alg":"none"}', JSON.stringify(claims), 'a signature of some length'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

export function tokenFor(organizationName: string, token = 't0ken'): OrganizationToken {
  const organization = parseOrganization(organizationName);
  if (organization === undefined) throw new Error(organizationName);
  const access = {
    secret: new Secret(token),
    expiresOn: new Date(0),
    holder: 'service principal' as const,
    tenantId: '',
    objectId: '',
    tokenId: '',
  };
  return unverified(access, organization);
}
