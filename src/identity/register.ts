// Every value of the input `identity`: one line each. What few jobs use is loaded when it is asked for a token.
import type { Environment, Host, IdentityName, Trigger } from '../hosts/host.js';
import { azurePipelinesOidc } from './azure-pipelines-oidc.js';
import { githubOidc } from './github-oidc.js';
import { jobToken } from './job-token.js';
import type { AccessTokenSource, IdentitySource, IdentityWishes } from './source.js';
import { tokenFile } from './token-file.js';
import { tokenVariable } from './token-variable.js';

type Factory = (environment: Environment, trigger: Trigger, wishes: IdentityWishes) => IdentitySource;

const sources = {
  'github-oidc': githubOidc,
  'azure-pipelines-oidc': azurePipelinesOidc,
  'job-token': jobToken,
  'token-variable': tokenVariable,
  'token-file': (environment, _, wishes) => tokenFile(environment, wishes),
  'managed-identity': (_environment, _trigger, wishes) => managedIdentity(wishes),
  'azure-cli': (environment, _, wishes) =>
    late(async () => (await import('./azure-cli.js')).azureCli(environment, wishes)),
} satisfies Record<IdentityName, Factory>;

/** `auto` is the OIDC of the host that this runs on, and nothing else: never a chain of guesses. */
export function identitySource(
  identity: 'auto' | IdentityName,
  host: Pick<Host, 'identities' | 'environment' | 'trigger'>,
  wishes: IdentityWishes,
): IdentitySource {
  const name = identity === 'auto' ? host.identities[0] : identity;
  return sources[name](host.environment, host.trigger(), wishes);
}

function managedIdentity(wishes: IdentityWishes): IdentitySource {
  const load = () => import('./managed-identity.js');
  const { managedIdentityClientId: trusted } = wishes;
  if (trusted === undefined) return late(async () => (await load()).managedIdentity(wishes));
  return {
    kind: 'assertion',
    obtain: async (audience, session) =>
      (await load()).managedIdentityAssertion(trusted).obtain(audience, session),
  };
}

function late(load: () => Promise<AccessTokenSource>): AccessTokenSource {
  return {
    kind: 'access-token',
    obtain: async (session) => (await load()).obtain(session),
  };
}
