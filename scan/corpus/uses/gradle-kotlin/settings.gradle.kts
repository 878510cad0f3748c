dependencyResolutionManagement {
    repositories {
        maven {
            name = "contoso"
            url = uri("https://contoso.pkgs.visualstudio.com/_packaging/java/maven/v1")
            credentials {
                username = "any"
                password = providers.gradleProperty("azurePat").get()
            }
        }
    }
}
