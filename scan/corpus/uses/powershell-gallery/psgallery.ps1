$patToken = "{{PAT52}}" | ConvertTo-SecureString -AsPlainText -Force
$credentials = New-Object System.Management.Automation.PSCredential("any", $patToken)
Register-PSRepository -Name nw -SourceLocation "https://pkgs.dev.azure.com/northwind/_packaging/ps/nuget/v2" -Credential $credentials
