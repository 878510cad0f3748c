"""Lists builds.

BasicAuthentication('', pat) is all it takes.
"""
import os

from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication

ORGANIZATION_URL = "https://dev.azure.com/contoso"
token = os.environ["BUILDS_TOKEN"]
credentials = BasicAuthentication("", token)
connection = Connection(base_url=ORGANIZATION_URL, creds=credentials)
