// Turns an answer in which Azure DevOps does not accept a token into what happened and what to do.
import type { AccessToken } from '../access-token.js';
import { AZURE_DEVOPS_ID } from '../entra/addresses.js';
import { PatlessError } from '../errors.js';
import { type HttpResponse, isRedirect } from '../http.js';
import { jsonObject, textMember } from '../json.js';
import { printable, printableLines } from '../printable.js';
import { retryOf } from '../retry.js';
import type { Organization } from './organization.js';
import { microsoftAccounts, NO_TENANT, tenantOf, unknownOrganization } from './tenant.js';

interface Row {
  /** In plain words, as a sentence. */
  readonly happened: string;
  readonly cure: (token: AccessToken, organization: Organization) => string;
  /** A principal that was added a moment ago is refused like one that was not. */
  readonly mayBeNew?: true;
}

/**
 * By the code that leads Azure DevOps' message; docs/TROUBLESHOOTING.md has each text. Verification alone meets no
 * project and no repository: VS800075 and TF401019 are here for the page, and for a service that answers with them early.
 */
export const REFUSALS: Readonly<Record<string, Row>> = {
  TF401444: {
    happened: 'The service principal is not in the organization.',
    cure: addToOrganization,
    mayBeNew: true,
  },
  TF400813: {
    happened: 'The organization does not let this identity in.',
    cure: addToOrganization,
    mayBeNew: true,
  },
  VS403463: {
    happened: 'A Conditional Access policy blocks this identity at Azure DevOps.',
    cure: () =>
      'Trying again does not help. Ask who runs Microsoft Entra to leave this service principal out of the policy, ' +
      'or to allow the addresses that this runner comes from. The Entra sign-in log names the policy.',
  },
  VS800075: {
    happened: 'The project does not exist, or the service principal may not see it.',
    cure: addToProject,
  },
  TF401019: {
    happened: 'The repository does not exist, or the service principal may not read it.',
    cure: (token, organization) =>
      `${addToProject(token, organization)} With the access level Stakeholder nobody can read code: give Basic.`,
  },
  TF400733: {
    happened: 'Azure DevOps blocks this identity for a while, because it has used too much.',
    cure: (_, { url }) =>
      `See what used it at ${url}/_settings/usage, and run fewer jobs at once under one identity.`,
  },
};

/** @param now Milliseconds since 1970. */
export function refusal(
  response: HttpResponse,
  token: AccessToken,
  organization: Organization,
  now: number,
): PatlessError {
  if (tenantOf(response) === NO_TENANT) return microsoftAccounts(organization);
  const message = textMember(jsonObject(response.body), 'message') ?? titleOf(response.body);
  const code = /\b(?:TF|VS)\d{5,6}\b/.exec(message)?.[0] ?? '';
  const row = wrongTenant(response, token) ?? (Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined);
  if (row === undefined && response.status === 404) return unknownOrganization(organization);
  const mayBeNew = row === undefined ? response.status === 401 : row.mayBeNew;
  const retry = retryOf(response, now, mayBeNew ? 'new-setup' : undefined);
  const happened = row?.happened ?? (message === '' ? describeAnswer(response) : printable(message));
  const cure = row?.cure ?? (retry?.class === 'transient' ? waitForService : addToOrganization);
  return new PatlessError(
    'ORGANIZATION_REFUSED',
    `${organization.url} did not accept the token: ${row && code ? `${code}: ` : ''}${happened}`,
    {
      facts: [describeHolder(token)],
      hint: cure(token, organization),
      references: [
        ...(message === '' ? [] : [`Azure DevOps says: ${printable(message)}`]),
        ...traces(response),
      ],
      retry,
    },
  );
}

/**
 * Whom Azure DevOps names must be the token's own: an organization with public projects answers strangers too.
 * @param seen Whom it names; undefined for nobody of the token's kind.
 */
export function otherIdentity(
  seen: string | undefined,
  token: AccessToken,
  organization: Organization,
): PatlessError {
  const [happened, hint] = explainIdentity(seen, token, organization);
  return new PatlessError('IDENTITY_UNEXPECTED', happened, { hint });
}

function explainIdentity(
  seen: string | undefined,
  token: AccessToken,
  organization: Organization,
): [happened: string, hint: string] {
  const { url } = organization;
  if (token.holder === 'job') {
    return [
      `Azure DevOps does not take System.AccessToken for a build service in ${url}.`,
      'Look for a step or variable that replaces System.AccessToken; do not use this token.',
    ];
  }
  const doNotUse = 'Check that `organization` is the one meant; do not use this token.';
  if (token.holder === 'user') {
    const who = seen ? `a user of tenant ${seen}` : 'no user of a tenant';
    return [
      `Azure DevOps takes the token for ${who} in ${url}, but it is a user's of tenant ${token.tenantId}.`,
      doNotUse,
    ];
  }
  return [
    `Azure DevOps takes the token for ${seen ?? 'no service principal'} in ${url}, ` +
      `but its object ID is ${token.objectId || 'not readable'}.`,
    seen === undefined ? addToOrganization(token, organization) : doNotUse,
  ];
}

/** A refusal names the tenant that the organization is connected to. */
function wrongTenant(response: HttpResponse, token: AccessToken): Row | undefined {
  const tenantId = tenantOf(response);
  const isComparable = token.holder !== 'job' && !token.tenantId.includes('.');
  const isOther = tenantId !== undefined && isComparable && tenantId !== token.tenantId;
  if (!isOther) return undefined;
  return {
    happened: `It is connected to tenant ${tenantId}, and the token is of tenant ${token.tenantId}.`,
    cure: ({ holder }, { url }) =>
      holder === 'user'
        ? `Sign in there: az login --tenant ${tenantId}, and give that ID as \`tenant-id\`; ` +
          `${url}/_settings/organizationAad shows the connection.`
        : 'A service principal can only join organizations of its own tenant. Use one of that tenant, and its ID as ' +
          `\`tenant-id\` (or leave that input out); ${url}/_settings/organizationAad shows the connection.`,
  };
}

/** Source: Microsoft, "Understand job access tokens". */
const JOB_LIMITS =
  "The job's own token works while the job runs, in the pipeline's own organization. What lies outside the pipeline's " +
  'project is closed to it by "Limit job authorization scope" in Project settings > Pipelines > Settings; a service ' +
  'connection has rights of its own.';

function describeHolder({ holder, objectId, tenantId }: AccessToken): string {
  if (holder === 'job') return "the job's own token, System.AccessToken";
  return `object ID: ${objectId || '(not readable from this token)'}, tenant: ${tenantId}`;
}

/** Source: Azure DevOps REST, "Service Principal Entitlements"; express is the access level Basic. */
export function addToOrganization(token: AccessToken, { name, url }: Organization): string {
  if (token.holder === 'job') return JOB_LIMITS;
  if (token.holder === 'user')
    return `Let who runs the organization add this user, at ${url}/_settings/users.`;
  const add = JSON.stringify({
    accessLevel: { accountLicenseType: 'express' },
    servicePrincipal: {
      origin: 'aad',
      originId: token.objectId || 'OBJECT_ID',
      subjectKind: 'servicePrincipal',
    },
  });
  return [
    `Add the service principal, with the access level Basic, at ${url}/_settings/users, or (in bash, such as Cloud Shell):`,
    `  az rest --method post --resource ${AZURE_DEVOPS_ID} --headers Content-Type=application/json ` +
      `--url 'https://vsaex.dev.azure.com/${name}/_apis/serviceprincipalentitlements?api-version=7.1-preview.1' --body '${add}'`,
    'Membership of an Entra group that is in the organization does not count.',
  ].join('\n');
}

function waitForService(): string {
  return 'Azure DevOps is not well, or slows this identity down: see https://status.dev.azure.com, and run the job again later.';
}

function addToProject({ holder }: AccessToken, { url }: Organization): string {
  if (holder === 'job') return JOB_LIMITS;
  return `Add the ${holder} to a team or group of the project that may read it; ${url} lists the projects.`;
}

/** Some refusals come as a page, with the reason in its title. */
function titleOf(body: string): string {
  return /<title>\s*((?:TF|VS)\d{5,6}[^<]*)<\/title>/i.exec(body)?.[1] ?? '';
}

function describeAnswer(response: HttpResponse): string {
  const { status } = response;
  if (isRedirect(response))
    return `it answered ${status}, a redirect to a sign-in page, which is not followed.`;
  if (status === 200 || status === 203)
    return `it answered ${status} with something else than JSON data, such as a page.`;
  return `it answered ${status}.`;
}

function traces({ headers }: HttpResponse): string[] {
  return printableLines({ 'Activity ID': headers.activityid, Time: headers.date });
}
