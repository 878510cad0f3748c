// The CI systems that the command tells apart by their environment: who a job is there, and how it hides a value.

import { triggerOfEvent } from './github-trigger.js';
import type { Environment, IdentityName, Trigger } from './host.js';
import { triggerOfBuild } from './pipelines-trigger.js';
import { vsoCommand } from './vso-commands.js';

export interface CiSystem {
  readonly name: string;
  /** The first one is what `identity: auto` means. */
  readonly identities: readonly [IdentityName, ...IdentityName[]];
  trigger(environment: Environment): Trigger;
  /** The line of output by which a value is hidden from then on; undefined where there is no such thing. */
  readonly maskLine?: (value: string) => string;
  isHere(environment: Environment): boolean;
}

const EVERYWHERE = ['token-variable', 'token-file', 'managed-identity', 'azure-cli'] as const;
const trusted = (): Trigger => ({ kind: 'trusted' });

/** Variables that say so where `CI` does not. */
const OTHERS = ['CI', 'JENKINS_URL', 'TFC_RUN_ID', 'TEAMCITY_VERSION'];

const CI_SYSTEMS: readonly CiSystem[] = [
  {
    name: 'GitHub Actions',
    identities: ['github-oidc', ...EVERYWHERE],
    trigger: triggerOfEvent,
    maskLine: (value) => `::add-mask::${value}\n`,
    isHere: ({ GITHUB_ACTIONS }) => GITHUB_ACTIONS === 'true',
  },
  {
    name: 'Azure Pipelines',
    identities: ['azure-pipelines-oidc', 'job-token', ...EVERYWHERE],
    trigger: triggerOfBuild,
    maskLine: (value) => vsoCommand('task.setsecret', {}, value),
    isHere: ({ TF_BUILD = '' }) => /^true$/i.test(TF_BUILD),
  },
  {
    name: 'another CI system',
    identities: EVERYWHERE,
    // What their forks may do, they decide by whether a job gets an ID token.
    trigger: trusted,
    isHere: (environment) => OTHERS.some((name) => !/^(?:false|0)?$/i.test(environment[name] ?? '')),
  },
];

const NO_CI: CiSystem = {
  name: "a developer's machine",
  identities: ['azure-cli', 'token-variable', 'token-file', 'managed-identity'],
  trigger: trusted,
  isHere: () => true,
};

export function ciSystem(environment: Environment): CiSystem {
  return CI_SYSTEMS.find((system) => system.isHere(environment)) ?? NO_CI;
}
