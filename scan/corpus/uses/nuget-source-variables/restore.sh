#!/bin/sh
set -e
export NuGetPackageSourceCredentials_contoso="Username=any;Password=$FEED_PAT"
dotnet restore --source https://pkgs.dev.azure.com/contoso/_packaging/shared/nuget/v3/index.json
