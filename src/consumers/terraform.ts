// Terraform's provider azuredevops, and only it: the ARM_* variables would change the identity of other providers too.
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import type { Consumer } from './consumer.js';
import { noteOnSwitch, refuseOtherIdentity, tokensInForce } from './one-token.js';

const TOKEN = 'AZDO_PERSONAL_ACCESS_TOKEN';
const ORGANIZATION = 'AZDO_ORG_SERVICE_URL';

export const terraform: Consumer = {
  name: 'terraform',
  needs: [tokensInForce(TOKEN, ORGANIZATION)],

  plan(token, facts) {
    refuseOtherIdentity('terraform', TOKEN, token, facts);
    return [
      emptiedAfterJob(token.organization.tokenVariable, token.secret),
      emptiedAfterJob(TOKEN, token.secret),
      restoredAfterJob(ORGANIZATION, token.organization.url),
      ...noteOnSwitch('terraform', ORGANIZATION, token.organization.url, facts),
    ];
  },
};
