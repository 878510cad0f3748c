import base64, requests
PAT = "{{PAT52}}"
auth = base64.b64encode(f":{PAT}".encode()).decode()
requests.get("https://dev.azure.com/northwind/_apis/projects", headers={"Authorization": "Basic " + auth})
