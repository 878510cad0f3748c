// The job's own identity on Azure Pipelines: its System.AccessToken serves the pipeline's organization, without Entra.
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { accessTokenForms } from '../masks.js';
import type { AccessTokenSource } from './source.js';
import { EXPIRED_CURE, expiryOf, systemAccessToken } from './system-access-token.js';

const ONLY_THERE = '`identity: job-token` is for the Azure Pipelines task, in Azure DevOps Services.';

export function jobToken(environment: Environment): AccessTokenSource {
  return {
    kind: 'access-token',
    async obtain(session) {
      const secret = systemAccessToken(environment);
      const expiresOn = secret && expiryOf(secret);
      if (secret === undefined) throw unavailable('There is no System.AccessToken.', ONLY_THERE);
      if (expiresOn === undefined)
        throw unavailable('System.AccessToken does not say when it expires.', ONLY_THERE);
      if (expiresOn.getTime() <= session.clock.now()) {
        throw unavailable(`System.AccessToken has expired, at ${expiresOn.toISOString()}.`, EXPIRED_CURE);
      }
      await session.mask(accessTokenForms(secret));
      return {
        secret,
        expiresOn,
        holder: 'job',
        tenantId: '',
        objectId: '',
        tokenId: '',
      };
    },
  };
}

function unavailable(message: string, hint: string): PatlessError {
  return new PatlessError('ID_TOKEN_UNAVAILABLE', message, { hint });
}
