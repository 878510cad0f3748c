import * as azdev from 'azure-devops-node-api';

const orgUrl = 'https://dev.azure.com/contoso';

export function connect() {
  const handler = azdev.getPersonalAccessTokenHandler(process.env.API_TOKEN);
  return new azdev.WebApi(orgUrl, handler);
}
