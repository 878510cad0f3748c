// Who are we, what do we get, does Azure DevOps take it: what a run and the command share.
import type { AccessToken } from './access-token.js';
import { SHARED_HOST } from './azure-devops/organization.js';
import { discoverTenant } from './azure-devops/tenant.js';
import { type OrganizationToken, unverified, verify } from './azure-devops/verify.js';
import { connectEarly } from './early-connections.js';
import type { Client } from './entra/client.js';
import { PatlessError } from './errors.js';
import type { Host } from './hosts/host.js';
import { identitySource } from './identity/register.js';
import type { Inputs } from './inputs.js';
import { type Minted, mint } from './mint.js';
import { checkNetworkSettings } from './network-settings.js';
import type { Session } from './session.js';

export interface SignedIn extends Minted {
  /** Undefined when no organization is given. */
  readonly forOrganization: OrganizationToken | undefined;
  /** Variables, none a secret, that signing in again takes. */
  readonly forLater: Readonly<Record<string, string>>;
}

/** @throws PatlessError of any code, when one of the questions has no good answer. */
export async function signIn(inputs: Inputs, host: Host, session: Session): Promise<SignedIn> {
  checkTrigger(host, inputs);
  checkNetworkSettings(host.environment);

  const source = identitySource(inputs.identity, host, inputs);
  const mintingSession = inputs.organization && inputs.verify ? preparingVerification(session) : session;
  const minted = await mint(source, inputs.audience, () => clientOf(inputs, session), mintingSession);
  refuseUnexpectedIdentity(minted.token, inputs);
  return {
    ...minted,
    forOrganization: await checked(minted.token, inputs, session),
    forLater: (source.kind === 'assertion' && source.forLater) || {},
  };
}

function checkTrigger(host: Host, inputs: Inputs): void {
  const trigger = host.trigger();
  if (trigger.kind === 'unclear') host.log(`Note: ${trigger.reason}.`);
  if (trigger.kind !== 'untrusted' || inputs.allowForkTrigger) return;
  throw new PatlessError('TRIGGER_UNTRUSTED', `Refused to sign in: ${trigger.reason}.`, {
    hint:
      `Guard this step with \`${trigger.guard}\`. Only if no code or text of the fork can reach this job, ` +
      'set `allow-fork-trigger: true`.',
  });
}

async function clientOf({ clientId, tenantId, organization }: Inputs, session: Session): Promise<Client> {
  if (clientId !== undefined && tenantId !== undefined) return { clientId, tenantId };
  if (clientId !== undefined && organization !== undefined)
    return { clientId, tenantId: await discoverTenant(organization, session) };
  throw new Error('inputs.ts lets no such run through without client, and tenant or organization');
}

/** Connects to Azure DevOps while the exchange is waited for; a request that prepares something else is left alone. */
function preparingVerification(session: Session): Session {
  const whileWaiting = () => connectEarly(SHARED_HOST, session.deadline);
  return { ...session, send: (request) => session.send({ whileWaiting, ...request }) };
}

function refuseUnexpectedIdentity(token: AccessToken, { expectedObjectId }: Inputs): void {
  if (expectedObjectId === undefined || expectedObjectId === token.objectId) return;
  throw new PatlessError(
    'IDENTITY_UNEXPECTED',
    `The token belongs to object ID ${token.objectId || '(not readable from this token)'}, not ${expectedObjectId}.`,
    {
      hint: '`expected-object-id` is the object ID of the enterprise application, not of the app registration.',
    },
  );
}

async function checked(
  token: AccessToken,
  { organization, verify: isAsked }: Inputs,
  session: Session,
): Promise<OrganizationToken | undefined> {
  if (organization === undefined) return undefined;
  return isAsked ? verify(token, organization, session) : unverified(token, organization);
}
