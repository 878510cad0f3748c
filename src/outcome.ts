// What a run tells: the outputs of the step, and the lines of its log about who, where and until when.
import type { OrganizationToken } from './azure-devops/verify.js';
import type { Clock } from './clock.js';
import type { Effect } from './effects.js';
import type { AccessToken } from './entra/exchange.js';

export function outputs(token: AccessToken, verified: OrganizationToken | undefined, clock: Clock): Effect[] {
  const values = {
    token: token.secret,
    'expires-on': timeOf(token),
    'expires-in': String(Math.floor((token.expiresOn.getTime() - clock.now()) / 1000)),
    'tenant-id': token.tenantId,
    'object-id': token.objectId,
    'identity-name': verified?.identityName ?? '',
    'token-id': token.tokenId,
  };
  return Object.entries(values).map(([name, value]) => ({ kind: 'output', name, value }));
}

/** ISO 8601, UTC, whole seconds. */
function timeOf({ expiresOn }: AccessToken): string {
  return expiresOn.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Who, where, until when; what was set up; how to find this sign-in. */
export function logLines(
  token: AccessToken,
  verified: OrganizationToken | undefined,
  setUp: readonly string[],
): string[] {
  const who = verified?.identityName
    ? `"${verified.identityName}" (object ID ${token.objectId})`
    : `object ID ${token.objectId || 'unknown'}`;
  const where = verified
    ? ` to ${verified.organization.url}${verified.identityName === undefined ? ' (not verified)' : ''}`
    : '';
  return [
    `Signed in${where} as ${who}, tenant ${token.tenantId}, until ${timeOf(token)}.`,
    ...(setUp.length > 0 ? [`For later steps: ${setUp.join(', ')}.`] : []),
    ...(token.tokenId
      ? [`In the Entra sign-in log, this sign-in has the unique token identifier ${token.tokenId}.`]
      : []),
  ];
}
