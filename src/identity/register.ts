// Every value of the input `identity`: one line each.
import type { Environment, Host, IdentityName, Trigger } from '../hosts/host.js';
import { azurePipelinesOidc } from './azure-pipelines-oidc.js';
import { githubOidc } from './github-oidc.js';
import { jobToken } from './job-token.js';
import type { IdentitySource } from './source.js';

const sources = {
  'github-oidc': githubOidc,
  'azure-pipelines-oidc': azurePipelinesOidc,
  'job-token': jobToken,
} satisfies Record<IdentityName, (environment: Environment, trigger: Trigger) => IdentitySource>;

/** `auto` is the OIDC of the host that this runs on, and nothing else: never a chain of guesses. */
export function identitySource(
  identity: 'auto' | IdentityName,
  host: Pick<Host, 'identities' | 'environment' | 'trigger'>,
): IdentitySource {
  const name = identity === 'auto' ? host.identities[0] : identity;
  return sources[name](host.environment, host.trigger());
}
