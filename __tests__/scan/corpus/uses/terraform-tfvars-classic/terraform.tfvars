azuredevops_pat = "{{PAT52}}"
