publishing {
    repositories {
        maven("https://pkgs.dev.azure.com/northwind/store/_packaging/main/maven/v1") {
            credentials(PasswordCredentials::class) {
                username = "northwind"
                password = System.getenv("AZURE_ARTIFACTS_ENV_ACCESS_TOKEN") ?: ""
            }
        }
    }
}
