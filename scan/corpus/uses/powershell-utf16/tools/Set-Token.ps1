$env:AZURE_DEVOPS_EXT_PAT = '{{PAT52}}'
az devops configure --defaults organization=https://dev.azure.com/contoso
