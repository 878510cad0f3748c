#!/bin/bash
JENKINS=https://jenkins.example.com
curl -u "ci:$PASSWORD" "$JENKINS/job/nightly/build"
printf ':%s' "$PASSWORD" | base64

az repos list --organization https://dev.azure.com/contoso
