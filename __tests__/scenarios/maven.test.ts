// Scenario: the real Maven resolves from and deploys to feeds of Azure Artifacts, and only they get the token.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { secretsSent } from '../../local-cloud/leak-scan.js';
import { MAVEN, testWith } from '../support/clients.js';
import { contacted, PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';

const SHARED = 'https://pkgs.dev.azure.com/contoso/_packaging/packages/maven/v1';
const LEGACY = 'https://contoso.pkgs.visualstudio.com/widgets/_packaging/tools/maven/v1';
const FABRIKAM = 'https://pkgs.dev.azure.com/fabrikam/_packaging/packages/maven/v1';

/** The user's own settings: plugins and public libraries come from Debian's repository on the disk. */
const USER_SETTINGS = `<settings><profiles><profile><id>debian</id>
  <repositories><repository><id>central</id><url>file:///usr/share/maven-repo</url></repository></repositories>
  <pluginRepositories><pluginRepository><id>central</id><url>file:///usr/share/maven-repo</url></pluginRepository></pluginRepositories>
</profile></profiles><activeProfiles><activeProfile>debian</activeProfile></activeProfiles></settings>`;

interface Wishes {
  readonly repositories?: Readonly<Record<string, string>>;
  readonly deployTo?: readonly [id: string, url: string];
  /** Another project's artifact ID: Maven resolves it before it runs any plugin. */
  readonly parent?: string;
}

function pom(artifact: string, { repositories = {}, deployTo, parent }: Wishes): string {
  const blocks = Object.entries(repositories).map(
    ([id, url]) => `<repository><id>${id}</id><url>${url}</url></repository>`,
  );
  const target = deployTo && `<repository><id>${deployTo[0]}</id><url>${deployTo[1]}</url></repository>`;
  const coordinates = (id: string) =>
    `<groupId>example</groupId><artifactId>${id}</artifactId><version>1.0</version>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  ${parent ? `<parent>${coordinates(parent)}<relativePath/></parent>` : ''}
  ${coordinates(artifact)}<packaging>pom</packaging>
  <repositories>${blocks.join('\n')}</repositories>
  ${target ? `<distributionManagement>${target}</distributionManagement>` : ''}
</project>
`;
}

function aggregator(...modules: string[]): string {
  const list = modules.map((module) => `<module>${module}</module>`).join('');
  const skipped = '<properties><maven.deploy.skip>true</maven.deploy.skip></properties>';
  return pom('aggregator', {}).replace(
    '<repositories>',
    `<modules>${list}</modules>${skipped}<repositories>`,
  );
}

const DEPLOY = 'mvn --batch-mode -q org.apache.maven.plugins:maven-deploy-plugin:3.0.0:deploy';
const RESOLVE = 'mvn --batch-mode -q -U validate';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  async function started(files: Readonly<Record<string, string>>): Promise<HostedJob> {
    scenario.cloud.feeds.addFeed('contoso', 'packages');
    scenario.cloud.feeds.addFeed('contoso', 'tools', 'widgets');
    const job = await scenario.job({ environment: scenario.cloud.javaEnvironment() });
    for (const [name, text] of Object.entries(files)) write(join(job.workspace, name), text);
    write(join(job.home, '.m2', 'settings.xml'), USER_SETTINGS);
    return job;
  }

  function configure(job: HostedJob, organization = 'contoso') {
    return job.action(PROJECT, scenario.inputs({ organization, configure: 'maven' }));
  }

  /** Java takes HOME from the list of users, not from the environment. */
  function run(job: HostedJob, script: string) {
    return job.shell(
      `export JAVA_TOOL_OPTIONS="$JAVA_TOOL_OPTIONS -Duser.home=$HOME -XX:TieredStopAtLevel=1"\n${script}`,
    );
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
    MAVEN,
    'deploys and resolves with the committed pom.xml alone; then is refused again',
    async () => {
      const files = {
        'uploads/pom.xml': aggregator('../lib', '../tool'),
        'downloads/pom.xml': aggregator('../app', '../site'),
        'lib/pom.xml': pom('lib', { deployTo: ['packages', SHARED] }),
        'tool/pom.xml': pom('tool', { deployTo: ['contoso-tools', LEGACY] }),
        'app/pom.xml': pom('app', { repositories: { packages: SHARED }, parent: 'lib' }),
        'site/pom.xml': pom('site', { repositories: { 'contoso-tools': LEGACY }, parent: 'tool' }),
      };
      const job = await started(files);
      const before = await run(job, `cd app && ${RESOLVE}`);
      expect(before.stdout).toMatch(/401|Unauthorized/);

      expect((await configure(job)).exitCode).toBe(0);
      const result = await run(
        job,
        `(cd uploads && ${DEPLOY}) && rm -rf ~/.m2/repository/example && cd downloads && ${RESOLVE}`,
      );
      expect(result.stdout).not.toMatch(/WARN|ERROR/);
      expect(result.exitCode).toBe(0);
      expect(gotToken()).toEqual(['contoso.pkgs.visualstudio.com/widgets', 'pkgs.dev.azure.com/contoso']);
      expect(scenario.cloud.requests.some(({ host: name }) => name.includes('blob'))).toBe(true);
      expect(scenario.cloud.refused).toEqual([]);

      const token = job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
      for (const [name, text] of Object.entries(files))
        expect(readFileSync(join(job.workspace, name), 'utf8')).toBe(text);
      await job.end();
      const grep = await job.shell(
        `grep -r --fixed-strings '${token.slice(-40)}' "$HOME" "${job.workspace}" "${job.temp}"/[!0-9a-f]* || true`,
      );
      expect(grep.stdout).toBe('');
      expect(readdirSync(job.temp).filter((name) => name.startsWith('patless-'))).toEqual([]);
      expect([...job.environment.values()].filter((value) => value !== '')).toEqual([]);
      const after = await run(job, `rm -rf ~/.m2/repository/example; cd app && ${RESOLVE}`);
      expect(after.stdout).toMatch(/401|Unauthorized/);
    },
  );

  testWith(MAVEN, 'two organizations, each its own token; nobody else gets one', async () => {
    const { azureDevOps, feeds } = scenario.cloud;
    for (const name of ['fabrikam', 'contoso2']) {
      azureDevOps.addOrganization(name, [scenario.cloud.application]);
      feeds.addFeed(name, 'packages');
    }
    const job = await started({
      'a/pom.xml': pom('a', { repositories: { contoso: SHARED }, parent: 'parent' }),
      'b/pom.xml': pom('b', { repositories: { fabrikam: FABRIKAM }, parent: 'parent' }),
      'c/pom.xml': pom('c', {
        parent: 'nowhere',
        repositories: {
          contoso2: FABRIKAM.replace('fabrikam', 'contoso2'),
          dots: FABRIKAM.replace('/fabrikam', '/contoso/../fabrikam'),
          port: SHARED.replace('.com/', '.com:8443/'),
          alien: 'https://alien.pkgs.visualstudio.com/_packaging/packages/maven/v1',
          alike: SHARED.replace('.com/', '.com.evil.example/'),
        },
      }),
      'parent.pom': pom('parent', {}),
    });
    await configure(job);
    await job.shell(
      `curl -sf -u "x:$PATLESS_TOKEN_CONTOSO" -T parent.pom ${SHARED}/example/parent/1.0/parent-1.0.pom`,
    );
    scenario.cloud.requests.length = 0;
    const one = await run(
      job,
      `(cd a && ${RESOLVE}); (cd b && ${RESOLVE}) || (cd c && ${RESOLVE}) || echo refused`,
    );
    expect(one.stdout).toContain('refused');
    expect(gotToken()).toEqual(['pkgs.dev.azure.com/contoso']);
    for (const name of ['contoso2', 'fabrikam'])
      expect(contacted(scenario.cloud).join()).toContain(`GET pkgs.dev.azure.com/${name}/`);

    await configure(job, 'fabrikam');
    await job.shell(
      `curl -sf -u "x:$PATLESS_TOKEN_FABRIKAM" -T parent.pom ${FABRIKAM}/example/parent/1.0/parent-1.0.pom`,
    );
    const both = await run(
      job,
      `for project in a b; do rm -rf ~/.m2/repository/example; (cd $project && ${RESOLVE}); done`,
    );
    expect(both.stdout).not.toContain('ERROR');
    expect(both.exitCode).toBe(0);
    const [second, first] = await job.end();
    expect([second?.exitCode, first?.exitCode]).toEqual([0, 0]);
    expect([...job.environment.values()].filter((value) => value !== '')).toEqual([]);
  });

  testWith(
    MAVEN,
    'an ID that leads to another host as well is refused by name, and nothing is exported',
    async () => {
      const job = await started({
        'pom.xml': pom('a', { repositories: { contoso: SHARED } }),
        'b/pom.xml': pom('b', { repositories: { contoso: 'https://alien.example/maven' } }),
      });
      const result = await configure(job);
      expect(result.log).toContain('contoso at');
      expect(result.log).toContain('b/pom.xml:4');
      expect(result.outputs.size + result.environment.size).toBe(0);
    },
  );
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
