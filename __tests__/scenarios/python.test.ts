// Scenario: later steps use the real pip and twine, in files that the project has committed; uv's netrc is read by pip.
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { secretsSent } from '../../local-cloud/leak-scan.js';
import { PIP, PYTHON_VENV, TWINE, testWith } from '../support/clients.js';
import { errorOf, PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';
import { filesIn, leaks } from '../support/leaks.js';

const FEED = 'https://pkgs.dev.azure.com/contoso/_packaging/python/pypi';
const PROJECT_FEED = 'https://pkgs.dev.azure.com/contoso/widgets/_packaging/private/pypi';
const FABRIKAM = 'https://pkgs.dev.azure.com/fabrikam/_packaging/python/pypi';

const PYTHON = '/usr/bin/python3';
const TWINE_UPLOAD = '/usr/bin/twine upload --non-interactive --disable-progress-bar';
const DOWNLOAD = `${PYTHON} -m pip download --no-deps --dest got`;

/** What a machine may have preset must not decide the tests; a refused host is asked once. */
const QUIET = { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_RETRIES: '0', PIP_FIND_LINKS: '', PIP_NO_INPUT: '' };

/** Writes dist/NAME-1.0-py3-none-any.whl, a package with one empty module. */
function wheel(name: string): string {
  return `${PYTHON} - <<'END'
import os, zipfile
os.makedirs("dist", exist_ok=True)
info = "${name}-1.0.dist-info"
with zipfile.ZipFile("dist/${name}-1.0-py3-none-any.whl", "w") as archive:
    archive.writestr("${name}.py", "")
    archive.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: ${name}\\nVersion: 1.0\\n")
    archive.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    archive.writestr(info + "/RECORD", "${name}.py,,\\n" + "".join(f"{info}/{file},,\\n" for file in ["METADATA", "WHEEL", "RECORD"]))
END
`;
}

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  beforeEach(() => {
    scenario.cloud.feeds.addFeed('contoso', 'python');
    scenario.cloud.feeds.addFeed('contoso', 'private', 'widgets');
  });

  async function signedIn(
    configure: string,
    inputs: Record<string, string> = {},
    environment: Record<string, string> = {},
  ): Promise<HostedJob> {
    const job = await scenario.job({ environment: { ...QUIET, ...environment } });
    const result = await job.action(
      PROJECT,
      scenario.inputs({ organization: 'contoso', configure, ...inputs }),
    );
    expect(result.stderr + result.log).not.toContain('error');
    expect(result.exitCode).toBe(0);
    return job;
  }

  /** From a job of its own. */
  async function publish(name: string, feed = FEED, organization = 'contoso'): Promise<void> {
    const job = await signedIn('twine', { organization });
    const result = await job.shell(`${wheel(name)}${TWINE_UPLOAD} --repository-url ${feed}/upload/ dist/*`);
    expect(result.stdout + result.stderr).not.toContain('ERROR');
    expect(result.exitCode).toBe(0);
    scenario.cloud.requests.length = 0;
  }

  function addFabrikam(): void {
    scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
    scenario.cloud.feeds.addFeed('fabrikam', 'python');
  }

  /** Who received the token over the wire: "scheme://host:port/first-segment". */
  function gotToken(): string[] {
    const receivers = scenario.cloud.requests
      .filter(({ host: name }) => /pkgs\.|blob/.test(name))
      .filter((request) => secretsSent([request]).length > 0)
      .map(
        ({ scheme, host: name, port, url }) => `${scheme}://${name}:${port}/${url.pathname.split('/')[1]}`,
      );
    return [...new Set(receivers)];
  }

  /** What the module "keyring" answers when it is asked as pip asks. */
  async function answers(job: HostedJob, url: string, user = 'None'): Promise<string> {
    const script = `import keyring; print(keyring.get_credential(${JSON.stringify(url)}, ${user}))`;
    const result = await job.shell(`${PYTHON} -c '${script}'`);
    expect(result.exitCode).toBe(0);
    return result.stdout;
  }

  function write(job: HostedJob, name: string, text: string): void {
    mkdirSync(join(job.workspace, name, '..'), { recursive: true });
    writeFileSync(join(job.workspace, name), text);
  }

  describe('pip', () => {
    testWith(
      TWINE,
      'downloads from feeds that requirements.txt and pip.conf name, and blob storage gets no token',
      async () => {
        await publish('demo');
        await publish('extra', PROJECT_FEED);
        const job = await signedIn('pip');
        scenario.cloud.requests.length = 0;
        const requirements = `--index-url ${FEED}/simple/\n--extra-index-url ${PROJECT_FEED}/simple/\ndemo\nextra\n`;
        const conf = `[global]\nindex-url = https://contoso.pkgs.visualstudio.com/_packaging/python/pypi/simple/\n`;
        write(job, 'requirements.txt', requirements);
        write(job, 'pip.conf', conf);
        const result = await job.shell(`
        ${DOWNLOAD} -r requirements.txt
        PIP_CONFIG_FILE=pip.conf ${DOWNLOAD} --dest legacy demo
        ls got legacy`);
        expect(result.stderr).not.toContain('ERROR');
        expect(result.exitCode).toBe(0);
        expect(result.stdout.match(/^(demo|extra)-1\.0-py3-none-any\.whl$/gm)).toHaveLength(3);
        expect(gotToken().sort()).toEqual([
          'https://contoso.pkgs.visualstudio.com:443/_packaging',
          'https://pkgs.dev.azure.com:443/contoso',
        ]);
        expect(
          scenario.cloud.requests.some(({ host: name }) => name.endsWith('.blob.core.windows.net')),
        ).toBe(true);
        expect(readFileSync(join(job.workspace, 'requirements.txt'), 'utf8')).toBe(requirements);
        expect(readFileSync(join(job.workspace, 'pip.conf'), 'utf8')).toBe(conf);
      },
    );

    testWith(
      PYTHON_VENV,
      'installs in a virtual environment, by the script and by python -m pip',
      async () => {
        await publish('demo');
        const job = await signedIn('pip');
        const result = await job.shell(`
        ${PYTHON} -m venv env && . env/bin/activate
        python -m pip install --index-url ${FEED}/simple/ demo && pip uninstall --yes demo
        pip install --no-cache-dir --index-url https://pkgs.dev.azure.com/Contoso/_packaging/python/pypi/simple demo
        python -c 'import demo'`);
        expect(result.stderr).not.toContain('ERROR');
        expect(result.exitCode).toBe(0);
      },
    );

    testWith(PIP, 'with a user name in the URL, too', async () => {
      await publish('demo');
      const job = await signedIn('pip');
      const result = await job.shell(
        `${DOWNLOAD} --index-url ${FEED.replace('//', '//build@')}/simple/ demo`,
      );
      expect(result.exitCode).toBe(0);
    });

    testWith(PIP, 'build requirements in isolation come from the feed', async () => {
      await publish('backend_of_tests');
      const job = await signedIn('pip');
      write(
        job,
        'app/pyproject.toml',
        '[build-system]\nrequires = ["backend_of_tests"]\nbuild-backend = "inside"\nbackend-path = ["."]\n',
      );
      write(
        job,
        'app/inside.py',
        `import backend_of_tests, shutil\ndef build_wheel(to, *rest):\n    return shutil.copy("app-1.0-py3-none-any.whl", to).split("/")[-1]\n`,
      );
      const result = await job.shell(`(cd app && ${wheel('app')} mv dist/* .)
        ${PYTHON} -m pip wheel --no-deps --index-url ${FEED}/simple/ --wheel-dir built ./app`);
      expect(result.stderr).not.toContain('ERROR');
      expect(result.exitCode).toBe(0);
    });

    testWith(PIP, 'without patless it is refused', async () => {
      await publish('demo');
      const job = await scenario.job({ environment: QUIET });
      const result = await job.shell(`${DOWNLOAD} --index-url ${FEED}/simple/ demo`);
      expect(result.exitCode).not.toBe(0);
      expect(scenario.cloud.requests.some(({ url }) => url.pathname.endsWith('/simple/demo/'))).toBe(true);
    });

    testWith(
      PIP,
      'no form of the token is in its most talkative log, in the workspace or in HOME',
      async () => {
        await publish('demo');
        const job = await signedIn('pip, twine');
        const result = await job.shell(`${wheel('second')}
        ${DOWNLOAD} -vvv --log pip.log --index-url ${FEED}/simple/ demo
        ${TWINE_UPLOAD} --verbose --repository-url ${FEED}/upload/ dist/*`);
        expect(result.exitCode).toBe(0);
        const token = job.environment.get('PATLESS_TOKEN_CONTOSO') ?? '';
        expect(token.length).toBeGreaterThan(100);
        const sinks = [
          { name: 'log', text: result.stdout + result.stderr },
          ...filesIn(job.workspace),
          ...filesIn(job.home),
        ];
        expect(sinks.length).toBeGreaterThan(2);
        expect(leaks({ 'access token': token }, sinks)).toEqual([]);
      },
    );
  });

  describe('twine', () => {
    testWith(
      TWINE,
      'uploads to a repository of a .pypirc in the project, with and without a user name there',
      async () => {
        const job = await signedIn('twine');
        write(
          job,
          '.pypirc',
          `[distutils]\nindex-servers =\n    one\n    two\n[one]\nrepository = ${FEED}/upload/\n[two]\nrepository = ${PROJECT_FEED}/upload/\nusername = build\n`,
        );
        const result = await job.shell(`${wheel('demo')}
        for name in one two; do ${TWINE_UPLOAD} --config-file .pypirc --repository $name dist/*; done`);
        expect(result.stdout + result.stderr).not.toContain('ERROR');
        expect(result.exitCode).toBe(0);
        expect(gotToken()).toEqual(['https://pkgs.dev.azure.com:443/contoso']);
      },
    );

    testWith(TWINE, 'without patless it is refused', async () => {
      const job = await scenario.job({ environment: QUIET });
      const result = await job.shell(
        `${wheel('demo')}${TWINE_UPLOAD} --repository-url ${FEED}/upload/ dist/*`,
      );
      expect(result.exitCode).not.toBe(0);
    });

    testWith(TWINE, 'has no credentials for pypi.org, which is its default', async () => {
      const job = await signedIn('twine');
      const result = await job.shell(`${wheel('demo')}${TWINE_UPLOAD} dist/*`);
      expect(result.exitCode).not.toBe(0);
      expect(result.stdout + result.stderr).toContain('Credential not found for username');
      expect(gotToken()).toEqual([]);
    });

    testWith(TWINE, 'does not follow a redirect with it', async () => {
      addFabrikam();
      const job = await signedIn('twine');
      scenario.cloud.faults.push(({ url }) =>
        url.pathname.startsWith('/contoso/_packaging')
          ? { status: 301, headers: { location: `${FABRIKAM}/upload/` } }
          : undefined,
      );
      const result = await job.shell(
        `${wheel('demo')}${TWINE_UPLOAD} --repository-url ${FEED}/upload/ dist/*`,
      );
      expect(result.exitCode).not.toBe(0);
      expect(gotToken()).toEqual(['https://pkgs.dev.azure.com:443/contoso']);
    });
  });

  describe('nobody else gets the token', () => {
    testWith(PIP, "another organization's feed: pip is refused there", async () => {
      addFabrikam();
      const job = await signedIn('pip');
      const urls = [
        FABRIKAM,
        'https://fabrikam.pkgs.visualstudio.com/_packaging/python/pypi',
        FEED.replace('contoso', 'contoso2'),
      ];
      scenario.cloud.requests.length = 0;
      for (const url of urls) {
        const result = await job.shell(`${DOWNLOAD} --index-url ${url}/simple/ demo`);
        expect(result.exitCode).not.toBe(0);
      }
      expect(scenario.cloud.requests.filter(({ url }) => url.pathname.endsWith('/simple/demo/')).length).toBe(
        3,
      );
      expect(gotToken()).toEqual([]);
    });

    testWith(PIP, 'a public registry beside ours, and where a feed redirects to', async () => {
      addFabrikam();
      await publish('demo');
      const job = await signedIn('pip');
      scenario.cloud.requests.length = 0;
      const beside = await job.shell(
        `${DOWNLOAD} --index-url ${FEED}/simple/ --extra-index-url https://pypi.org/simple/ demo`,
      );
      expect(beside.exitCode).toBe(0);
      expect(scenario.cloud.refused).toContain('pypi.org:443');
      scenario.cloud.faults.push(({ url }) =>
        url.pathname.includes('/simple/')
          ? {
              status: 302,
              headers: { location: 'https://fabrikam.pkgs.visualstudio.com/_packaging/python/pypi/x' },
            }
          : undefined,
      );
      const redirected = await job.shell(
        `${DOWNLOAD} --no-cache-dir --dest again --index-url ${FEED}/simple/ demo`,
      );
      expect(redirected.exitCode).not.toBe(0);
      expect(
        scenario.cloud.requests.some(({ host: name }) => name === 'fabrikam.pkgs.visualstudio.com'),
      ).toBe(true);
      expect(gotToken()).toEqual(['https://pkgs.dev.azure.com:443/contoso']);
    });

    testWith(
      PIP,
      'but pip itself goes on using it at the same host in the same command, as the README says',
      async () => {
        addFabrikam();
        await publish('demo');
        const job = await signedIn('pip');
        await job.shell(`${DOWNLOAD} --index-url ${FEED}/simple/ --extra-index-url ${FABRIKAM}/simple/ demo`);
        expect(gotToken()).toContain('https://pkgs.dev.azure.com:443/fabrikam');
      },
    );

    testWith(PIP, 'no other address is answered, however it is spelled', async () => {
      const job = await signedIn('pip');
      for (const url of [
        `${FEED}/simple/`,
        'https://x@PKGS.dev.azure.com:443/CONTOSO',
        `${PROJECT_FEED}/upload/`,
      ]) {
        expect(await answers(job, url)).toContain("username='patless', password='ey");
      }
      expect(await answers(job, `${FEED}/simple/`, '"build"')).toContain("username='build', password='ey");
      for (const url of [
        'https://pypi.org/simple/',
        'https://upload.pypi.org/legacy/',
        'https://pkgs.dev.azure.com/contoso2/_packaging/python/pypi/simple/',
        'https://pkgs.dev.azure.com/contoso/../fabrikam/_packaging/python/pypi/simple/',
        'https://pkgs.dev.azure.com/contoso/%2e%2e/fabrikam/_packaging/python/pypi/simple/',
        'https://pkgs.dev.azure.com/contoso/x%2F..%2F../fabrikam/',
        'https://pkgs.dev.azure.com/contoso\\..\\fabrikam/',
        'https://pkgs.dev.azure.com/contoso/\\..\\..\\fabrikam/',
        'https://pkgs.dev.azure.com/fabrikam/contoso/',
        'https://pkgs.dev.azure.com',
        'pkgs.dev.azure.com',
        'contoso.pkgs.visualstudio.com',
        'http://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/',
        'https://pkgs.dev.azure.com:8443/contoso/_packaging/python/pypi/simple/',
        'https://pkgs.dev.azure.com.evil.example/contoso/_packaging/python/pypi/simple/',
        'https://pkgs.dev.azure.com@evil.example/contoso/_packaging/python/pypi/simple/',
        'https://pkgs.dev.azure.com/contoso/@evil.example\n',
        'https://evil.example/https://pkgs.dev.azure.com/contoso/',
        'https://evil.example\\@pkgs.dev.azure.com/contoso/',
        'https://evil.example#@pkgs.dev.azure.com/contoso/',
        'https://xpkgs.dev.azure.com/contoso/',
        'https://fabrikam.pkgs.visualstudio.com/contoso/',
        'https://contoso.visualstudio.com/_packaging/',
        'https://contoso.pkgs.visualstudio.com.evil.example/_packaging/',
      ]) {
        expect([url, await answers(job, url)]).toEqual([url, 'None\n']);
      }
    });
  });

  describe("the user's own keyring stays in force", () => {
    const OWN = `class Credential:
    username, password = "own", "of-the-user"
def get_credential(service, username):
    return Credential if "registry.example" in service else None
def get_password(service, username):
    return "of-the-user" if "registry.example" in service else None
`;
    const ASK = `${PYTHON} -c 'import keyring; print(keyring.get_password("https://registry.example/", "own"), keyring.get_password("${FEED}/upload/", "x")[:2])'`;

    testWith(PIP, 'as a module that PYTHONPATH leads to', async () => {
      const before = await scenario.job();
      const own = join(before.workspace, 'own');
      write(before, 'own/keyring/__init__.py', OWN);
      write(before, 'own/keyring/errors.py', 'class NoKeyringError(Exception): pass\n');
      write(before, 'own/keyring/__main__.py', 'print("the program itself")\n');
      const job = await signedIn('pip', {}, { PYTHONPATH: own });
      const result = await job.shell(`${ASK}
        ${PYTHON} -c 'from keyring.errors import NoKeyringError'
        ${PYTHON} -m keyring`);
      expect(result.stderr).toBe('');
      expect(result.stdout).toBe('of-the-user ey\nthe program itself\n');
      await job.end();
      expect(job.environment.get('PYTHONPATH')).toBe(own);
    });

    testWith(PYTHON_VENV, 'as a program, where Python has no such module', async () => {
      const job = await signedIn('pip');
      write(
        job,
        'bin/keyring',
        '#!/bin/sh\ntest "$1 $2 $3" = "get https://registry.example/ own" && echo of-the-user\n',
      );
      chmodSync(join(job.workspace, 'bin/keyring'), 0o755);
      const result = await job.shell(`${PYTHON} -m venv --without-pip env && . env/bin/activate
        PATH="$PWD/bin:$PATH" ${ASK.replace(PYTHON, 'python')}`);
      expect(result.stderr).toBe('');
      expect(result.stdout).toBe('of-the-user ey\n');
    });
  });

  testWith(TWINE, 'two organizations in one job keep working, in separate commands and in one', async () => {
    addFabrikam();
    await publish('demo');
    await publish('other', FABRIKAM, 'fabrikam');
    const job = await signedIn('pip, twine');
    await job.action(PROJECT, scenario.inputs({ organization: 'fabrikam', configure: 'pip' }));
    const result = await job.shell(`${wheel('third')}
      ${DOWNLOAD} --index-url ${FEED}/simple/ demo
      ${DOWNLOAD} --index-url ${FABRIKAM}/simple/ other
      ${DOWNLOAD} --no-cache-dir --dest both --index-url ${FEED}/simple/ --extra-index-url ${FABRIKAM}/simple/ demo other
      for feed in ${FEED} ${FABRIKAM}; do ${TWINE_UPLOAD} --repository-url $feed/upload/ dist/*; done`);
    expect(result.stdout + result.stderr).not.toContain('ERROR');
    expect(result.exitCode).toBe(0);
  });

  testWith(TWINE, 'after the job nothing is left, and both are refused again', async () => {
    await publish('demo');
    const job = await signedIn('pip, twine, uv', {}, { NETRC: '/nowhere', PYTHONPATH: '/own' });
    const use = `${wheel('more')}
      ${DOWNLOAD} --index-url ${FEED}/simple/ demo && ${TWINE_UPLOAD} --repository-url ${FEED}/upload/ dist/*`;
    expect((await job.shell(use)).exitCode).toBe(0);
    const inTemp = () => readdirSync(job.temp).filter((name) => name.startsWith('patless-'));
    expect(inTemp()).toHaveLength(1);
    expect(readdirSync(join(job.temp, inTemp()[0] ?? '')).sort()).toEqual([
      'current',
      'keyring.py',
      'netrc',
      'patless',
      'sign-in.json',
    ]);
    const [post] = await job.end();
    expect(post?.exitCode).toBe(0);
    expect(inTemp()).toEqual([]);
    expect(job.environment.get('PATLESS_TOKEN_CONTOSO')).toBe('');
    expect(job.environment.get('PYTHONPATH')).toBe('/own');
    expect(job.environment.get('NETRC')).toBe('/nowhere');
    expect(
      (await job.shell(`${DOWNLOAD} --no-cache-dir --dest again --index-url ${FEED}/simple/ demo`)).exitCode,
    ).not.toBe(0);
    expect((await job.shell(`${TWINE_UPLOAD} --repository-url ${FEED}/upload/ dist/*`)).exitCode).not.toBe(0);
  });

  testWith(TWINE, 'after the token has expired, both get a fresh one', async () => {
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3;
    const job = await signedIn('pip, twine');
    await setTimeout(3000);
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
    const result = await job.shell(
      `${wheel('late')}
      ${TWINE_UPLOAD} --repository-url ${FEED}/upload/ dist/* && ${DOWNLOAD} --index-url ${FEED}/simple/ late`,
      { SYSTEM_ACCESSTOKEN: host.bearer(scenario.cloud, job) },
    );
    expect([result.exitCode, result.stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
  });

  testWith(PIP, 'when no fresh one can be had, pip fails at once, and asks nobody', async () => {
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3;
    const job = await signedIn('pip');
    await setTimeout(3000);
    scenario.cloud.entra.tenant.tokenLifetimeSeconds = 3599;
    scenario.cloud.faults.push(({ url }) =>
      /oidctoken|idtoken/.test(url.pathname) ? { status: 403 } : undefined,
    );
    const result = await job.shell(
      `timeout 25 ${PYTHON} -m pip download --dest got --index-url ${FEED}/simple/ demo < <(exec sleep 25 >/dev/null 2>&1)`,
      { SYSTEM_ACCESSTOKEN: host.bearer(scenario.cloud, job), PIP_NO_INPUT: '' },
    );
    expect([0, 124]).not.toContain(result.exitCode);
    expect(result.stdout + result.stderr).not.toMatch(/User for|Traceback/);
    expect(result.stderr).toContain('patless: ID_TOKEN_REFUSED');
  });

  describe('uv (its netrc file, read by pip in isolated mode, which no PYTHONPATH reaches)', () => {
    const ISOLATED = `${PYTHON} -I -m pip download --no-deps --dest got`;

    testWith(
      PIP,
      "works at both hosts; the user's own entries stay, and other hosts get nothing",
      async () => {
        await publish('demo');
        const job = await scenario.job({ environment: QUIET });
        writeFileSync(
          join(job.home, '.netrc'),
          'machine fabrikam.pkgs.visualstudio.com login own password of-the-user\n',
        );
        await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'uv' }));
        scenario.cloud.requests.length = 0;
        const result = await job.shell(`
        ${ISOLATED} --index-url ${FEED}/simple/ demo
        ${ISOLATED} --dest legacy --index-url https://contoso.pkgs.visualstudio.com/_packaging/python/pypi/simple/ demo
        ${ISOLATED} --index-url https://fabrikam.pkgs.visualstudio.com/_packaging/python/pypi/simple/ demo || true`);
        expect(result.exitCode).toBe(0);
        expect(gotToken().sort()).toEqual([
          'https://contoso.pkgs.visualstudio.com:443/_packaging',
          'https://pkgs.dev.azure.com:443/contoso',
        ]);
        const own = scenario.cloud.requests.find(
          ({ host: name }) => name === 'fabrikam.pkgs.visualstudio.com',
        );
        expect(Buffer.from(own?.headers.authorization?.slice(6) ?? '', 'base64').toString()).toBe(
          'own:of-the-user',
        );
        expect(readFileSync(join(job.home, '.netrc'), 'utf8')).toContain('of-the-user');
      },
    );

    test('a second call for another organization fails before it writes, and names the first', async () => {
      addFabrikam();
      const job = await signedIn('uv');
      const before = job.environment.get('NETRC');
      const again = await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'uv' }));
      expect(again.exitCode).toBe(0);
      expect(job.environment.get('NETRC')).not.toBe(before);
      const other = await job.action(
        PROJECT,
        scenario.inputs({ organization: 'fabrikam', configure: 'uv, pip' }),
      );
      expect(errorOf(other)).toContain('uv is set up for contoso in this job');
      expect(job.environment.get('PATLESS_TOKEN_FABRIKAM') ?? '').toBe('');
    });
  });

  test('a password that the project commits is named with file and line, and nothing is exported', async () => {
    const job = await scenario.job();
    write(
      job,
      'service/requirements.txt',
      `# feeds\n--index-url ${FEED.replace('//', '//build:s3cret@')}/simple/\n`,
    );
    const result = await job.action(PROJECT, scenario.inputs({ organization: 'contoso', configure: 'pip' }));
    expect(errorOf(result)).toMatch(
      /service\/requirements\.txt, line 2, holds a URL of contoso with a password in it/,
    );
    expect(result.log).not.toContain('s3cret');
    expect(job.environment.get('PYTHONPATH') ?? '').toBe('');
  });
});
