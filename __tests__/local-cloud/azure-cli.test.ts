// The real Azure CLI as judge: the played Entra is good enough for `az login` with a federated token.
import { expect } from '@jest/globals';
import { AZURE_CLI, testWith } from '../support/clients.js';
import { useCloud } from '../support/cloud.js';

const scenario = useCloud();

testWith(
  AZURE_CLI,
  'az login and az account get-access-token give a token that Azure DevOps takes',
  async () => {
    const { cloud } = scenario;
    const job = await scenario.job();
    const idToken = await cloud.github.newIdToken('api://AzureADTokenExchange');
    const result = await job.shell(
      `az login --service-principal --username "$CLIENT" --tenant "$TENANT" --federated-token "$ID_TOKEN" --allow-no-subscriptions --output none
     az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken --output tsv`,
      {
        CLIENT: cloud.application.clientId,
        TENANT: cloud.entra.tenant.tenantId,
        ID_TOKEN: idToken,
        AZURE_CORE_COLLECT_TELEMETRY: 'false',
      },
    );
    expect(result.stderr).not.toContain('ERROR');
    expect(result.exitCode).toBe(0);
    const claims = await cloud.entra.acceptForAzureDevOps(result.stdout.trim());
    expect(claims?.oid).toBe(cloud.application.objectId);
  },
);

testWith(AZURE_CLI, 'az shows the refusal that the played Entra gives for a wrong subject', async () => {
  scenario.cloud.github.job.subject = 'repo:contoso/other:ref:refs/heads/main';
  const job = await scenario.job();
  const idToken = await scenario.cloud.github.newIdToken('api://AzureADTokenExchange');
  const result = await job.shell(
    'az login --service-principal --username "$CLIENT" --tenant "$TENANT" --federated-token "$ID_TOKEN" --allow-no-subscriptions',
    {
      CLIENT: scenario.cloud.application.clientId,
      TENANT: scenario.cloud.entra.tenant.tenantId,
      ID_TOKEN: idToken,
    },
  );
  expect(result.exitCode).not.toBe(0);
  expect(result.stderr).toContain('AADSTS700213');
});
