#!/usr/bin/env bash
# Lists the projects.	Needs AZDO_TOKEN.
set -euo pipefail
ORG=contoso
API="https://dev.azure.com/${ORG}/_apis"
curl --silent --fail -u ":${AZDO_TOKEN}" "$API/projects?api-version=7.1" | jq -r '.value[].name'
	curl -s -H "Authorization: Basic $(echo -n ":${AZDO_TOKEN}" | base64 -w0)" "$API/teams"
