// The job's own identity on Azure Pipelines: its System.AccessToken serves the pipeline's organization, without Entra.
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { claimsOf } from '../jwt.js';
import { accessTokenForms } from '../masks.js';
import type { AccessTokenSource } from './source.js';
import { systemAccessToken } from './system-access-token.js';

export function jobToken(environment: Environment): AccessTokenSource {
  return {
    kind: 'access-token',
    async obtain(session) {
      const secret = systemAccessToken(environment);
      const expires = secret && claimsOf(secret.reveal())?.exp;
      if (secret === undefined || typeof expires !== 'number') {
        throw new PatlessError(
          'ID_TOKEN_UNAVAILABLE',
          secret === undefined
            ? 'There is no System.AccessToken.'
            : 'System.AccessToken does not say when it expires.',
          { hint: '`identity: job-token` is for the Azure Pipelines task, in Azure DevOps Services.' },
        );
      }
      await session.mask(accessTokenForms(secret));
      return {
        secret,
        expiresOn: new Date(expires * 1000),
        holder: 'job',
        tenantId: '',
        objectId: '',
        tokenId: '',
      };
    },
  };
}
