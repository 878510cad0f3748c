repositories {
    maven {
        credentials { username = "a"; password = System.getenv("AZ_TOKEN") }
        url = uri("https://pkgs.dev.azure.com/contoso/_packaging/f/maven/v1")
    }
    maven {
        setUrl("https://pkgs.dev.azure.com/contoso/_packaging/g/maven/v1")
        credentials {
            username = "a"
            password = "{{PAT52}}"
        }
    }
}
