export AZURE_DEVOPS_EXT_PAT=$(az keyvault secret show --vault-name nw --name ado-pat --query value -o tsv)
az repos list --org https://dev.azure.com/northwind
