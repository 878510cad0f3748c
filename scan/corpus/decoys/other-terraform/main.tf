provider "github" {
  token = var.github_token
}
provider "gitlab" {
  token = var.gitlab_token
}
resource "azuredevops_serviceendpoint_github" "github" {
  project_id            = azuredevops_project.widgets.id
  service_endpoint_name = "github"
  auth_personal {
    personal_access_token = var.github_token
  }
}
resource "databricks_token" "pat" {
  comment = "a PAT of somebody else"
}
