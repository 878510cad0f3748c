// Every tool that `configure` knows: one line each, by which it is loaded when it is asked for.
import type { Consumer } from './consumer.js';

export interface Tool {
  /** As `configure` names it. */
  readonly name: string;
  /** Other names that people type for it. */
  readonly aliases?: readonly string[];
  /** Variables of its own that hold the token, beside the organization's. */
  readonly variables?: readonly string[];
  /** Variables of its own that name a file which holds the token. */
  readonly files?: readonly string[];
  /** Unless it is false, the tool works for one organization, which has to be given. */
  readonly needsOrganization?: false;
  load(): Promise<Consumer>;
}

export const tools: readonly Tool[] = [
  { name: 'git', load: async () => (await import('./git.js')).git },
  {
    name: 'npm',
    aliases: ['pnpm', 'yarn', 'bun'],
    load: async () => (await import('./npm.js')).npm,
  },
  {
    name: 'nuget',
    aliases: ['dotnet'],
    variables: ['ARTIFACTS_CREDENTIALPROVIDER_ACCESSTOKEN', 'VSS_NUGET_ACCESSTOKEN'],
    load: async () => (await import('./nuget.js')).nuget,
  },
  { name: 'pip', load: async () => (await import('./pip.js')).pip },
  { name: 'uv', files: ['NETRC'], load: async () => (await import('./uv.js')).uv },
  { name: 'twine', load: async () => (await import('./twine.js')).twine },
  { name: 'maven', load: async () => (await import('./maven.js')).maven },
  { name: 'gradle', load: async () => (await import('./gradle.js')).gradle },
  { name: 'cargo', load: async () => (await import('./cargo.js')).cargo },
  {
    name: 'az-devops',
    variables: ['AZURE_DEVOPS_EXT_PAT'],
    load: async () => (await import('./az-devops.js')).azDevops,
  },
  {
    name: 'terraform',
    variables: ['AZDO_PERSONAL_ACCESS_TOKEN'],
    load: async () => (await import('./terraform.js')).terraform,
  },
  {
    name: 'cli',
    needsOrganization: false,
    load: async () => (await import('./cli.js')).cli,
  },
];
