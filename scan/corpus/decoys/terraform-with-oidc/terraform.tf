provider "azurerm" {
  features {}
  client_secret = var.client_secret
}
provider "azuredevops" {
  org_service_url = "https://dev.azure.com/northwind"
  use_oidc        = true
  client_id       = var.client_id
  tenant_id       = var.tenant_id
}
