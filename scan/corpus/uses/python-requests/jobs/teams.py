import os
import requests

ORG = "contoso"
url = f"https://dev.azure.com/{ORG}/_apis/teams?api-version=7.1-preview.3"
response = requests.get(url, auth=("", os.environ["ADO_PAT"]), timeout=30)
