// NuGet and dotnet: by the credential provider of Azure Artifacts, for a whole organization; without it, by source.
import { feedPrefixes, isFeedOf } from '../azure-devops/feed-address.js';
import type { Organization } from '../azure-devops/organization.js';
import type { OrganizationToken } from '../azure-devops/verify.js';
import { type Effect, emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import { claimsOf } from '../jwt.js';
import { GIT_USER_NAME } from '../masks.js';
import { printable } from '../printable.js';
import { Secret } from '../secret.js';
import type { Consumer, Facts } from './consumer.js';
import { packageSources, sourceCredentials } from './nuget-config.js';

// microsoft/artifacts-credprovider, EnvUtil.cs: the provider answers for URLs that begin with one of the prefixes,
// separated by semicolons. Older versions know the second pair only.
const PAIRS = ['ARTIFACTS_CREDENTIALPROVIDER', 'VSS_NUGET'].map((begin) => ({
  prefixes: `${begin}_URI_PREFIXES`,
  token: `${begin}_ACCESSTOKEN`,
}));

/** Where the provider is, by NuGet's rules of discovery ("NuGet cross platform plugins"). */
const PROVIDER_FOLDERS = ['netcore', 'netfx'].map(
  (name) => `.nuget/plugins/${name}/CredentialProvider.Microsoft`,
);
const PROVIDER_PROGRAM = 'nuget-plugin-microsoft-artifacts-credential-provider';
const PROVIDER_VARIABLES = ['NUGET_PLUGIN_PATHS', 'NUGET_NETCORE_PLUGIN_PATHS', 'NUGET_NETFX_PLUGIN_PATHS'];
const INSTALL = 'dotnet tool install --global Microsoft.Artifacts.CredentialProvider.NuGet.Tool';

/** NuGet documentation, "Consuming packages from authenticated feeds": it outranks nuget.config and the provider. */
const BY_SOURCE = 'NuGetPackageSourceCredentials_';
/** Of source names, those that can stand in a variable's name. */
const FITS_A_VARIABLE = /^[\w-]{1,100}$/;

export const nuget: Consumer = {
  name: 'nuget',
  needs: [
    {
      kind: 'environment',
      names:
        /^(?:(?:ARTIFACTS_CREDENTIALPROVIDER|VSS_NUGET)_(?:URI_PREFIXES|ACCESSTOKEN)|NUGET_(?:NETCORE_|NETFX_)?PLUGIN_PATHS)$/,
    },
    { kind: 'workspace-files', names: ['nuget.config', 'NuGet.config', 'NuGet.Config'] },
    { kind: 'user-file', name: 'nuget (dotnet)', path: '.nuget/NuGet/NuGet.Config' },
    { kind: 'user-file', name: 'nuget (mono)', path: '.config/NuGet/NuGet.Config' },
    { kind: 'user-file', name: 'nuget (Windows)', path: 'AppData/Roaming/NuGet/NuGet.Config' },
    ...PROVIDER_FOLDERS.map((path) => ({ kind: 'user-path' as const, path })),
    { kind: 'executable', name: PROVIDER_PROGRAM },
  ],

  plan(token, facts) {
    refuseCommittedCredentials(token.organization, facts);
    const prefixes = [...feedPrefixes(token.organization), ...prefixesOfSameIdentity(token, facts)];
    return [
      emptiedAfterJob(token.organization.tokenVariable, token.secret),
      ...PAIRS.flatMap((pair) => [
        restoredAfterJob(pair.prefixes, [...new Set(prefixes)].join(';')),
        emptiedAfterJob(pair.token, token.secret),
      ]),
      ...bySource(token, facts),
      ...notes(token, facts),
    ];
  },
};

/** Without the provider only sources that are named in a variable work. */
function notes(token: OrganizationToken, facts: Facts): Effect[] {
  if (hasProvider(facts)) return [];
  const served = ownSources(token.organization, facts).filter(canHaveVariable);
  const found =
    served.length === 0
      ? 'no source of nuget.config can do without it'
      : `only ${served.join(', ')} can do without it`;
  const text = `NuGet's credential provider for Azure Artifacts was not found, and ${found}. Before restoring: ${INSTALL}`;
  return [{ kind: 'note', text }];
}

/**
 * The provider takes one token for all prefixes, so it can serve two organizations for one identity only.
 * @throws PatlessError INPUT_INVALID that names what is there already.
 */
function prefixesOfSameIdentity(token: OrganizationToken, { environment }: Facts): string[] {
  return PAIRS.flatMap((pair) => {
    const prefixes = (environment[pair.prefixes] ?? '').split(';').filter((prefix) => prefix.trim() !== '');
    const existing = environment[pair.token] ?? '';
    if (prefixes.length === 0 || existing === '') return [];
    if (!isSameIdentity(existing, token)) throw takenBy(pair, prefixes);
    return prefixes;
  });
}

function isSameIdentity(existing: string, { secret }: OrganizationToken): boolean {
  const [one, other] = [existing, secret.reveal()].map(claimsOf);
  const same = (claim: string) => typeof one?.[claim] === 'string' && one[claim] === other?.[claim];
  return existing === secret.reveal() || (same('oid') && same('tid'));
}

function takenBy(pair: { prefixes: string; token: string }, prefixes: readonly string[]): PatlessError {
  return new PatlessError(
    'INPUT_INVALID',
    `NuGet already has a token of another identity, in ${pair.token}, for ${printable(prefixes.join(' and '))}.`,
    {
      hint:
        "NuGet's credential provider takes one token only. Configure `nuget` for one identity in each job, and remove " +
        `the step that set ${pair.token}.`,
    },
  );
}

/** NuGet takes a password beside a source before it asks the provider. */
function refuseCommittedCredentials(organization: Organization, facts: Facts): void {
  const own = ownSources(organization, facts);
  const secrets = sourceCredentials(facts.workspaceFiles).filter(
    ({ source, isPlaceholder }) => !isPlaceholder && own.some((name) => isSameName(name, source)),
  );
  const inUrls = packageSources(facts.workspaceFiles)
    .filter(({ url }) => isFeedOf(organization, url) && /^https:\/\/[^/@]*:[^/@]+@/i.test(url))
    .map(({ name }) => `the URL of source ${name}`);
  if (secrets.length + inUrls.length === 0) return;
  const places = [...secrets.map(({ source, place }) => `${place} (source ${source})`), ...inUrls];
  throw new PatlessError(
    'INPUT_INVALID',
    `The project has a password for NuGet, which NuGet would use in place of the token: ${printable(places.join(', '))}.`,
    {
      hint: 'Remove the source from `packageSourceCredentials`, and revoke the password: whoever can read it can use it.',
    },
  );
}

/** Without a provider all sources need one; with it, those with a placeholder, which NuGet would send as it is. */
function bySource({ organization, secret }: OrganizationToken, facts: Facts): Effect[] {
  const usersOwn = sourceCredentials(Object.values(facts.userFiles)).map(({ source }) => source);
  const placeholders = sourceCredentials(facts.workspaceFiles).map(({ source }) => source);
  const value = new Secret(`Username=${GIT_USER_NAME};Password=${secret.reveal()}`);
  return ownSources(organization, facts)
    .filter((source) => canHaveVariable(source) && !usersOwn.some((name) => isSameName(name, source)))
    .filter((source) => !hasProvider(facts) || placeholders.some((name) => isSameName(name, source)))
    .map((source) => emptiedAfterJob(`${BY_SOURCE}${source}`, value));
}

/** A variable knows the name alone: one that any file gives to somebody else's address is left out. */
function ownSources(organization: Organization, facts: Facts): string[] {
  const all = packageSources([...facts.workspaceFiles, ...Object.values(facts.userFiles)]);
  const isOwn = (url: string) => isFeedOf(organization, url);
  const names = all.filter(({ url }) => isOwn(url)).map((source) => source.name);
  return [...new Set(names)].filter((source) =>
    all.every((other) => !isSameName(other.name, source) || isOwn(other.url)),
  );
}

/** NuGet compares names without case. */
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function canHaveVariable(source: string): boolean {
  return FITS_A_VARIABLE.test(source);
}

function hasProvider({ environment, userPaths, executables }: Facts): boolean {
  return (
    executables.has(PROVIDER_PROGRAM) ||
    PROVIDER_FOLDERS.some((path) => userPaths.has(path)) ||
    PROVIDER_VARIABLES.some((name) =>
      /CredentialProvider\.Microsoft|microsoft-artifacts/i.test(environment[name] ?? ''),
    )
  );
}
