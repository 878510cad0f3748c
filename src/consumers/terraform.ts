// Terraform's provider azuredevops, and only it: the ARM_* variables would change the identity of other providers too.
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import type { Consumer } from './consumer.js';
import { refuseOtherIdentity, tokensInForce } from './one-token.js';

const TOKEN = 'AZDO_PERSONAL_ACCESS_TOKEN';

export const terraform: Consumer = {
  name: 'terraform',
  needs: [tokensInForce(TOKEN)],

  plan(token, facts) {
    refuseOtherIdentity('terraform', TOKEN, token, facts);
    return [
      emptiedAfterJob(token.organization.tokenVariable, token.secret),
      emptiedAfterJob(TOKEN, token.secret),
      restoredAfterJob('AZDO_ORG_SERVICE_URL', token.organization.url),
    ];
  },
};
