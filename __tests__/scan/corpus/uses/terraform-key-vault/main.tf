data "azurerm_key_vault_secret" "p" {
  name         = "azdo"
  key_vault_id = var.vault
}

provider "azuredevops" {
  org_service_url       = "https://dev.azure.com/contoso"
  personal_access_token = data.azurerm_key_vault_secret.p.value
}
