$pat = $env:AZURE_PAT
$encoded = [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes("user:$pat"))
git -c http.extraheader="AUTHORIZATION: basic $encoded" clone https://northwind.visualstudio.com/store/_git/api
