// What a run tells: the outputs of the step, and the lines of its log about who, where and until when.
import type { OrganizationToken } from './azure-devops/verify.js';
import type { Clock } from './clock.js';
import type { Effect } from './effects.js';
import type { AccessToken } from './entra/exchange.js';

export function outputs(
  token: AccessToken,
  forOrganization: OrganizationToken | undefined,
  clock: Clock,
): Effect[] {
  const values = {
    token: token.secret,
    'expires-on': timeOf(token),
    'expires-in': String(Math.floor((token.expiresOn.getTime() - clock.now()) / 1000)),
    'tenant-id': token.tenantId,
    'object-id': token.objectId,
    'identity-name': forOrganization?.identityName ?? '',
    'token-id': token.tokenId,
  };
  return Object.entries(values).map(([name, value]) => ({ kind: 'output', name, value }));
}

/** ISO 8601, UTC, whole seconds. */
function timeOf({ expiresOn }: AccessToken): string {
  return expiresOn.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Five lines: who, where, until when, what was set up, how to find this sign-in. */
export function logLines(
  token: AccessToken,
  forOrganization: OrganizationToken | undefined,
  setUp: readonly string[],
): string[] {
  const name = forOrganization?.identityName ? `"${forOrganization.identityName}", ` : '';
  return [
    `Signed in as ${name}object ID ${token.objectId || 'unknown'}, tenant ${token.tenantId}.`,
    `Organization: ${whereOf(forOrganization)}.`,
    `Valid until ${timeOf(token)}.`,
    `For later steps: ${['outputs', ...setUp].join(', ')}.`,
    `In the Entra sign-in log: unique token identifier ${token.tokenId || 'unknown'}.`,
  ];
}

function whereOf(token: OrganizationToken | undefined): string {
  if (token === undefined) return 'none given, so Azure DevOps was not asked';
  const { url } = token.organization;
  return token.identityName === undefined ? `${url} (not verified)` : `${url}, which knows this identity`;
}
