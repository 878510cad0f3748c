<#
  .EXAMPLE
  Get-Builds -Pat {{PLACEHOLDER}}
#>
param([Parameter(Mandatory)][string]$Pat, [string]$Project = 'widgets')

$base64 = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$Pat"))
$headers = @{ Authorization = "Basic $base64" }
Invoke-RestMethod "https://dev.azure.com/contoso/$Project/_apis/build/builds" -Headers $headers
