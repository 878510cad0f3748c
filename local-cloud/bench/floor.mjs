// The floor: what somebody would write by hand with Node's builtins. No checks, no masks, no retries.
import { appendFileSync } from 'node:fs';

const env = process.env;
const answer = await fetch(`${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api://AzureADTokenExchange`, {
  headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
});
const { value } = await answer.json();
const granted = await fetch(`https://login.microsoftonline.com/${env['INPUT_TENANT-ID']}/oauth2/v2.0/token`, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: env['INPUT_CLIENT-ID'],
    scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: value,
  }),
});
const { access_token } = await granted.json();
if (env.INPUT_ORGANIZATION) {
  const asked = await fetch(`https://dev.azure.com/${env.INPUT_ORGANIZATION}/_apis/connectionData`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  await asked.json();
}
appendFileSync(env.GITHUB_OUTPUT, `token=${access_token}\n`);
