// Every value of the input `identity`: one line each.
import type { Environment } from '../hosts/host.js';
import type { JsonObject } from '../json.js';
import { githubOidc } from './github-oidc.js';
import type { IdentitySource } from './source.js';

export const identitySources = {
  // The OIDC of the host that this runs on, and nothing else: never a chain of guesses.
  auto: githubOidc,
  'github-oidc': githubOidc,
} satisfies Record<string, (environment: Environment, event?: JsonObject) => IdentitySource>;
