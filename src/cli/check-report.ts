// How the outcome of `patless check` reads: a table for people, an object for programs.
import type { Access, Verdict } from '../azure-devops/access.js';
import type { ResourceAddress } from '../azure-devops/resource-address.js';
import type { OrganizationToken } from '../azure-devops/verify.js';
import { printable } from '../printable.js';

export interface Checked {
  readonly access: Access;
  /** As given. */
  readonly address: string;
  readonly resource: ResourceAddress;
  readonly verdict: Verdict;
}

export interface Outcome {
  readonly token: OrganizationToken;
  readonly results: readonly Checked[];
}

export function asText({ token, results }: Outcome): string {
  const { organization, identityName, objectId } = token;
  const widest = Math.max(0, ...results.map(({ resource }) => nameOf(resource).length));
  const rows = results.flatMap(({ access, resource, verdict }) => {
    const row = [verdict.result.padEnd(7), access.padEnd(5), resource.kind.padEnd(4)];
    return [`${row.join('  ')}  ${nameOf(resource).padEnd(widest)}`.trimEnd(), ...below(verdict)];
  });
  const allowed = results.filter(({ verdict }) => verdict.result === 'allowed').length;
  return [
    `${organization.name}: signed in as ${identityName || 'somebody without a name'}${objectId && ` (object ID ${objectId})`}`,
    ...(rows.length > 0 ? ['', ...rows, '', `${allowed} of ${results.length} allowed.`] : []),
    '',
  ].join('\n');
}

/** Names come from the command line, and are those of a URL, decoded. */
function nameOf({ project, name }: ResourceAddress): string {
  return printable(project === undefined ? name : `${project}/${name}`);
}

function below(verdict: Verdict): string[] {
  if (verdict.result === 'allowed') return [];
  const lines =
    verdict.result === 'unknown'
      ? [verdict.reason]
      : [`Missing: ${verdict.missing}`, verdict.grant, verdict.page];
  return lines.map((line) => `         ${line}`);
}

/** A contract: docs/MIGRATING.md. */
export function asJson({ token, results }: Outcome): string {
  const { organization, identityName = '', objectId, tokenId } = token;
  const checks = results.map(({ access, address, resource, verdict }) => ({
    address,
    kind: resource.kind,
    access,
    missing: null,
    grant: null,
    page: null,
    reason: null,
    ...verdict,
  }));
  return `${JSON.stringify(
    {
      organization: organization.name,
      identity: { name: identityName, 'object-id': objectId, 'token-id': tokenId },
      checks,
    },
    undefined,
    2,
  )}\n`;
}
