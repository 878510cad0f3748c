import { expect, test } from '@jest/globals';
import { connectionMistakes, serviceConnection } from '../../src/identity/service-connection.js';

const ID = '0a1b2c3d-1111-2222-3333-444455556666';
const CLIENT = '11111111-2222-3333-4444-555555555555';
const TENANT = '66666666-7777-8888-9999-000000000000';
const described = {
  [`ENDPOINT_AUTH_SCHEME_${ID}`]: 'WorkloadIdentityFederation',
  [`ENDPOINT_AUTH_PARAMETER_${ID}_SERVICEPRINCIPALID`]: CLIENT,
  [`ENDPOINT_AUTH_PARAMETER_${ID}_TENANTID`]: TENANT,
};
const asAzureDevOps = { INPUT_AZUREDEVOPSSERVICECONNECTION: ID, ...described };
const asAzure = { INPUT_AZURESUBSCRIPTION: ID, ...described };

test.each([asAzureDevOps, asAzure, { ...asAzure, INPUT_AZURESUBSCRIPTION: ID.toUpperCase() }])(
  'either input names the connection: %#',
  (environment) => {
    expect(serviceConnection(environment)).toMatchObject({ id: ID, clientId: CLIENT, tenantId: TENANT });
    expect(connectionMistakes(environment, true)).toEqual([]);
  },
);

test.each([
  ['none', {}, '`azureDevOpsServiceConnection` (or `azureSubscription`) is required'],
  [
    'both',
    { ...asAzure, ...asAzureDevOps },
    '`azureDevOpsServiceConnection` and `azureSubscription` are both given',
  ],
  [
    'a name in place of the ID (B18)',
    { INPUT_AZURESUBSCRIPTION: 'my connection' },
    'names no service connection',
  ],
  [
    'a stored secret',
    { ...asAzure, [`ENDPOINT_AUTH_SCHEME_${ID}`]: 'ServicePrincipal' },
    '`azureSubscription` is a service connection with the scheme "ServicePrincipal", whose secret patless does not use',
  ],
  [
    'an unknown connection',
    { INPUT_AZURESUBSCRIPTION: ID },
    'names no service connection that the agent knows',
  ],
  [
    'one without a client',
    { ...asAzure, [`ENDPOINT_AUTH_PARAMETER_${ID}_SERVICEPRINCIPALID`]: '' },
    'without client ID or tenant ID',
  ],
])('%s: one sentence says so', (_, environment, sentence) => {
  expect(connectionMistakes(environment, true)).toEqual([expect.stringContaining(sentence)]);
});

test('with `identity: job-token` a connection is not needed, and one too many', () => {
  expect(connectionMistakes({}, false)).toEqual([]);
  expect(connectionMistakes(asAzure, false)).toEqual([
    '`azureSubscription` is not used with `identity: job-token`: leave one of the two out.',
  ]);
});
