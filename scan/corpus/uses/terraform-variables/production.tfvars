organization = "contoso"
azdo_pat     = "{{PAT84}}"
location     = "westeurope"
