// What a run tells: the outputs of the step, and the lines of its log about who, where and until when.

import type { AccessToken } from './access-token.js';
import type { OrganizationToken } from './azure-devops/verify.js';
import type { Clock } from './clock.js';
import type { Effect } from './effects.js';
import type { Secret } from './secret.js';

/** As the action names them; the task has them in camelCase. */
export const OUTPUT_NAMES = [
  'token',
  'expires-on',
  'expires-in',
  'tenant-id',
  'object-id',
  'identity-name',
  'token-id',
] as const;

export function outputs(
  token: AccessToken,
  forOrganization: OrganizationToken | undefined,
  clock: Clock,
): Effect[] {
  const values: Record<(typeof OUTPUT_NAMES)[number], string | Secret> = {
    token: token.secret,
    'expires-on': timeOf(token.expiresOn),
    'expires-in': String(Math.floor((token.expiresOn.getTime() - clock.now()) / 1000)),
    'tenant-id': token.tenantId,
    'object-id': token.objectId,
    'identity-name': forOrganization?.identityName ?? '',
    'token-id': token.tokenId,
  };
  return OUTPUT_NAMES.map((name) => ({ kind: 'output', name, value: values[name] }));
}

/** ISO 8601, UTC, whole seconds. */
export function timeOf(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Who, where, until when, what was set up, and how to find this sign-in. */
export function logLines(
  token: AccessToken,
  forOrganization: OrganizationToken | undefined,
  setUp: readonly string[],
): string[] {
  return [
    whoIs(token, forOrganization?.identityName ?? ''),
    `Organization: ${whereOf(forOrganization)}.`,
    `Valid until ${timeOf(token.expiresOn)}.`,
    `For later steps: ${['outputs', ...setUp].join(', ')}.`,
    ...(token.holder === 'job'
      ? []
      : [`In the Entra sign-in log: unique token identifier ${token.tokenId || 'unknown'}.`]),
  ];
}

function whoIs({ holder, objectId, tenantId }: AccessToken, identityName: string): string {
  if (holder === 'job') return `Uses the job's own token${identityName && `, as "${identityName}"`}.`;
  const name = identityName && `"${identityName}", `;
  return `Signed in as ${name}object ID ${objectId || 'unknown'}, tenant ${tenantId}.`;
}

function whereOf(token: OrganizationToken | undefined): string {
  if (token === undefined) return 'none given, so Azure DevOps was not asked';
  const { url } = token.organization;
  return token.identityName === undefined ? `${url} (not verified)` : `${url}, which knows this identity`;
}
