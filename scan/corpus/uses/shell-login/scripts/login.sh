#!/bin/sh
export AZURE_DEVOPS_EXT_PAT="$PAT"
az devops configure --defaults organization=https://dev.azure.com/contoso
cat pat.txt | az devops login --organization https://dev.azure.com/fabrikam
