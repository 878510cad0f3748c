provider "azuredevops" {
  org_service_url       = "https://dev.azure.com/northwind"
  personal_access_token = "{{PAT84}}"
}
