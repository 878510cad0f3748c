#!/bin/bash
uv pip install --index-url "https://dummy:${AZURE_ARTIFACTS_TOKEN}@pkgs.dev.azure.com/northwind/_packaging/py/pypi/simple/" tools
