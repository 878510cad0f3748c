#!/bin/sh
curl -fsSLO https://vstsagentpackage.azureedge.net/agent/4.1.0/vsts-agent-linux-x64-4.1.0.tar.gz
echo "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  vsts-agent-linux-x64-4.1.0.tar.gz" | sha256sum -c
SHA={{PAT52}}
git checkout 4b825dc642cb6eb9a060e54bf8d69288fbee4904
