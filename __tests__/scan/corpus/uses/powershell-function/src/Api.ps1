function Get-Header {
    param([string]$PersonalAccessToken)
    $encoded = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes("{0}:{1}" -f '', $PersonalAccessToken))
    return @{ Authorization = "Basic $encoded" }
}
$url = "https://dev.azure.com/northwind"
