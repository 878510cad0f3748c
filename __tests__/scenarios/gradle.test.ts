// Scenario: the real Gradle resolves from and publishes to feeds of Azure Artifacts, and only they get the token.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { secretsSent } from '../../local-cloud/leak-scan.js';
import { GRADLE, testWith } from '../support/clients.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';

const SHARED = 'https://pkgs.dev.azure.com/contoso/_packaging/packages/maven/v1';
const LEGACY = 'https://contoso.pkgs.visualstudio.com/widgets/_packaging/tools/maven/v1';
const FABRIKAM = 'https://pkgs.dev.azure.com/fabrikam/_packaging/packages/maven/v1';
const CONTOSO2 = 'https://pkgs.dev.azure.com/contoso2/_packaging/packages/maven/v1';

/**
 * Publishes a file, and resolves what the repositories hold: no plugin from anywhere is needed. By ivy-publish, since
 * Debian builds Gradle's maven-publish without a transport for https.
 */
function build(publishTo: readonly string[], resolveFrom: Readonly<Record<string, string>>): string {
  const targets = publishTo.map(
    (url, index) => `ivy { name = 'target${index}'; url = '${url}'; layout 'maven' }`,
  );
  const sources = Object.entries(resolveFrom).map(
    ([name, url]) => `
configurations { ${name} }
repositories { maven { name = '${name}'; url = '${url}' } }
dependencies { ${name} 'example:lib:1.0@txt' }
task resolve_${name} { doLast { println "resolved \${configurations.${name}.singleFile.text.trim()}" } }`,
  );
  return `apply plugin: 'ivy-publish'
group = 'example'
version = '1.0'
publishing {
  publications { lib(IvyPublication) { module = 'lib'; artifact file('lib.txt') } }
  repositories { ${targets.join('\n')} }
}
${sources.join('\n')}
`;
}

const GRADLE_RUN = 'gradle --console=plain --no-daemon -q';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  async function started(files: Readonly<Record<string, string>>): Promise<HostedJob> {
    scenario.cloud.feeds.addFeed('contoso', 'packages');
    scenario.cloud.feeds.addFeed('contoso', 'tools', 'widgets');
    const job = await scenario.job({ environment: scenario.cloud.javaEnvironment() });
    for (const [name, text] of Object.entries({ 'lib.txt': 'the library\n', ...files }))
      write(join(job.workspace, name), text);
    return job;
  }

  function configure(job: HostedJob, organization = 'contoso') {
    return job.action(PROJECT, scenario.inputs({ organization, configure: 'gradle' }));
  }

  /** Java takes HOME from the list of users, not from the environment. */
  function run(job: HostedJob, script: string) {
    return job.shell(`export JAVA_TOOL_OPTIONS="$JAVA_TOOL_OPTIONS -Duser.home=$HOME"\n${script}`);
  }

  /** Who received the token: "host/first-segment". */
  function gotToken(): string[] {
    const receivers = scenario.cloud.requests
      .filter(({ url }) => url.pathname.includes('/_packaging/') || url.host.includes('blob'))
      .filter((request) => secretsSent([request]).length > 0)
      .map(({ host: name, url }) => `${name}/${url.pathname.split('/')[1]}`);
    return [...new Set(receivers)].sort();
  }

  testWith(
    GRADLE,
    'publishes and resolves with the committed build alone; then is refused again',
    async () => {
      const committed = build([SHARED, LEGACY], { shared: SHARED });
      const legacy = build([], { legacy: LEGACY });
      const job = await started({ 'build.gradle': committed, 'other/build.gradle': legacy });
      const before = await run(job, `${GRADLE_RUN} publish`);
      expect(before.log).toMatch(/401|Unauthorized/);

      expect((await configure(job)).exitCode).toBe(0);
      write(join(job.home, '.gradle', 'init.gradle'), "println 'own init script'\n");
      const result = await run(
        job,
        `${GRADLE_RUN} --init-script "$PATLESS_GRADLE_INIT" publish
      ${GRADLE_RUN} --init-script "$PATLESS_GRADLE_INIT" resolve_shared
      cd other && ${GRADLE_RUN} --init-script "$PATLESS_GRADLE_INIT" resolve_legacy`,
      );
      expect(result.log).not.toMatch(/FAILURE/);
      expect(result.stdout.match(/resolved the library/g)).toHaveLength(2);
      expect(result.stdout).toContain('own init script');
      expect(gotToken()).toEqual(['contoso.pkgs.visualstudio.com/widgets', 'pkgs.dev.azure.com/contoso']);
      expect(scenario.cloud.requests.some(({ host: name }) => name.includes('blob'))).toBe(true);

      const token = job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
      expect(readFileSync(join(job.workspace, 'build.gradle'), 'utf8')).toBe(committed);
      const script = job.environment.get('PATLESS_GRADLE_INIT') ?? '';
      const text = readFileSync(script, 'utf8');
      await job.end();
      const grep = await job.shell(
        `grep -r --fixed-strings '${token.slice(-40)}' "$HOME" "${job.workspace}" "${job.temp}"/[!0-9a-f]* || true`,
      );
      expect(grep.stdout).toBe('');
      expect(readdirSync(job.temp).filter((name) => name.startsWith('patless-'))).toEqual([]);
      write(join(job.home, 'kept.gradle'), text);
      const after = await run(
        job,
        `cd other && ${GRADLE_RUN} --refresh-dependencies --init-script ~/kept.gradle resolve_legacy`,
      );
      expect(after.exitCode).not.toBe(0);
    },
  );

  testWith(
    GRADLE,
    'no other organization, host or public repository gets the token; two organizations work',
    async () => {
      const { azureDevOps, feeds } = scenario.cloud;
      azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
      azureDevOps.addOrganization('contoso2', [scenario.cloud.application]);
      feeds.addFeed('fabrikam', 'packages');
      feeds.addFeed('contoso2', 'packages');
      const job = await started({
        'build.gradle': build([FABRIKAM, SHARED], {
          dots: `https://pkgs.dev.azure.com/contoso/../fabrikam/_packaging/packages/maven/v1`,
          other: CONTOSO2,
          http: SHARED.replace('https', 'http'),
          port: SHARED.replace('.com/', '.com:8443/'),
          alike: 'https://pkgs.dev.azure.com.evil.example/contoso/_packaging/packages/maven/v1',
          alien: 'https://fabrikam.pkgs.visualstudio.com/_packaging/packages/maven/v1',
        }),
      });
      await configure(job);
      const alone = await run(
        job,
        `${GRADLE_RUN} --continue --init-script "$PATLESS_GRADLE_INIT" publish resolve_dots resolve_other resolve_http resolve_port resolve_alike resolve_alien`,
      );
      expect(alone.exitCode).not.toBe(0);
      expect(gotToken()).toEqual(['pkgs.dev.azure.com/contoso']);
      expect(new Set(scenario.cloud.requests.map(({ url }) => url.host))).toContain(
        'fabrikam.pkgs.visualstudio.com',
      );

      await configure(job, 'fabrikam');
      const both = await run(
        job,
        `${GRADLE_RUN} --init-script "$PATLESS_GRADLE_INIT" publishLibPublicationToTarget0Repository`,
      );
      expect(both.exitCode).toBe(0);
      expect(gotToken()).toEqual(['pkgs.dev.azure.com/contoso', 'pkgs.dev.azure.com/fabrikam']);
    },
  );
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
