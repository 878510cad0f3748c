credentials += Credentials("", "pkgs.dev.azure.com", "northwind", sys.env("ADO_PAT"))
resolvers += "nw" at "https://pkgs.dev.azure.com/northwind/_packaging/j/maven/v1"
