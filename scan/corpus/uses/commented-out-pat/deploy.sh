#!/bin/sh
# PAT={{PAT52}}
az login --identity
az devops configure --defaults organization=https://dev.azure.com/contoso
