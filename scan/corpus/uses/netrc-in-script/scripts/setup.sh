#!/usr/bin/env bash
cat > ~/.netrc <<EOT
machine pkgs.dev.azure.com login any password ${ADO_PAT}
EOT
chmod 600 ~/.netrc
