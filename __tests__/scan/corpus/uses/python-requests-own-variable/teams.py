import requests
from requests.auth import HTTPBasicAuth

r = requests.get("https://dev.azure.com/contoso/_apis/projects", auth=("", pat))

url = "https://dev.azure.com/contoso/_apis/teams"
s = requests.get(url, auth=HTTPBasicAuth("", token))
