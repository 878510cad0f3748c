// Gradle, by an init script that gives the token to repositories at our hosts, and reads it from the environment.
import { join } from 'node:path';
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { GIT_USER_NAME } from '../masks.js';
import type { Consumer } from './consumer.js';

/**
 * The same for every organization: the URL says which variable holds its token, so a second call adds only that. What
 * counts as our URL is what isFeedOf says. Written for Gradle 4.4 and newer: `beforeSettings` came with 6.0,
 * `dependencyResolutionManagement` with 6.8.
 */
const SCRIPT = String.raw`// Written by patless; removed after the job. It holds no secret.
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
        username = '${GIT_USER_NAME}'
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
`;

export const gradle: Consumer = {
  name: 'gradle',
  needs: [],

  plan({ organization, secret }, facts) {
    const path = join(facts.folder, 'patless.init.gradle');
    return [
      emptiedAfterJob(organization.tokenVariable, secret),
      { kind: 'file', path, content: SCRIPT, isProgram: false },
      restoredAfterJob('PATLESS_GRADLE_INIT', path),
    ];
  },
};
