#!/usr/bin/env bash
# azure/login, when AZURE_LOGIN names its built main program, else the commands that it runs for a federated login;
# then the command that users add to get a token.
set -euo pipefail
if [ -n "${AZURE_LOGIN:-}" ]; then
  "$NODE" "$AZURE_LOGIN" >/dev/null
else
  id_token=$(curl -sS -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | sed 's/.*"value":"\([^"]*\)".*/\1/')
  env=$(env)
  az version --output none
  az cloud set --name azurecloud --output none
  az login --service-principal --username "$(sed -n 's/^INPUT_CLIENT-ID=//p' <<<"$env")" \
    --tenant "$(sed -n 's/^INPUT_TENANT-ID=//p' <<<"$env")" --federated-token "$id_token" \
    --allow-no-subscriptions --output none
fi
az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken --output tsv >>"$GITHUB_OUTPUT"
