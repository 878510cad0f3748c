// Every value of the input `identity`: one line each.
import type { Environment, Host, Trigger } from '../hosts/host.js';
import { azurePipelinesOidc } from './azure-pipelines-oidc.js';
import { githubOidc } from './github-oidc.js';
import { jobToken } from './job-token.js';
import type { IdentitySource } from './source.js';

const sources = {
  'github-oidc': githubOidc,
  'azure-pipelines-oidc': azurePipelinesOidc,
  'job-token': jobToken,
} satisfies Record<string, (environment: Environment, trigger: Trigger) => IdentitySource>;

export type Identity = 'auto' | keyof typeof sources;

export const IDENTITIES = ['auto', ...Object.keys(sources)] as readonly Identity[];

/** `auto` is the OIDC of the host that this runs on, and nothing else: never a chain of guesses. */
export function identitySource(
  identity: Identity,
  host: Pick<Host, 'ownIdentity' | 'environment' | 'trigger'>,
): IdentitySource {
  const name = identity === 'auto' ? host.ownIdentity : identity;
  return sources[name](host.environment, host.trigger());
}
