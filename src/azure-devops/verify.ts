// Asks Azure DevOps whom it takes the token for; the only maker of an OrganizationToken.
import type { AccessToken } from '../access-token.js';
import type { HttpResponse } from '../http.js';
import { isObject, type JsonObject, jsonObject, textMember } from '../json.js';
import { printable } from '../printable.js';
import { retry, STAGES } from '../retry.js';
import type { Session } from '../session.js';
import type { Organization } from './organization.js';

declare const verified: unique symbol;

/**
 * A token and the organization that tools may use it for: either Azure DevOps named its identity, or the user chose
 * not to ask (`identityName` is undefined then). Nothing but this file makes one.
 */
export interface OrganizationToken extends AccessToken {
  readonly [verified]: true;
  readonly organization: Organization;
  /** As Azure DevOps shows it; undefined when it was not asked. */
  readonly identityName: string | undefined;
}

/**
 * @throws PatlessError ORGANIZATION_REFUSED when Azure DevOps does not accept the token, IDENTITY_UNEXPECTED
 * when it takes it for somebody else, NETWORK.
 */
export function verify(
  token: AccessToken,
  organization: Organization,
  session: Session,
): Promise<OrganizationToken> {
  return retry(STAGES.verification, session, async () => {
    const response = await session.send({
      method: 'GET',
      url: `${organization.url}/_apis/connectionData?api-version=7.1-preview`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token.secret.reveal()}`,
        'x-tfs-fedauthredirect': 'Suppress',
      },
      timeoutSeconds: 10,
    });
    const user = authenticatedUser(response);
    if (user === undefined) {
      const { refusal } = await explanations();
      throw refusal(response, token, organization, session.clock.now());
    }
    const seen = SEEN_BY[token.holder](user, token);
    if (!seen.isSame) {
      const { otherIdentity } = await explanations();
      throw otherIdentity(seen.as, token, organization);
    }
    noteThrottling(response, session);
    return mark(token, organization, printable(textMember(user, 'providerDisplayName') ?? ''));
  });
}

/** For `verify: false`: recorded as not asked, not passed off as verified. */
export function unverified(token: AccessToken, organization: Organization): OrganizationToken {
  return mark(token, organization, undefined);
}

function mark(
  token: AccessToken,
  organization: Organization,
  identityName: string | undefined,
): OrganizationToken {
  return { ...token, organization, identityName } as OrganizationToken;
}

/** What explains a refusal is not needed for the run that succeeds. */
const explanations = () => import('./refusals.js');

interface Seen {
  readonly isSame: boolean;
  /** Whom Azure DevOps names; undefined for nobody of the token's kind. */
  readonly as?: string | undefined;
}

const SEEN_BY: Readonly<Record<AccessToken['holder'], (user: JsonObject, token: AccessToken) => Seen>> = {
  job: (user) => ({ isSame: isBuildService(user) }),
  user(user, { tenantId }) {
    const as = tenantOfUser(user);
    return { isSame: as !== undefined && as === tenantId, as };
  },
  'service principal': (user, { objectId }) => {
    const as = objectIdOf(user);
    return { isSame: as !== undefined && (objectId === '' || as === objectId), as };
  },
};

/** A status below 400 proves nothing: a sign-in page comes with 203, and with 200 from some proxies. */
function authenticatedUser(response: HttpResponse): JsonObject | undefined {
  const json = /^application\/json\b/i.test(response.headers['content-type'] ?? '');
  if (response.status !== 200 || !json) return undefined;
  const user = jsonObject(response.body)?.authenticatedUser;
  return isObject(user) ? user : undefined;
}

/** Azure DevOps slows an identity down before it refuses it ("Rate and usage limits"). */
function noteThrottling({ headers }: HttpResponse, session: Session): void {
  const delay = headers['x-ratelimit-delay'] ?? headers['retry-after'];
  if (delay === undefined) return;
  session.log(`Note: Azure DevOps slows this identity down (${printable(delay)} s): it is used too much.`);
}

/** "Microsoft.TeamFoundation.ServiceIdentity;<ID>:Build:<ID>" */
function isBuildService(user: JsonObject): boolean {
  return /^Microsoft\.TeamFoundation\.ServiceIdentity;[^;]*:Build:/i.test(descriptorOf(user));
}

/** "Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;<tenant ID>\\<object ID>" */
function objectIdOf(user: JsonObject): string | undefined {
  return /\.AadServicePrincipal;[^\\]+\\([0-9a-f-]{36})$/i.exec(descriptorOf(user))?.[1]?.toLowerCase();
}

/**
 * A user's descriptor has no object ID: "Microsoft.IdentityModel.Claims.ClaimsIdentity;<tenant ID>\\<sign-in name>". The
 * name is not compared: a guest's differs from the token's. UNVERIFIED: known from documentation, not from a live answer.
 */
function tenantOfUser(user: JsonObject): string | undefined {
  return /\.ClaimsIdentity;([0-9a-f-]{36})\\./i.exec(descriptorOf(user))?.[1]?.toLowerCase();
}

/** Text from outside: no more of it than a descriptor has. */
function descriptorOf(user: JsonObject): string {
  return (textMember(user, 'descriptor') ?? '').slice(0, 300);
}
