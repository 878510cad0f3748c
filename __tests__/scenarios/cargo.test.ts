// Scenario: later steps use the real Cargo at feeds of Azure Artifacts, and only there does it get the token.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PlayedRequest, PlayedResponse } from '../../local-cloud/http.js';
import { filesWithSecrets, secretsSent } from '../../local-cloud/leak-scan.js';
import { CARGO, testWith } from '../support/clients.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';

const FEED = 'https://pkgs.dev.azure.com/contoso/widgets/_packaging/crates/Cargo/index/';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  beforeEach(() => {
    scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
    scenario.cloud.feeds.addFeed('contoso', 'crates', 'widgets');
    scenario.cloud.feeds.addFeed('contoso', 'more-crates');
    scenario.cloud.feeds.addFeed('fabrikam', 'crates');
  });

  async function signedIn(environment: Record<string, string> = {}): Promise<HostedJob> {
    const job = await scenario.job({ environment });
    await signIn(job, 'contoso');
    return job;
  }

  async function signIn(job: HostedJob, organization: string): Promise<void> {
    const result = await job.action(PROJECT, scenario.inputs({ organization, configure: 'cargo' }));
    expect(result.stderr + result.log).not.toContain('error');
    expect(result.exitCode).toBe(0);
  }

  function write(job: HostedJob, path: string, text: string): void {
    mkdirSync(dirname(join(job.workspace, path)), { recursive: true });
    writeFileSync(join(job.workspace, path), text);
  }

  /** A library and an application that uses it, both with the project's own committed list of registries. */
  function project(job: HostedJob, registries: Record<string, string>, more = ''): void {
    const tables = Object.entries(registries).map(
      ([name, url]) => `[registries.${name}]\nindex = "sparse+${url}"\n`,
    );
    write(job, '.cargo/config.toml', `${tables.join('')}${more}`);
    for (const name of Object.keys(registries)) {
      write(job, `${name}-lib/Cargo.toml`, manifest(`${name}-lib`));
      write(job, `${name}-lib/src/lib.rs`, 'pub fn hello() {}\n');
      write(
        job,
        `${name}-app/Cargo.toml`,
        `${manifest(`${name}-app`)}[dependencies]\n${name}-lib = { version = "1", registry = "${name}" }\n`,
      );
      write(job, `${name}-app/src/main.rs`, 'fn main() {}\n');
    }
  }

  function manifest(name: string): string {
    const about = 'license = "MIT"\ndescription = "A test"\nedition = "2021"\n';
    return `[package]\nname = "${name}"\nversion = "1.0.0"\n${about}[workspace]\n`;
  }

  function cargo(job: HostedJob, script: string, env: Record<string, string> = {}) {
    // A machine may have rustup's in front, which needs its own HOME.
    return job.shell(`PATH=/usr/bin:$PATH\n${script}`, env);
  }

  const publish = (name: string) => `(cd ${name}-lib && cargo publish --no-verify --registry ${name})`;
  const fetch = (name: string) => `(cd ${name}-app && cargo fetch)`;

  /** Who received a token over the wire. */
  function gotToken(): string[] {
    const receivers = scenario.cloud.requests
      .filter((request) => secretsSent([request]).length > 0)
      .filter(({ url }) => /pkgs|blob/.test(url.host) || url.pathname.includes('/index/'))
      .map(({ url }) => `${url.host}/${url.pathname.split('/')[1]}`);
    return [...new Set(receivers)];
  }

  describe('fetch and publish', () => {
    testWith(
      CARGO,
      'work at every spelling of a feed, with the committed configuration as it is',
      async () => {
        const job = await signedIn();
        project(job, {
          shared: FEED,
          letters: 'https://pkgs.dev.azure.com/Contoso/widgets/_packaging/crates/Cargo/index/',
          own: 'https://contoso.pkgs.visualstudio.com/widgets/_packaging/crates/Cargo/index/',
          organization: 'https://pkgs.dev.azure.com/contoso/_packaging/more-crates/Cargo/index/',
        });
        const names = ['shared', 'letters', 'own', 'organization'];
        const result = await cargo(job, names.map((name) => `${publish(name)}\n${fetch(name)}`).join('\n'));
        expect(result.stderr).not.toMatch(/error/i);
        expect(result.exitCode).toBe(0);
        for (const name of names) {
          expect(readFileSync(join(job.workspace, `${name}-app/Cargo.lock`), 'utf8')).toContain(
            `${name}-lib`,
          );
        }
        // The packages came from blob storage, which nobody gave the token.
        expect(scenario.cloud.requests.filter(({ url }) => url.host.includes('blob')).length).toBe(4);
        expect(gotToken().sort()).toEqual([
          'contoso.pkgs.visualstudio.com/widgets',
          'pkgs.dev.azure.com/Contoso',
          'pkgs.dev.azure.com/contoso',
        ]);
      },
    );

    testWith(CARGO, 'get a fresh token after the first one has expired', async () => {
      scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3;
      const job = await signedIn();
      project(job, { shared: FEED });
      await setTimeout(3000);
      scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
      const bearer = { SYSTEM_ACCESSTOKEN: host.bearer(scenario.cloud, job) };
      expect((await cargo(job, `${publish('shared')}\n${fetch('shared')}`, bearer)).exitCode).toBe(0);
      expect((await cargo(job, 'cat "$PATLESS_FOLDER_CONTOSO/current" | wc -l')).stdout.trim()).toBe('2');
    });

    testWith(CARGO, 'without patless Cargo is refused', async () => {
      const job = await scenario.job();
      project(job, { shared: FEED });
      const token = { CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS: 'cargo:token' };
      expect((await cargo(job, publish('shared'), token)).exitCode).not.toBe(0);
      expect((await cargo(job, publish('shared'))).exitCode).not.toBe(0);
    });

    testWith(
      CARGO,
      'a committed token for the feed is not used, and the feed may replace crates.io',
      async () => {
        const job = await signedIn();
        const more = 'token = "Basic c3RhbGU6c3RhbGU="\n[source.crates-io]\nreplace-with = "shared"\n';
        project(job, { shared: FEED }, more);
        write(job, 'crates-app/Cargo.toml', `${manifest('crates-app')}[dependencies]\nshared-lib = "1"\n`);
        write(job, 'crates-app/src/main.rs', 'fn main() {}\n');
        const result = await cargo(job, [publish('shared'), fetch('shared'), fetch('crates')].join('\n'));
        expect(result.exitCode).toBe(0);
        const sent = scenario.cloud.requests.map(({ headers }) => headers.authorization ?? '');
        expect(sent.filter((value) => value.includes('c3RhbGU'))).toEqual([]);
      },
    );

    testWith(
      CARGO,
      'a provider that the project commits for one registry can be replaced by ours',
      async () => {
        const job = await signedIn();
        project(job, { shared: FEED }, 'credential-provider = "cargo:token"\n');
        expect((await cargo(job, publish('shared'))).exitCode).not.toBe(0);
        // As the README says.
        const ours = '"${CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS##* }"';
        const result = await cargo(
          job,
          `export CARGO_REGISTRIES_SHARED_CREDENTIAL_PROVIDER=${ours}\n${publish('shared')}\n${fetch('shared')}`,
        );
        expect(result.exitCode).toBe(0);
      },
    );

    testWith(
      CARGO,
      'nothing is left in workspace, HOME, the lock file, the log or a command line',
      async () => {
        const job = await signedIn();
        const token = job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
        project(job, { shared: FEED });
        const result = await cargo(
          job,
          `(for i in $(seq 1 60); do sleep 0.02; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' || true; done > "${job.temp}/argv") &
        ${publish('shared')}
        (cd shared-app && cargo -vv fetch)
        wait`,
          { CARGO_LOG: 'trace', CARGO_HTTP_DEBUG: 'true' },
        );
        expect(result.exitCode).toBe(0);
        const seen = readFileSync(join(job.temp, 'argv'), 'latin1');
        expect(seen).toContain('cargo-credential --cargo-plugin');
        expect(seen).not.toContain(token.slice(-30));
        expect(filesWithSecrets(job.workspace, [token])).toEqual([]);
        expect(filesWithSecrets(job.home, [token])).toEqual([]);
        expect(filesWithSecrets(job.temp, [token]).filter((file) => file.includes('patless-'))).toEqual([]);
        expect(result.log).not.toContain(token.slice(-30));
      },
    );
  });

  describe('nobody else gets the token', () => {
    const STRANGERS: [string, string][] = [
      ['another organization', 'https://pkgs.dev.azure.com/fabrikam/_packaging/crates/Cargo/index/'],
      [
        "another organization's own host",
        'https://fabrikam.pkgs.visualstudio.com/_packaging/crates/Cargo/index/',
      ],
      ['a name that begins like ours', 'https://pkgs.dev.azure.com/contoso2/_packaging/crates/Cargo/index/'],
      [
        'another organization behind dot segments',
        'https://pkgs.dev.azure.com/contoso/../fabrikam/_packaging/crates/Cargo/index/',
      ],
      [
        'the same, encoded',
        'https://pkgs.dev.azure.com/contoso/%2e%2e/fabrikam/_packaging/crates/Cargo/index/',
      ],
      [
        'the same, with an encoded slash',
        'https://pkgs.dev.azure.com/contoso/..%2ffabrikam/_packaging/crates/Cargo/index/',
      ],
      [
        'the same, with backslashes',
        'https://pkgs.dev.azure.com/contoso/..\\\\fabrikam/_packaging/crates/Cargo/index/',
      ],
      ['another port', FEED.replace('.com', '.com:8443')],
      ['plain http', FEED.replace('https', 'http')],
      ['a host that is no feed', 'https://contoso.visualstudio.com/_packaging/crates/Cargo/index/'],
    ];
    for (const [who, index] of STRANGERS) {
      testWith(CARGO, `${who}: ${index}`, async () => {
        const job = await signedIn();
        project(job, { stranger: index });
        scenario.cloud.requests.length = 0;
        const result = await cargo(job, fetch('stranger'));
        expect(result.exitCode).not.toBe(0);
        expect(scenario.cloud.requests.length).toBeGreaterThan(0);
        expect(secretsSent(scenario.cloud.requests)).toEqual([]);
      });
    }

    testWith(CARGO, 'a look-alike host: the provider has no answer for it', async () => {
      const job = await signedIn();
      const launcher = job.environment.get('CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS')?.split(' ').at(-1);
      const answers = async (index: string) => {
        const registry = { 'index-url': `sparse+${index}` };
        const request = JSON.stringify({ v: 1, kind: 'get', operation: 'read', registry, args: [] });
        return (await job.shell(`printf '%s\\n' '${request}' | '${launcher}' --cargo-plugin`)).stdout;
      };
      expect(await answers(FEED)).toContain('"token":"Bearer eyJ');
      for (const lookalike of [
        'pkgs.dev.azure.com.evil.example',
        'xpkgs.dev.azure.com',
        'pkgs-dev.azure.com',
      ]) {
        expect(await answers(FEED.replace('pkgs.dev.azure.com', lookalike))).toBe(
          '{"v":[1]}\n{"Err":{"kind":"url-not-supported"}}\n',
        );
      }
    });

    testWith(
      CARGO,
      'a public registry, and a private one that has its own token and works with it',
      async () => {
        scenario.cloud.faults.push(
          otherRegistry('/public/', undefined),
          otherRegistry('/private/', 'their-own-token'),
        );
        const job = await signedIn();
        project(job, {
          shared: FEED,
          open: 'https://crates.visualstudio.com/public/index/',
          closed: 'https://crates.visualstudio.com/private/index/',
        });
        const result = await cargo(
          job,
          [publish('shared'), fetch('shared'), ...['open', 'closed'].map((name) => `! ${fetch(name)}`)].join(
            '\n',
          ),
          { CARGO_REGISTRIES_CLOSED_TOKEN: 'their-own-token' },
        );
        expect(result.exitCode).toBe(0);
        const theirs = scenario.cloud.requests.filter(({ host }) => host === 'crates.visualstudio.com');
        const asked = theirs.map(({ url, headers }) => `${url.pathname} ${headers.authorization ?? '-'}`);
        // Found and answered: only the crate is not there.
        expect(asked).toContain('/public/index/op/en/open-lib -');
        expect(asked).toContain('/private/index/cl/os/closed-lib their-own-token');
        expect(secretsSent(theirs)).toEqual([]);
      },
    );

    /** A registry of somebody else, without any crate. */
    function otherRegistry(path: string, token: string | undefined) {
      return ({ host, url, headers }: PlayedRequest): PlayedResponse | undefined => {
        if (host !== 'crates.visualstudio.com' || !url.pathname.startsWith(path)) return undefined;
        if (token !== undefined && headers.authorization !== token) return { status: 401 };
        if (!url.pathname.endsWith('/config.json')) return { status: 404 };
        const config = { dl: `https://${host}${path}dl`, 'auth-required': token !== undefined };
        return { status: 200, body: JSON.stringify(config) };
      };
    }
  });

  testWith(CARGO, 'two organizations in one job', async () => {
    const job = await signedIn();
    const first = job.environment.get('CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS') ?? '';
    await signIn(job, 'fabrikam');
    const second = job.environment.get('CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS') ?? '';
    expect([first, second].map((list) => list.split(' ').length)).toEqual([2, 2]);
    project(job, {
      ours: FEED,
      theirs: 'https://fabrikam.pkgs.visualstudio.com/_packaging/crates/Cargo/index/',
    });
    const result = await cargo(
      job,
      ['ours', 'theirs'].map((name) => `${publish(name)}\n${fetch(name)}`).join('\n'),
    );
    expect(result.exitCode).toBe(0);
  });

  describe('after the job', () => {
    testWith(CARGO, 'Cargo is refused again, and nothing of patless is left', async () => {
      const job = await signedIn();
      project(job, { shared: FEED });
      expect((await cargo(job, publish('shared'))).exitCode).toBe(0);
      const [post] = await job.end();
      expect([post?.exitCode, post?.stderr]).toEqual([0, '']);
      expect((await cargo(job, fetch('shared'))).exitCode).not.toBe(0);
      expect([...job.environment.values()].filter((value) => value !== '')).toEqual([]);
      const left = await job.shell(`find "${job.temp}" -name 'patless-*'`);
      expect(left.stdout).toBe('');
    });

    test("the job's own list of providers was kept in force, and is there again", async () => {
      const job = await signedIn({
        CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS: 'cargo:token their-provider',
      });
      expect(job.environment.get('CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS')).toMatch(
        /^cargo:token their-provider \S+cargo-credential$/,
      );
      await job.end();
      expect(job.environment.get('CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS')).toBe(
        'cargo:token their-provider',
      );
    });
  });
});
