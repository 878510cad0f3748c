// A stand-in for `az`: takes the cures for app registrations, and applies them to the local tenant and organizations.
import { parseArgs } from 'node:util';
import type { LocalCloud } from './cloud.js';
import type { Application } from './entra.js';

/** @throws Error for any other command, and for one that the real `az` would refuse. */
export function applyAzureCli(args: readonly string[], cloud: LocalCloud): void {
  const options = [
    'id',
    'parameters',
    'set',
    'method',
    'resource',
    'headers',
    'url',
    'body',
    'federated-credential-id',
  ];
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
    'ad app federated-credential update': () =>
      updateCredential(application(), option('federated-credential-id'), JSON.parse(option('parameters'))),
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

/** With Microsoft Entra's own limits: a name's form, and that names and pairs of issuer and subject are unique. */
function addCredential(
  application: Application,
  { name, issuer, subject, audiences }: CredentialParameters,
): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) throw new Error(`az: bad name ${name}`);
  if (audiences.length !== 1) throw new Error('az: one audience is needed');
  if ([issuer, subject, ...audiences].some((part) => part.length > 600)) throw new Error('az: too long');
  const others = application.federatedCredentials;
  if (others.some((other) => other.name === name)) throw new Error(`az: ${name} is there already`);
  if (others.some((other) => other.issuer === issuer && other.subject === subject)) {
    throw new Error('az: issuer and subject must be unique in an application');
  }
  others.push({ name, issuer, subject, audience: audiences[0] });
}

function updateCredential(
  application: Application,
  name: string,
  parameters: Omit<CredentialParameters, 'name'>,
): void {
  const credential = application.federatedCredentials.find((other) => other.name === name);
  if (credential === undefined) throw new Error(`az: no credential ${name}`);
  const { issuer, subject, audiences } = parameters;
  Object.assign(credential, { issuer, subject, audience: audiences[0] });
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
