// The Azure CLI's extension azure-devops (`az devops`, `az repos`, `az pipelines`, `az artifacts`), by its variables.
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { isObject, jsonObject } from '../json.js';
import type { Consumer, Facts } from './consumer.js';
import { noteOnSwitch, refuseOtherIdentity, tokensInForce } from './one-token.js';

const TOKEN = 'AZURE_DEVOPS_EXT_PAT';
/** Two underscores: the extension's prefix ends with one, and knack's CLIConfig puts another behind it. */
const ORGANIZATION = 'AZURE_DEVOPS_EXT__DEFAULTS_ORGANIZATION';

export const azDevops: Consumer = {
  name: 'az-devops',
  needs: [
    tokensInForce(TOKEN, ORGANIZATION),
    {
      kind: 'user-file',
      name: 'azureProfile',
      variable: 'AZURE_CONFIG_DIR',
      inFolder: 'azureProfile.json',
      path: '.azure/azureProfile.json',
    },
  ],

  plan(token, facts) {
    refuseOtherIdentity('az-devops', TOKEN, token, facts);
    return [
      emptiedAfterJob(token.organization.tokenVariable, token.secret),
      emptiedAfterJob(TOKEN, token.secret),
      restoredAfterJob(ORGANIZATION, token.organization.url),
      ...noteOnSwitch('az devops', ORGANIZATION, token.organization.url, facts),
      ...(isSignedIn(facts)
        ? [
            {
              kind: 'note' as const,
              text:
                'this job is signed in to the Azure CLI, and `az devops` takes that sign-in before the token of patless. ' +
                'Run `az devops` before `az login`, or with AZURE_CONFIG_DIR set to an empty folder.',
            },
          ]
        : []),
    ];
  },
};

/** The CLI writes a byte order mark before its profile. */
function isSignedIn({ userFiles }: Facts): boolean {
  const profile = jsonObject((userFiles.azureProfile?.text ?? '').replace(/^\uFEFF/, ''));
  return Array.isArray(profile?.subscriptions) && profile.subscriptions.some(isObject);
}
