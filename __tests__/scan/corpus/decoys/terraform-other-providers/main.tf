provider "azuredevops" {
  org_service_url = "https://dev.azure.com/contoso"
  use_oidc        = true
}
provider "gitlab" {
  token = var.pat
}
provider "github" {
  owner = "contoso"
  token = var.pat
}
