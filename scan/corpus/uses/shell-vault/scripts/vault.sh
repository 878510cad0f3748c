#!/bin/bash
PAT=$(az keyvault secret show --vault-name build --name pat --query value --output tsv)
git remote set-url origin "https://oauth:${PAT}@dev.azure.com/contoso/widgets/_git/app"
git fetch
