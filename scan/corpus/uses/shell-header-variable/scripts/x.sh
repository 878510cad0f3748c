PAT="${AZURE_DEVOPS_PAT:?missing}"
AUTH="Authorization: Basic $(printf '%s' ":$PAT" | base64 | tr -d '\n')"
curl -sS -H "$AUTH" "https://dev.azure.com/northwind/_apis/projects"
