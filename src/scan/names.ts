// What the name of a variable, a secret or an input says about its value.
import type { Confidence, Use } from './finding.js';

export interface WellKnown {
  readonly use: Use;
  /** Tool of `configure` that replaces it. */
  readonly configure?: string;
  /** Other things than Azure DevOps PATs go by this name, so the surroundings have to speak of Azure DevOps. */
  readonly shared?: true;
}

/** Variables and inputs whose documented content is an Azure DevOps PAT. */
const WELL_KNOWN: readonly (readonly [RegExp, WellKnown])[] = [
  [/^AZURE_DEVOPS_EXT_PAT$/i, { use: 'cli', configure: 'az-devops' }],
  [/^AZURE_DEVOPS_EXT_\w*PAT$/i, { use: 'cli' }],
  [/^(?:TF_VAR_)?(?:AZDO|AZUREDEVOPS)_PERSONAL_ACCESS_TOKEN$/i, { use: 'terraform', configure: 'terraform' }],
  [
    /^(?:VSS_NUGET|ARTIFACTS_CREDENTIALPROVIDER)_(?:EXTERNAL_)?FEED_ENDPOINTS$/i,
    { use: 'nuget', configure: 'nuget' },
  ],
  [/^(?:VSS_NUGET|ARTIFACTS_CREDENTIALPROVIDER)_ACCESSTOKEN$/i, { use: 'nuget', configure: 'nuget' }],
  [/^FEED_ACCESSTOKEN$/i, { use: 'nuget', configure: 'nuget' }],
  [/^AZURE_?ARTIFACTS_?(?:ENV_)?ACCESS_?TOKEN$/i, { use: 'gradle', configure: 'gradle' }],
  [/^AZURE_?ARTIFACTS_?GRADLE_?ACCESS_?TOKEN$/i, { use: 'gradle', configure: 'gradle' }],
  [/^VSCE_(?:PAT|TOKEN)$/i, { use: 'marketplace' }],
  [/^(?:VS_?CODE|VS|VISUAL_?STUDIO)(?:_MARKETPLACE)?_(?:PAT|TOKEN)$/i, { use: 'marketplace' }],
  [/^(?:VSTS_AGENT_INPUT_TOKEN|AZP_TOKEN)$/i, { use: 'unknown' }],
  [/^SYSTEM_ACCESSTOKEN$/i, { use: 'unknown' }],
  [/^azure-devops-token$/i, { use: 'rest' }],
  [/^TFX_(?:TOKEN|PAT)$/i, { use: 'marketplace' }],
  [/^NuGetPackageSourceCredentials_/i, { use: 'nuget', configure: 'nuget', shared: true }],
  [/^NUGET_(?:AUTH_TOKEN|PAT|PASSWORD|TOKEN)$/i, { use: 'nuget', configure: 'nuget', shared: true }],
  [
    /^(?:NODE_AUTH_TOKEN|NPM_(?:AUTH_?)?TOKEN|NPM_PASSWORD|NPM_PAT|YARN_NPM_AUTH_(?:TOKEN|IDENT))$/i,
    { use: 'npm', configure: 'npm', shared: true },
  ],
  [/^NPM_CONFIG_.*:_(?:authToken|password|auth)$/i, { use: 'npm', configure: 'npm', shared: true }],
  [/^(?:TWINE|PYPI)_PASSWORD$/i, { use: 'python', configure: 'twine', shared: true }],
  [/^UV_(?:INDEX_\w+|PUBLISH)_(?:PASSWORD|TOKEN)$/i, { use: 'python', configure: 'uv', shared: true }],
  [/^UV_PUBLISH_(?:PASSWORD|TOKEN)$/i, { use: 'python', configure: 'uv', shared: true }],
  [/^POETRY_(?:HTTP_BASIC_\w+_PASSWORD|PYPI_TOKEN_\w+)$/i, { use: 'python', shared: true }],
  [/^(?:MAVEN|MVN)_(?:\w+_)?(?:PASSWORD|TOKEN|PAT)$/i, { use: 'maven', configure: 'maven', shared: true }],
  [/^ORG_GRADLE_PROJECT_\w*(?:PASSWORD|TOKEN|PAT)$/i, { use: 'gradle', configure: 'gradle', shared: true }],
  [/^CARGO_REGISTR(?:IES_\w+|Y)_TOKEN$/i, { use: 'cargo', configure: 'cargo', shared: true }],
  [/^RENOVATE_TOKEN$/i, { use: 'rest', shared: true }],
];

export function wellKnown(name: string): WellKnown | undefined {
  return WELL_KNOWN.find(([pattern]) => pattern.test(name))?.[1];
}

const AZURE_DEVOPS = /azuredevops|azdevops|azdo|vsts|azureartifacts|azurepipelines|azurerepos/;
const AZURE_DEVOPS_WORDS = new Set(['ado', 'azdo', 'vso', 'vsts', 'azp']);
const FOREIGN_WORDS = new Set(
  (
    'github gh ghcr ghes ghp gitlab gl bitbucket bb npmjs docker dockerhub sonar sonarqube sonarcloud slack snyk ovsx ' +
    'openvsx codecov aws codeartifact gcp google jira atlassian confluence asana squ artifactory jfrog nexus databricks dapi cloudflare ' +
    'netlify pypi testpypi cratesio vercel homebrew gitea gogs forgejo octopus jenkins circleci teamcity travis'
  ).split(' '),
);
const TOKEN_WORDS = new Set(
  'token tok password pwd passwd pass accesstoken authtoken auth credential credentials creds basic'.split(
    ' ',
  ),
);
/** A part of the credential that is not the PAT, a credential of another kind, or something about it. */
const OTHER_WORDS = new Set(
  (
    'client url uri org organization organisation project user username name id path file expiry expires connection ' +
    'endpoint sp oidc federated scope header type output exists required enabled prefix length hash sha provider entra ' +
    'bearer jwt cert certificate key proxy wif tenant subscription version date days'
  ).split(' '),
);

const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 10_000;

/** "azdoPersonal-ACCESS_TOKEN" -> azdo, personal, access, token */
function words(name: string): readonly string[] {
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = name
    .slice(0, 100)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  if (known.size > MOST_KNOWN) known.clear();
  known.set(name, found);
  return found;
}

/** Whether it says "personal access token", of whatever vendor. */
export function saysPat(name: string): boolean {
  const found = words(name);
  const isPat = found.some((word) => /^(?:azdo|ado|devops|vsts|my|the)?pats?\d?$/.test(word));
  return (isPat || found.join('').includes('personalaccesstoken')) && !found.includes('path');
}

/** Whether it says that the value is somebody else's. */
export function isForeign(name: string): boolean {
  const found = words(name);
  const isNamed =
    found.some((word) => FOREIGN_WORDS.has(word)) || /github|gitlab|bitbucket|dockerhub/.test(found.join(''));
  return isNamed && !saysAzureDevOps(name);
}

export function saysAzureDevOps(name: string): boolean {
  const found = words(name);
  return AZURE_DEVOPS.test(found.join('')) || found.some((word) => AZURE_DEVOPS_WORDS.has(word));
}

/** How sure the name alone makes that the value is an Azure DevOps PAT. */
export function sureByName(name: string): Confidence | undefined {
  const found = words(name);
  if (found.some((word) => OTHER_WORDS.has(word)) || isForeign(name)) return undefined;
  if (saysAzureDevOps(name)) {
    if (saysPat(name)) return 'certain';
    return saysToken(name) ? 'likely' : undefined;
  }
  const isNear = ['devops', 'azure', 'vsce', 'tfs', 'marketplace', 'vscode'].some((word) =>
    found.includes(word),
  );
  return isNear && saysPat(name) ? 'likely' : undefined;
}

function saysToken(name: string): boolean {
  const found = words(name);
  return found.some((word) => TOKEN_WORDS.has(word)) || /(?:access|auth)token$/.test(found.join(''));
}

/** Whether it says that a sign-in with an identity gave it: what patless would give, too. */
export function saysShortLived(name: string): boolean {
  return words(name).some((word) => /^(?:entra|aad|oidc|wif|federated|jwt|bearer|msi)$/.test(word));
}

/** Whether it may hold a secret at all. */
export function saysSecret(name: string): boolean {
  return saysPat(name) || saysToken(name) || words(name).some((word) => word === 'secret' || word === 'key');
}

/** Whether it is nothing but a word for a credential: the key of a file that keeps credentials. */
export function isPassword(name: string): boolean {
  return /^_?(?:clear_?text_?)?(?:password|passwd|pwd|token|auth_?token|auth|pat|access_?token|personal_?access_?token|authorization|npmAuth(?:Ident|Token)|credentials?|secret)$/i.test(
    name.replace(/^.*[.:]/, '').replaceAll('-', '_'),
  );
}
