export AZDO_PERSONAL_ACCESS_TOKEN={{PAT52}}
export AZDO_ORG_SERVICE_URL=https://dev.azure.com/northwind
