terraform {
  required_providers {
    azuredevops = { source = "microsoft/azuredevops", version = "~> 1.0" }
  }
}

variable "pat" {
  type      = string
  sensitive = true
}

provider "azuredevops" {
  org_service_url       = "https://dev.azure.com/contoso"
  personal_access_token = var.pat
}

resource "azuredevops_serviceendpoint_github" "source" {
  project_id = var.project
  auth_personal {
    personal_access_token = var.github_pat
  }
}
