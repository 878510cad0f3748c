AZURE_DEVOPS = {
    "organization": "northwind",
    "pat": os.environ["AZURE_DEVOPS_PAT"],
}
