// Scenario: later steps use the real git at Azure DevOps, and only there does it get the token.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { secretsSent } from '../../local-cloud/leak-scan.js';
import { GIT_LFS, testWith } from '../support/clients.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);
  const AUTHOR = 'git config --global user.name ci && git config --global user.email ci@contoso.example';
  const APP = { organization: 'contoso', project: 'widgets', repository: 'app' };

  beforeEach(() => scenario.cloud.azureDevOps.addRepository(APP, { 'README.md': '# app\n' }));

  async function signedIn(
    inputs: Record<string, string> = {},
    environment: Record<string, string> = {},
  ): Promise<HostedJob> {
    const job = await scenario.job({ environment });
    const result = await job.action(
      PROJECT,
      scenario.inputs({ organization: 'contoso', configure: 'git', ...inputs }),
    );
    expect(result.stderr + result.log).not.toContain('error');
    expect(result.exitCode).toBe(0);
    return job;
  }

  /** For a git that no step runs, so that its answer is seen unmasked. */
  function environmentOf(job: HostedJob): Record<string, string> {
    return { PATH: process.env.PATH ?? '', HOME: job.home, ...Object.fromEntries(job.environment) };
  }

  /** Who received the token over the wire: "scheme://host:port/first-segment". */
  function gotToken(): string[] {
    const receivers = scenario.cloud.requests
      .filter(({ url }) => url.pathname.includes('/_git/'))
      .filter((request) => secretsSent([request]).length > 0)
      .map(({ scheme, host, port, url }) => `${scheme}://${host}:${port}/${url.pathname.split('/')[1]}`);
    return [...new Set(receivers)];
  }

  describe('clone, fetch and push', () => {
    test.each([
      'https://dev.azure.com/contoso/widgets/_git/app',
      'https://contoso@dev.azure.com/contoso/widgets/_git/app',
      'https://dev.azure.com/Contoso/widgets/_git/app',
      'https://dev.azure.com:443/CONTOSO/widgets/_git/app',
      'https://contoso.visualstudio.com/widgets/_git/app',
      'https://contoso.visualstudio.com/DefaultCollection/widgets/_git/app',
    ])('work at %s', async (url) => {
      const job = await signedIn();
      const result = await job.shell(`${AUTHOR}
      git clone ${url} app && cd app
      git commit --allow-empty --message second && git push && git fetch`);
      expect(result.stderr).not.toContain('fatal');
      expect(result.exitCode).toBe(0);
      expect(await scenario.cloud.azureDevOps.log(APP)).toEqual(['second', 'Begin']);
    });

    test('submodules at both kinds of host come along (H19)', async () => {
      const parent = { ...APP, repository: 'parent' };
      const modules = `[submodule "a"]\n\tpath = a\n\turl = https://contoso@dev.azure.com/contoso/widgets/_git/app\n[submodule "b"]\n\tpath = b\n\turl = https://contoso.visualstudio.com/widgets/_git/app\n`;
      await scenario.cloud.azureDevOps.addRepository(parent, { '.gitmodules': modules });
      const job = await signedIn();
      const result = await job.shell(`${AUTHOR}
      git clone https://dev.azure.com/contoso/widgets/_git/parent parent && cd parent
      commit=$(git ls-remote https://dev.azure.com/contoso/widgets/_git/app refs/heads/main | cut -f1)
      for path in a b; do git update-index --add --cacheinfo 160000,$commit,$path; done
      git commit --message 'Add submodules' && git push
      cd .. && git clone --recurse-submodules https://dev.azure.com/contoso/widgets/_git/parent again
      test -f again/a/README.md && test -f again/b/README.md`);
      expect(result.exitCode).toBe(0);
    });

    test('without patless git is refused, at once', async () => {
      const job = await scenario.job();
      const result = await job.shell('git clone https://dev.azure.com/contoso/widgets/_git/app </dev/null');
      expect(result.exitCode).not.toBe(0);
    });
  });

  describe('Git LFS', () => {
    testWith(GIT_LFS, 'objects are pushed and pulled, with and without a user in the URL (H19)', async () => {
      const job = await signedIn();
      const result = await job.shell(`${AUTHOR}
      git lfs install --skip-repo
      git clone https://dev.azure.com/contoso/widgets/_git/app app && cd app
      git lfs track '*.bin' && head -c 5000 /dev/urandom > big.bin && git add . && git commit --message big
      git push
      cd ..
      for url in https://contoso@dev.azure.com/contoso/widgets/_git/app https://dev.azure.com/Contoso/widgets/_git/app \\
          https://contoso.visualstudio.com/widgets/_git/app; do
        rm -rf again && git clone "$url" again && cmp app/big.bin again/big.bin
      done`);
      expect(result.stderr).not.toMatch(/fatal|error:/i);
      expect(result.exitCode).toBe(0);
      const batches = scenario.cloud.requests.filter(({ url }) =>
        url.pathname.endsWith('/info/lfs/objects/batch'),
      );
      expect(batches.length).toBeGreaterThan(3);
    });
  });

  describe('nobody else gets the token', () => {
    async function tryClone(url: string, setUp = ''): Promise<string> {
      const job = await signedIn();
      scenario.cloud.requests.length = 0;
      const result = await job.shell(`${setUp}\ngit clone ${url} somewhere </dev/null`);
      expect(result.exitCode).not.toBe(0);
      return result.stderr;
    }

    test.each([
      ['an organization whose name begins like ours', 'https://dev.azure.com/contoso2/widgets/_git/app'],
      ['another organization', 'https://dev.azure.com/fabrikam/widgets/_git/app'],
      ['ours as a user only', 'https://contoso@dev.azure.com/fabrikam/widgets/_git/app'],
      [
        'another organization behind dot segments',
        'https://dev.azure.com/contoso/../fabrikam/widgets/_git/app',
      ],
      ['the same, encoded', 'https://dev.azure.com/contoso/%2e%2e/fabrikam/widgets/_git/app'],
      ['the same, with backslashes', "'https://dev.azure.com/contoso/..\\fabrikam/widgets/_git/app'"],
      ['plain http', 'http://dev.azure.com/contoso/widgets/_git/app'],
      ['another port', 'https://dev.azure.com:8443/contoso/widgets/_git/app'],
      ["another organization's older host", 'https://fabrikam.visualstudio.com/widgets/_git/app'],
      ['our older host on another port', 'https://contoso.visualstudio.com:8443/widgets/_git/app'],
      ['our older host without TLS', 'http://contoso.visualstudio.com/widgets/_git/app'],
    ])('%s: %s (H5)', async (_, url) => {
      scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
      scenario.cloud.azureDevOps.addOrganization('contoso2', [scenario.cloud.application]);
      await tryClone(url);
      expect(scenario.cloud.requests.length).toBeGreaterThan(0);
      expect(gotToken()).toEqual([]);
    });

    test('a look-alike host: the helper has no answer for it (H5)', async () => {
      const job = await signedIn();
      const answer = (url: string) =>
        execFileSync('git', ['credential', 'fill'], {
          input: `url=${url}\n\n`,
          env: { ...environmentOf(job), GIT_ASKPASS: 'true' },
        }).toString();
      expect(answer('https://dev.azure.com/contoso/widgets/_git/app')).toContain(
        'username=patless\npassword=eyJ',
      );
      for (const host of [
        'dev.azure.com.evil.example',
        'xdev.azure.com',
        'github.com',
        'contoso.visualstudio.com.evil.example',
      ]) {
        expect(answer(`https://${host}/contoso/widgets/_git/app`)).not.toContain('eyJ');
      }
    });

    test.each([
      ['another host', 'https://fabrikam.visualstudio.com', undefined],
      ['another organization at the same host', 'https://dev.azure.com/fabrikam', undefined],
      ['another host, before git has sent the token', 'https://fabrikam.visualstudio.com', 'before'],
    ])('the target of a redirect: %s (H1)', async (_, target, before) => {
      scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
      scenario.cloud.faults.push(({ url, headers }) =>
        url.pathname.startsWith('/contoso/widgets/_git/') && (before !== undefined || headers.authorization)
          ? {
              status: 302,
              headers: {
                location: `${target}/widgets/_git/app${url.pathname.split('/app')[1]}${url.search}`,
              },
            }
          : undefined,
      );
      const message = await tryClone('https://dev.azure.com/contoso/widgets/_git/app');
      expect(message).toMatch(/redirect|302/i);
      expect(gotToken().filter((receiver) => receiver !== 'https://dev.azure.com:443/contoso')).toEqual([]);
    });

    test('a request without a path, whatever variables the job has', async () => {
      const job = await signedIn();
      const env = {
        ...environmentOf(job),
        GIT_ASKPASS: 'true',
        path: 'contoso/x',
        p: 'contoso/x',
        value: 'contoso',
      };
      const answer = execFileSync('git', ['credential', 'fill'], {
        input: 'url=https://dev.azure.com\n\n',
        env,
      });
      expect(answer.toString()).not.toContain('eyJ');
    });

    testWith(GIT_LFS, 'another host that a committed .lfsconfig names', async () => {
      scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 5\n`;
      for (const [index, host] of ['fabrikam.visualstudio.com', 'dev.azure.com:8443'].entries()) {
        const repository = `lfs-${index}`;
        await scenario.cloud.azureDevOps.addRepository(
          { ...APP, repository },
          {
            '.lfsconfig': `[lfs]\n\turl = https://${host}/widgets/_git/x/info/lfs\n`,
            '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
            'big.bin': pointer,
          },
        );
        const job = await signedIn();
        scenario.cloud.requests.length = 0;
        await job.shell(
          `git lfs install --skip-repo && git clone https://dev.azure.com/contoso/widgets/_git/${repository} </dev/null`,
        );
        expect(scenario.cloud.requests.some(({ url }) => url.host === host)).toBe(true);
        expect(gotToken()).toEqual(['https://dev.azure.com:443/contoso']);
      }
    });

    test("the user's own helper, which would store it (H6)", async () => {
      const job = await signedIn();
      const result = await job.shell(`git config --global credential.helper store
      git clone https://dev.azure.com/contoso/widgets/_git/app app
      git -C app push && ls -A ~`);
      expect(result.exitCode).toBe(0);
      expect(readdirSync(job.home)).toEqual(['.gitconfig']);
      const stored = await job.shell(
        "printf 'protocol=https\\nhost=github.com\\nusername=u\\npassword=p\\n\\n' | git credential approve",
      );
      expect(stored.exitCode).toBe(0);
      expect(existsSync(join(job.home, '.git-credentials'))).toBe(true);
    });

    test('the command line of any process, while git runs (H2)', async () => {
      const job = await signedIn();
      const token = job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
      const result = await job.shell(`
      (for i in $(seq 1 200); do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; done > "${job.temp}/argv") &
      for i in 1 2 3; do git ls-remote https://dev.azure.com/contoso/widgets/_git/app; done; wait`);
      expect(result.exitCode).toBe(0);
      const seen = readFileSync(join(job.temp, 'argv'), 'latin1');
      expect(seen).toContain('ls-remote');
      expect(seen).not.toContain(token.slice(-30));
    });

    test('a trace of git (H3)', async () => {
      const job = await signedIn();
      const result = await job.shell('git ls-remote https://dev.azure.com/contoso/widgets/_git/app', {
        GIT_TRACE: '1',
        GIT_TRACE_CURL: '1',
        GIT_TRACE2: '1',
        GIT_CURL_VERBOSE: '1',
        GIT_TRACE_REDACT: '0',
      });
      expect(result.stderr).toContain('Authorization: Basic');
      expect(result.log).not.toMatch(/Authorization: Basic [^*\s]/);
    });
  });

  test('a checked-out project whose remote and submodule say SSH: both are fetched by https', async () => {
    const job = await scenario.job();
    await job.shell(`git init --quiet . && git remote add origin git@ssh.dev.azure.com:v3/contoso/widgets/app
      git config --file .gitmodules submodule.x.url git@ssh.dev.azure.com:v3/contoso/widgets/app
      git config --file .gitmodules submodule.x.path x`);
    const before = await job.shell('git fetch </dev/null', { GIT_SSH_COMMAND: 'false' });
    expect(before.exitCode).not.toBe(0);
    await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git' }));
    const after = await job.shell('git fetch && git clone git@ssh.dev.azure.com:v3/contoso/widgets/app x');
    expect(after.stderr).not.toContain('fatal');
    expect(after.exitCode).toBe(0);
    expect(await job.shell('git remote get-url origin && cat .git/config')).toMatchObject({
      stdout: expect.stringContaining('url = git@ssh.dev.azure.com:v3/contoso/widgets/app'),
    });
    await job.end();
    expect((await job.shell('git fetch </dev/null', { GIT_SSH_COMMAND: 'false' })).exitCode).not.toBe(0);
  });

  describe('two organizations in one job (G7)', () => {
    test('both keep working at both kinds of host', async () => {
      scenario.cloud.azureDevOps.addOrganization('fabrikam-2', [scenario.cloud.application]);
      await scenario.cloud.azureDevOps.addRepository({ ...APP, organization: 'fabrikam-2' }, { a: 'a' });
      const job = await signedIn();
      const before = job.environment.get('GIT_CONFIG_COUNT');
      await job.action(PROJECT, scenario.inputs({ organization: 'fabrikam-2', configure: 'git' }));
      expect([before, job.environment.get('GIT_CONFIG_COUNT')]).toEqual(['7', '11']);
      const result = await job.shell(`git ls-remote https://dev.azure.com/contoso/widgets/_git/app
      git ls-remote https://dev.azure.com/fabrikam-2/widgets/_git/app
      git ls-remote https://fabrikam-2.visualstudio.com/widgets/_git/app
      git ls-remote https://contoso.visualstudio.com/widgets/_git/app`);
      expect(result.exitCode).toBe(0);
    });

    test('a second call for the same organization adds no entry', async () => {
      const job = await signedIn();
      await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'git' }));
      expect(job.environment.get('GIT_CONFIG_COUNT')).toBe('7');
    });
  });

  describe('after the job', () => {
    test('git is refused again; .git, HOME and workspace hold nothing of patless (H7)', async () => {
      const job = await signedIn();
      await job.shell(`${AUTHOR} && git clone https://dev.azure.com/contoso/widgets/_git/app app`);
      const config = readFileSync(join(job.workspace, 'app', '.git', 'config'), 'utf8');
      expect(config).not.toMatch(/credential|patless|extraheader/i);
      const token = job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
      const [post] = await job.end();
      expect(post?.exitCode).toBe(0);
      expect(post?.stderr).toBe('');
      const refused = await job.shell('git -C app fetch </dev/null');
      expect(refused.exitCode).not.toBe(0);
      expect([...job.environment.values()].filter((value) => value !== '')).toEqual([]);
      const grep = await job.shell(
        `grep -r --fixed-strings '${token.slice(-40)}' "$HOME" "${job.workspace}" "${job.temp}"/[!0-9a-f]* || true`,
      );
      expect(grep.stdout).toBe('');
    });

    test("the job's own GIT_CONFIG entries were kept in force, and are there again (H4)", async () => {
      const own = {
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'user.name',
        GIT_CONFIG_VALUE_0: 'from the environment',
      };
      const job = await signedIn({}, own);
      const during = await job.shell(
        'git config user.name && git ls-remote https://dev.azure.com/contoso/widgets/_git/app',
      );
      expect(during.exitCode).toBe(0);
      expect(during.stdout).toContain('from the environment');
      expect(job.environment.get('GIT_CONFIG_COUNT')).toBe('8');
      await job.end();
      expect(job.environment.get('GIT_CONFIG_COUNT')).toBe('1');
    });

    test('a GIT_CONFIG_COUNT that is no number fails clearly, and nothing is exported', async () => {
      const job = await scenario.job({ environment: { GIT_CONFIG_COUNT: 'many' } });
      const result = await job.action(
        PROJECT,
        scenario.inputs({ organization: 'contoso', configure: 'git' }),
      );
      expect(result.log).toContain('GIT_CONFIG_COUNT is set, but not to a number');
      expect(result.outputs.size + result.environment.size).toBe(0);
    });
  });

  test('a file named like a helper in the workspace is never run', async () => {
    const job = await signedIn();
    writeFileSync(join(job.workspace, 'patless'), '#!/bin/sh\ntouch "$HOME/ran"\n', { mode: 0o755 });
    await job.shell('git ls-remote https://dev.azure.com/contoso/widgets/_git/app', {
      PATH: `${job.workspace}:${process.env.PATH}`,
    });
    expect(existsSync(join(job.home, 'ran'))).toBe(false);
  });
});
