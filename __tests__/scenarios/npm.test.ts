// Scenario: npm, pnpm, Yarn 1, Yarn 4 and Bun use the feeds of an organization, and only they get its token.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { filesWithSecrets } from '../../local-cloud/leak-scan.js';
import { BUN, testWith } from '../support/clients.js';
import { errorOf, PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';

interface NpmClient {
  readonly name: string;
  readonly run: string;
  readonly publish: string;
  readonly view: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files of the project beside those that all clients read. */
  readonly files?: Readonly<Record<string, string>>;
}

const modules = join(PROJECT, 'node_modules');
const CLIENTS: readonly NpmClient[] = [
  { name: 'npm', run: 'npm', publish: 'publish', view: 'view' },
  { name: 'pnpm', run: join(modules, '.bin/pnpm'), publish: 'publish --no-git-checks', view: 'view' },
  {
    name: 'Yarn 1',
    // Root's cache would be the machine's.
    run: `node ${join(modules, 'yarn/bin/yarn.js')} --cache-folder "$HOME/.cache/yarn"`,
    publish: 'publish --non-interactive',
    view: 'info',
    files: { '.yarnrc': '' },
  },
  {
    name: 'Yarn 4',
    run: `node ${join(modules, '@yarnpkg/cli-dist/bin/yarn.js')}`,
    publish: 'npm publish',
    view: 'npm info',
    environment: {
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_ENABLE_TELEMETRY: 'false',
      YARN_NODE_LINKER: 'node-modules',
    },
    files: { 'lib/yarn.lock': '', 'plain/yarn.lock': '', 'app/yarn.lock': '' },
  },
];
const BUN_CLIENT: NpmClient = { name: 'Bun', run: 'bun', publish: 'publish', view: 'pm view' };

const LEGACY = 'https://contoso.pkgs.visualstudio.com/_packaging/packages/npm/registry';
const SHARED = 'https://pkgs.dev.azure.com/Contoso/My%20Project/_packaging/tools/npm/registry';
const FABRIKAM = 'https://pkgs.dev.azure.com/fabrikam/_packaging/packages/npm/registry';

const FILES = {
  'lib/package.json': manifest({ name: '@con/lib', publishConfig: { registry: `${LEGACY}/` } }),
  'plain/package.json': manifest({ name: 'plain', publishConfig: { registry: `${SHARED}/` } }),
  'app/package.json': manifest({ name: 'app', dependencies: { '@con/lib': '1.0.0', plain: '1.0.0' } }),
  ...settings('app', SHARED, { con: LEGACY }),
};

function manifest(members: object): string {
  return JSON.stringify({ version: '1.0.0', license: 'MIT', ...members });
}

/** The registries of a project, as npm and as Yarn 4 read them. */
function settings(folder: string, registry: string, scopes: Readonly<Record<string, string>> = {}) {
  const entries = Object.entries(scopes);
  return {
    [`${folder}/.npmrc`]: [
      `registry=${registry}/`,
      ...entries.map(([scope, url]) => `@${scope}:registry=${url}/`),
    ].join('\n'),
    [`${folder}/.yarnrc.yml`]: JSON.stringify({
      npmRegistryServer: registry,
      npmScopes: Object.fromEntries(entries.map(([scope, url]) => [scope, { npmRegistryServer: url }])),
    }),
  };
}

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  beforeEach(() => {
    const { azureDevOps, feeds, application } = scenario.cloud;
    azureDevOps.addOrganization('fabrikam', [application]);
    feeds.addFeed('contoso', 'packages');
    feeds.addFeed('contoso', 'tools', 'My Project');
    feeds.addFeed('fabrikam', 'packages');
  });

  async function jobOf(
    client: NpmClient,
    files: Readonly<Record<string, string>> = FILES,
  ): Promise<HostedJob> {
    const proxy = scenario.cloud.networkEnvironment().HTTPS_PROXY ?? '';
    const job = await scenario.job({ environment: { YARN_HTTPS_PROXY: proxy, ...client.environment } });
    write(job, { ...files, ...client.files });
    return job;
  }

  function write(job: HostedJob, files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(job.workspace, file)), { recursive: true });
      writeFileSync(join(job.workspace, file), text);
    }
  }

  async function signIn(job: HostedJob, organization = 'contoso', configure = 'npm'): Promise<string> {
    const result = await job.action(PROJECT, scenario.inputs({ organization, configure }));
    expect(result.stderr + result.log).not.toContain('error');
    expect(result.exitCode).toBe(0);
    scenario.cloud.requests.length = 0;
    return job.environment.get(`PATLESS_TOKEN_${organization.toUpperCase()}`) ?? '';
  }

  /** Who received the token over the wire: the shared host with port and organization, or the organization's own host. */
  function receivers(token: string): string[] {
    const found = scenario.cloud.requests
      .filter(({ headers }) => JSON.stringify(headers).includes(token))
      .map(({ scheme, host, port, url }) => {
        const organization = host === 'pkgs.dev.azure.com' ? url.pathname.split('/')[1]?.toLowerCase() : '';
        return `${scheme}://${host}:${port}/${organization}`;
      });
    return [...new Set(found)].sort();
  }

  /** Without what the client has kept from before. */
  async function install(job: HostedJob, { run }: NpmClient) {
    for (const folder of ['.npm', '.cache', '.local', '.yarn', '.bun', '.yarnrc']) {
      rmSync(join(job.home, folder), { recursive: true, force: true });
    }
    rmSync(join(job.workspace, 'app/node_modules'), { recursive: true, force: true });
    return job.shell(
      `cd app && ${run} install && test -f node_modules/@con/lib/package.json -a -f node_modules/plain/package.json`,
    );
  }

  const eachClient = (title: string, body: (client: NpmClient) => Promise<void>) => {
    for (const client of CLIENTS) test(`${client.name}: ${title}`, () => body(client));
    testWith(BUN, `${BUN_CLIENT.name}: ${title}`, () => body(BUN_CLIENT));
  };

  eachClient(
    'publish, view and install, scoped and not, at both kinds of host; refused before and after',
    async (client) => {
      const job = await jobOf(client);
      const statuses: number[] = [];
      scenario.cloud.watch = ({ url }, status) =>
        url.pathname.includes('/_packaging/') && statuses.push(status);
      expect((await install(job, client)).exitCode).not.toBe(0);
      expect(new Set(statuses)).toEqual(new Set([401]));

      const token = await signIn(job);
      const publish = `${client.name === 'Yarn 4' ? `${client.run} install;` : ''} ${client.run} ${client.publish}`;
      const published = await job.shell(`(cd lib; ${publish}); (cd plain; ${publish})`);
      expect(published.exitCode).toBe(0);
      expect(
        (await job.shell(`cd app; ${client.run} ${client.view} plain; ${client.run} ${client.view} @con/lib`))
          .stdout,
      ).toContain('1.0.0');
      const installed = await install(job, client);
      expect(installed.exitCode).toBe(0);

      expect(receivers(token)).toEqual([
        'https://contoso.pkgs.visualstudio.com:443/',
        'https://pkgs.dev.azure.com:443/contoso',
      ]);
      expect(scenario.cloud.requests.map((request) => request.host)).toContain(
        'patlessplay.blob.core.windows.net',
      );
      expect(published.stdout + published.stderr + installed.stdout + installed.stderr).not.toContain(token);
      expect([...filesWithSecrets(job.workspace, [token]), ...filesWithSecrets(job.home, [token])]).toEqual(
        [],
      );
      for (const [file, text] of Object.entries(FILES)) {
        const now = readFileSync(join(job.workspace, file), 'utf8');
        // Yarn 4 formats package.json.
        expect(file.endsWith('.json') ? JSON.stringify(JSON.parse(now)) : now).toBe(text);
      }

      expect((await job.end()).map(({ exitCode }) => exitCode)).toEqual([0]);
      statuses.length = 0;
      expect((await install(job, client)).exitCode).not.toBe(0);
      expect(statuses).toContain(401);
      expect([...job.environment.values()].filter((value) => value !== '')).toEqual([]);
    },
  );

  test('Yarn 4 gets a fresh token after the first one has expired; the others with `patless exec`', async () => {
    for (const client of CLIENTS.filter(({ name }) => ['npm', 'Yarn 4'].includes(name))) {
      scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3;
      const job = await jobOf(client);
      await signIn(job, 'contoso', 'npm, cli');
      await setTimeout(3000);
      scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
      const publish = (how: string) =>
        job.shell(
          `cd ${client.name === 'npm' ? 'plain' : 'lib'}; ${client.name === 'Yarn 4' ? `${client.run} install;` : ''} ${how} ${client.run} ${client.publish}`,
          {
            SYSTEM_ACCESSTOKEN: host.bearer(scenario.cloud, job),
          },
        );
      const [alone, byExec] = [await publish(''), await publish('patless exec --')];
      const results = [alone, byExec].map(({ exitCode }) => exitCode === 0);
      // The second one of Yarn finds the version there.
      expect(results).toEqual(client.name === 'npm' ? [false, true] : [true, false]);
    }
  });

  eachClient('nobody else gets the token', async (client) => {
    const elsewhere = {
      '@fab/a': '1.0.0',
      '@port/b': '1.0.0',
      '@old/c': '1.0.0',
      '@plus/d': '1.0.0',
      '@far/e': '1.0.0',
      f: `${FABRIKAM}/f/-/f-1.0.0.tgz`,
    };
    const scopes = {
      fab: FABRIKAM,
      port: 'https://pkgs.dev.azure.com:8443/contoso/_packaging/packages/npm/registry',
      old: 'https://fabrikam.pkgs.visualstudio.com/_packaging/packages/npm/registry',
      plus: 'https://pkgs.dev.azure.com/contoso2/_packaging/packages/npm/registry',
      // Stands for any other registry: a host that is played, so that its requests are seen.
      far: 'https://login.microsoftonline.com/contoso/_packaging/packages/npm/registry',
    };
    const projects = Object.entries(elsewhere).map(([name, version], index) => ({
      [`other-${index}/package.json`]: manifest({
        name: `other-${index}`,
        dependencies: { [name]: version },
      }),
      [`other-${index}/yarn.lock`]: '',
      ...settings(`other-${index}`, SHARED, scopes),
    }));
    const job = await jobOf(client, Object.assign({}, ...projects));
    const token = await signIn(job);
    for (const index of projects.keys()) {
      const result = await job.shell(`cd other-${index} && timeout 20 ${client.run} install`, {
        // They would try again and again.
        npm_config_fetch_retries: '0',
        YARN_HTTP_RETRY: '0',
      });
      expect(result.exitCode).not.toBe(0);
    }
    const asked = scenario.cloud.requests
      .map(({ port, url }) => `${url.hostname}:${port}${url.pathname}`)
      .join('\n');
    for (const place of [
      'com/fabrikam/',
      'com:8443/',
      'fabrikam.pkgs',
      'com/contoso2/',
      'f-1.0.0.tgz',
      'login.',
    ]) {
      expect(asked.replaceAll(':443', '')).toContain(place);
    }
    const known = ['https://pkgs.dev.azure.com:443/contoso'];
    // pnpm takes a port for none: the README says so.
    if (client.name === 'pnpm') known.push('https://pkgs.dev.azure.com:8443/contoso');
    expect(receivers(token).filter((receiver) => !known.includes(receiver))).toEqual([]);
  });

  eachClient('two organizations in one job', async (client) => {
    const registry = `${FABRIKAM}/`;
    const job = await jobOf(client, {
      ...FILES,
      'fab/package.json': manifest({ name: 'fab', publishConfig: { registry } }),
      'fab/yarn.lock': '',
    });
    await signIn(job, 'fabrikam');
    await signIn(job);
    const prepare = client.name === 'Yarn 4' ? `${client.run} install;` : '';
    const result = await job.shell(
      `for folder in fab lib plain; do (cd $folder; ${prepare} ${client.run} ${client.publish}); done`,
    );
    expect(result.exitCode).toBe(0);
    expect((await install(job, client)).exitCode).toBe(0);
  });

  for (const client of CLIENTS.filter(({ name }) => name !== 'Yarn 4')) {
    test(`${client.name}: the user’s own configuration stays in force, wherever it is`, async () => {
      const job = await jobOf(client, {
        'app/package.json': manifest({ name: 'app', dependencies: { '@own/a': '1.0.0' } }),
        'own-npmrc':
          '@own:registry=https://fabrikam.pkgs.visualstudio.com/_packaging/x/npm/registry/\n//fabrikam.pkgs.visualstudio.com/_packaging/x/npm/registry/:_authToken=own-token',
      });
      const environment = { NPM_CONFIG_USERCONFIG: join(job.workspace, 'own-npmrc') };
      await job.shell(`cp own-npmrc "$HOME/.npmrc"`, environment);
      await signIn(job);
      await job.shell(`cd app && timeout 20 ${client.run} install || true`, {
        npm_config_fetch_retries: '0',
      });
      const sent = scenario.cloud.requests.filter((request) => request.host.startsWith('fabrikam'));
      expect(sent.map(({ headers }) => headers.authorization)).toContain('Bearer own-token');
    });
  }

  test('a credential that the project commits is named with file and line, and nothing is set up', async () => {
    const line = '//pkgs.dev.azure.com/Contoso/_packaging/packages/npm/registry/:_password=c2VjcmV0';
    const [client] = CLIENTS;
    if (client === undefined) throw new Error('no clients');
    const job = await jobOf(client, { 'app/.npmrc': `registry=${SHARED}/\n${line}\n` });
    const result = await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'npm' }));
    expect(errorOf(result)).toMatch(/app\/\.npmrc, line 2, holds a credential for contoso/);
    expect(job.environment.get('NPM_CONFIG_USERCONFIG') ?? '').toBe('');
  });

  test.each(['pnpm', 'Yarn', 'bun'])('`configure: %s` means npm', async (name) => {
    const job = await jobOf({ name, run: '', publish: '', view: '' });
    await signIn(job, 'contoso', name);
    expect(job.environment.get('NPM_CONFIG_USERCONFIG')).toMatch(/npmrc$/);
  });
});
