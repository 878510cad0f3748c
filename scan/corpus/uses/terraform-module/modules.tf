module "net" {
  source = "git::https://{{PAT84}}@dev.azure.com/northwind/infra/_git/net?ref=v1"
}
data "http" "projects" {
  url = "https://dev.azure.com/northwind/_apis/projects"
  request_headers = {
    Authorization = "Basic ${base64encode(":${var.ado_pat}")}"
  }
}
