provider "azuredevops" {
  org_service_url       = var.org_url
  personal_access_token = var.ado_token
}
