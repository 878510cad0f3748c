// A stand-in for `az`: takes the cures for app registrations, and applies them to the local tenant and organizations.
import { parseArgs } from 'node:util';
import type { LocalCloud } from './cloud.js';
import type { Application } from './entra.js';

/** @throws Error for any other command, and for one that the real `az` would refuse. */
export function applyAzureCli(args: readonly string[], cloud: LocalCloud): void {
  const options = ['id', 'parameters', 'set', 'method', 'resource', 'headers', 'url', 'body'];
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(options.map((name) => [name, { type: 'string' as const }])),
  });
  const option = (name: string) => {
    const value = values[name];
    if (typeof value !== 'string') throw new Error(`az ${positionals.join(' ')}: --${name} is missing`);
    return value;
  };
  const application = () => applicationOf(option('id'), cloud);
  const commands: Record<string, () => void> = {
    'ad app federated-credential create': () =>
      addCredential(application(), JSON.parse(option('parameters'))),
    'ad sp create': () => {
      application().hasServicePrincipal = true;
    },
    'ad sp update': () => {
      if (option('set') !== 'accountEnabled=true') throw new Error(`az: cannot set ${option('set')}`);
      application().enabled = true;
    },
    rest: () => addToOrganization(new URL(option('url')), JSON.parse(option('body')), cloud),
  };
  const command = commands[positionals.join(' ')];
  if (command === undefined) throw new Error(`az: no such command: ${positionals.join(' ')}`);
  command();
}

function applicationOf(clientId: string, cloud: LocalCloud): Application {
  const found = cloud.entra.tenant.applications.find((application) => application.clientId === clientId);
  if (found === undefined) throw new Error(`az: no application ${clientId}`);
  return found;
}

interface CredentialParameters {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly [string];
}

/** Microsoft Graph's own limits on a name are checked, since patless makes the name. */
function addCredential(application: Application, parameters: CredentialParameters): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(parameters.name))
    throw new Error(`az: bad name ${parameters.name}`);
  const { issuer, subject, audiences } = parameters;
  if (audiences.length !== 1) throw new Error('az: one audience is needed');
  application.federatedCredentials.push({ issuer, subject, audience: audiences[0] });
}

interface Entitlement {
  readonly accessLevel: { readonly accountLicenseType: string };
  readonly servicePrincipal: {
    readonly origin: string;
    readonly originId: string;
    readonly subjectKind: string;
  };
}

function addToOrganization(
  url: URL,
  { accessLevel, servicePrincipal }: Entitlement,
  cloud: LocalCloud,
): void {
  const [, name = '', rest] = /^\/([^/]+)\/_apis\/(.*)$/.exec(url.pathname) ?? [];
  const organization = cloud.azureDevOps.organizations.get(name);
  if (
    url.host !== 'vsaex.dev.azure.com' ||
    rest !== 'serviceprincipalentitlements' ||
    organization === undefined
  ) {
    throw new Error(`az rest: not found: ${url.href}`);
  }
  const { origin, originId, subjectKind } = servicePrincipal;
  const isRight =
    origin === 'aad' && subjectKind === 'servicePrincipal' && accessLevel.accountLicenseType === 'express';
  const application = cloud.entra.tenant.applications.find(({ objectId }) => objectId === originId);
  if (!isRight || application === undefined)
    throw new Error(`az rest: refused: ${JSON.stringify(servicePrincipal)}`);
  organization.members.push(application);
}
