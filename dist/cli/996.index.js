export const id=996;export const ids=[996];export const modules={3996:(e,t,r)=>{r.r(t),r.d(t,{gradle:()=>s});var n=r(6760),o=r(3027),i=r(72);let a=String.raw`// Written by patless; removed after the job. It holds no secret.
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
        username = '${i.DY}'
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
`,s={name:"gradle",needs:[],plan({organization:e,secret:t},r){let i=(0,n.join)(r.folder,"patless.init.gradle");return[(0,o.UY)(e.tokenVariable,t),{kind:"file",path:i,content:a,isProgram:!1},(0,o.mD)("PATLESS_GRADLE_INIT",i)]}}},3027:(e,t,r)=>{r.d(t,{Bb:()=>f,UY:()=>a,dK:()=>d,jP:()=>l,mD:()=>s,tN:()=>u});var n=r(6760),o=r(9198),i=r(9029);function a(e,t){return{kind:"environment",name:e,value:t,restore:!1}}function s(e,t){return{kind:"environment",name:e,value:t,restore:!0}}function l(e){return[...new Map(e.map(e=>[JSON.stringify(e),e])).values()]}async function d(e,t){e.length>0&&await t.mask(e.map(e=>e.reveal()))}function f(e,t){var r,a;let s,l,d=(r=e,a=t,s=r.flatMap(e=>"file"===e.kind?[(0,n.dirname)(e.path)]:[]),l=r.flatMap(e=>"environment"===e.kind?[{variable:e.name,before:e.restore?a.environment[e.name]??"":""}]:[]),[...[...new Set(s)].map(e=>({folder:e})),...l]);for(let r of e)"note"===r.kind&&t.log(`Note: ${r.text}`);let f=t.beginWrites(JSON.stringify(d));try{for(let r of e)!function(e,t){if("file"===e.kind){let{path:t,content:r,isProgram:n,modified:i}=e;(0,o.qf)(t,{content:c(r),isProgram:n,modified:i})}else"path"===e.kind?t.addPath(e.folder):"output"===e.kind?t.setOutput(e.name,c(e.value),e.value instanceof i.z):"environment"===e.kind&&t.setEnvironment(e.name,c(e.value))}(r,t)}catch(e){for(let e of(f(),d))"folder"in e&&(0,o.v$)(e.folder);throw e}}function u(e,t){for(let r of e)"folder"in r?(0,o.v$)(r.folder):t.setEnvironment(r.variable,r.before)}function c(e){return e instanceof i.z?e.reveal():e}},9198:(e,t,r)=>{r.d(t,{Af:()=>l,HC:()=>f,TF:()=>u,qf:()=>d,v$:()=>c});var n=r(7598),o=r(3024),i=r(6760),a=r(7406),s=r(7094);function l(e,t){return(0,i.join)(e,`patless-${t}`)}function d(e,{content:t,isProgram:r=!1,modified:n}){try{(0,o.existsSync)((0,i.dirname)(e))||(0,o.mkdirSync)((0,i.dirname)(e),{mode:448}),(0,o.writeFileSync)(e,t,{flag:"wx",mode:r?448:384}),void 0!==n&&(0,o.utimesSync)(e,n,n)}catch(t){throw new a.$("HOST_UNUSABLE",`Cannot write to ${(0,s.g)((0,i.dirname)(e))}.`,{hint:"The host's folder for temporary files (RUNNER_TEMP, Agent.TempDirectory) has to be there, and this user has to be able to write to it.",cause:t})}}function f(e,t){let r=`${e}.${(0,n.randomUUID)()}`;try{d(r,t),(0,o.renameSync)(r,e)}finally{(0,o.rmSync)(r,{force:!0})}}function u(e){(0,o.rmSync)(e,{force:!0})}function c(e){(0,o.rmSync)(e,{recursive:!0,force:!0})}}};
