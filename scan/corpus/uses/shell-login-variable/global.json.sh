az pipelines variable create --name PAT --value x --org https://dev.azure.com/northwind
echo "$MY_PAT" | az devops login
