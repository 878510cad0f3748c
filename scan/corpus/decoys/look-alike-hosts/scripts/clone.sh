#!/bin/sh
git clone "https://user:$TOKEN@dev.azure.com.example.org/contoso/app"
git clone "https://user:$TOKEN@notdev.azure.com/contoso/app"
curl -u ":$TOKEN" https://myvisualstudio.com/contoso
