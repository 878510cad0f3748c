export const id=996;export const ids=[996];export const modules={3996:(e,t,r)=>{r.r(t),r.d(t,{gradle:()=>n});var o=r(6760),i=r(3027),s=r(72);let a=String.raw`// Written by patless; removed after the job. It holds no secret.
def tokenFor = { URI uri ->
    def text = String.valueOf(uri)
    if (text =~ /(?i)(?:\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)|%5c|[\s\\?#]/) return null
    def shared = text =~ /(?i)^https:\/\/(?:[^@\/]*@)?pkgs\.dev\.azure\.com(?::443)?\/([a-z0-9-]+)\/.*$/
    def own = text =~ /(?i)^https:\/\/(?:[^@\/]*@)?([a-z0-9-]+)\.pkgs\.visualstudio\.com(?::443)?(?:\/.*)?$/
    def organization = shared.matches() ? shared.group(1) : own.matches() ? own.group(1) : null
    organization == null ? null : System.getenv('PATLESS_TOKEN_' + organization.toUpperCase(Locale.ROOT).replace('-', '_'))
}
def authorize = { repository ->
    if (!(repository instanceof MavenArtifactRepository || repository instanceof IvyArtifactRepository)) return
    def token = tokenFor(repository.url)
    if (!token) return
    repository.credentials {
        username = '${s.DY}'
        password = token
    }
}
def authorizeSettings = { settings ->
    settings.buildscript.repositories.all(authorize)
    settings.pluginManagement.repositories.all(authorize)
    if (settings.hasProperty('dependencyResolutionManagement')) {
        settings.dependencyResolutionManagement.repositories.all(authorize)
    }
}
if (gradle.metaClass.respondsTo(gradle, 'beforeSettings', Closure)) gradle.beforeSettings(authorizeSettings)
else gradle.settingsEvaluated(authorizeSettings)
gradle.allprojects { project ->
    project.buildscript.repositories.all(authorize)
    project.repositories.all(authorize)
}
// Not earlier: before Gradle 5, nobody may configure this extension after somebody has looked at it.
gradle.projectsEvaluated {
    gradle.rootProject.allprojects { project ->
        project.extensions.findByName('publishing')?.repositories?.all(authorize)
    }
}
`,n={name:"gradle",needs:[],plan({organization:e,secret:t},r){let s=(0,o.join)(r.folder,"patless.init.gradle");return[(0,i.UY)(e.tokenVariable,t),{kind:"file",path:s,content:a,isProgram:!1},(0,i.mD)("PATLESS_GRADLE_INIT",s)]}}}};
