package main

import (
	"os"

	"github.com/microsoft/azure-devops-go-api/azuredevops/v7"
)

func main() {
	organizationURL := "https://dev.azure.com/contoso"
	connection := azuredevops.NewPatConnection(organizationURL, os.Getenv("LIST_TOKEN"))
	_ = connection
}
