// An ID token that a CI system has put into a variable of the job. It stays as it is while the job goes on.
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { givenAssertion } from './given-token.js';
import type { AssertionSource } from './source.js';

/** Ours first, for systems whose jobs choose the name (GitLab, Buildkite); then those of CircleCI, HCP Terraform and Bitbucket. */
const VARIABLES = [
  'PATLESS_ID_TOKEN',
  'CIRCLE_OIDC_TOKEN_V2',
  'TFC_WORKLOAD_IDENTITY_TOKEN',
  'BITBUCKET_STEP_OIDC_TOKEN',
] as const;

export function tokenVariable(environment: Environment): AssertionSource {
  return {
    kind: 'assertion',
    async obtain(_audience, session) {
      const name = VARIABLES.find((candidate) => environment[candidate]);
      if (name === undefined) throw noVariable();
      const place = {
        name: `The variable ${name}`,
        cureForNoToken: 'It must hold one JWT, the ID token itself, and nothing else.',
        cureForExpired:
          'It is set when the job starts, and never renewed: let `patless exec` begin before it expires, ask the CI ' +
          'system for a longer life, or for a new token in this step where it can give one. docs/OTHER-CI.md tells more.',
      };
      return givenAssertion((environment[name] ?? '').trim(), place, session);
    },
  };
}

function noVariable(): PatlessError {
  return new PatlessError('ID_TOKEN_UNAVAILABLE', `No ID token in any of ${VARIABLES.join(', ')}.`, {
    hint:
      'Let the CI system give this job an ID token, in PATLESS_ID_TOKEN if it lets you choose the name; docs/OTHER-CI.md ' +
      'has the lines for each. Where it gives none, name another source by `identity`.',
  });
}
