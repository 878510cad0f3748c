.\config.cmd --unattended --url https://dev.azure.com/northwind --auth pat --token $env:AGENT_PAT --pool default
