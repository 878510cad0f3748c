// Finds the Entra tenant of an organization, without a token, from the challenge that Azure DevOps sends.
import { PatlessError } from '../errors.js';
import { GUID } from '../guid.js';
import type { HttpResponse } from '../http.js';
import { retry, retryOf, STAGES } from '../retry.js';
import type { Session } from '../session.js';
import type { Organization } from './organization.js';

/** How Azure DevOps says "backed by Microsoft accounts". */
export const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/**
 * @returns the tenant ID, lower case.
 * @throws PatlessError TENANT_UNKNOWN, NETWORK
 */
export function discoverTenant(organization: Organization, session: Session): Promise<string> {
  return retry(STAGES.tenant, session, async () => {
    const response = await session.send({
      method: 'GET',
      url: organization.url,
      // Suppress: ask for 401 with a challenge instead of a redirect to the sign-in page.
      headers: { accept: 'application/json', 'x-tfs-fedauthredirect': 'Suppress' },
      timeoutSeconds: 10,
    });
    const tenantId = tenantOf(response);
    if (tenantId === undefined) throw tenantUnknown(organization, response, session.clock.now());
    if (tenantId === NO_TENANT) throw microsoftAccounts(organization);
    return tenantId;
  });
}

/** @returns the tenant that an answer of Azure DevOps names, lower case. */
export function tenantOf({ headers }: HttpResponse): string | undefined {
  const challenge = /authorization_uri="?https:\/\/[^/,\s]+\/([^/,\s"]+)/i.exec(
    headers['www-authenticate'] ?? '',
  );
  const [resourceTenant = ''] = (headers['x-vss-resourcetenant'] ?? '').split(',');
  return [challenge?.[1] ?? '', resourceTenant.trim()].find((id) => GUID.test(id))?.toLowerCase();
}

function tenantUnknown(organization: Organization, response: HttpResponse, now: number): PatlessError {
  if (response.status === 404) return unknownOrganization(organization);
  return new PatlessError(
    'TENANT_UNKNOWN',
    `Azure DevOps did not say which tenant ${organization.url} belongs to (status ${response.status}).`,
    { hint: 'Check the spelling of `organization`, or give `tenant-id`.', retry: retryOf(response, now) },
  );
}

export function unknownOrganization({ name }: Organization): PatlessError {
  return new PatlessError('ORGANIZATION_REFUSED', `Azure DevOps knows no organization "${name}".`, {
    hint: 'Check the spelling of `organization`: the name as in https://dev.azure.com/NAME.',
  });
}

export function microsoftAccounts(organization: Organization): PatlessError {
  return new PatlessError(
    'TENANT_UNKNOWN',
    `The organization "${organization.name}" is backed by Microsoft accounts, not by Microsoft Entra.`,
    {
      hint:
        'Service principals and managed identities cannot join it. Connect the organization to a tenant first: ' +
        `${organization.url}/_settings/organizationAad`,
    },
  );
}
