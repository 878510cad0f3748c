// Scenario: every tool that `configure` knows, in one job, and twice for two organizations.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { tools } from '../../src/consumers/register.js';
import { PIP, TWINE, testWith } from '../support/clients.js';
import { errorOf, exportedNothing, PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';
import { filesIn, leaks } from '../support/leaks.js';

const ALL = tools.map(({ name }) => name).join(', ');
/** The others have one variable or file for the token. */
const TELL_ORGANIZATIONS_APART = 'git, npm, pip, twine, maven, gradle, cargo';
const PYTHON = '/usr/bin/python3';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);
  const use = (organization: string) => `set -x
    git ls-remote https://dev.azure.com/${organization}/widgets/_git/app
    (cd ${organization} && npm publish && npm view lib version)
    (cd ${organization} && ${PYTHON} wheel.py && /usr/bin/twine upload --non-interactive --disable-progress-bar \
        --repository-url https://pkgs.dev.azure.com/${organization}/_packaging/packages/pypi/upload/ dist/*)
    PIP_RETRIES=0 ${PYTHON} -m pip download --no-deps --dest got-${organization} lib \
      --index-url https://pkgs.dev.azure.com/${organization}/_packaging/packages/pypi/simple/`;

  beforeEach(async () => {
    const { azureDevOps, feeds, application } = scenario.cloud;
    azureDevOps.addOrganization('fabrikam', [application]);
    for (const organization of ['contoso', 'fabrikam']) {
      feeds.addFeed(organization, 'packages');
      await azureDevOps.addRepository({ organization, project: 'widgets', repository: 'app' }, { a: 'a' });
    }
  });

  async function start(): Promise<HostedJob> {
    const job = await scenario.job();
    for (const organization of ['contoso', 'fabrikam']) {
      const folder = join(job.workspace, organization);
      const registry = `https://pkgs.dev.azure.com/${organization}/_packaging/packages/npm/registry/`;
      mkdirSync(folder);
      const files = {
        'package.json': JSON.stringify({
          name: 'lib',
          version: '1.0.0',
          license: 'MIT',
          publishConfig: { registry },
        }),
        '.npmrc': `registry=${registry}\n`,
        METADATA: 'Metadata-Version: 2.1\nName: lib\nVersion: 1.0\n',
        'wheel.py': WHEEL,
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    }
    return job;
  }

  const signIn = (job: HostedJob, organization: string, configure: string) =>
    job.action(PROJECT, scenario.inputs({ organization, configure }));

  testWith(TWINE, 'all tools are set up by one call, work, and are taken back', async () => {
    const job = await start();
    const main = await signIn(job, 'contoso', ALL);
    expect(main.stderr + main.log).not.toContain('error');
    const token = main.outputs.get('token') ?? '';
    const result = await job.shell(use('contoso'));
    expect([result.exitCode, result.stderr.match(/fatal|ERROR/)]).toEqual([0, null]);
    // uv's netrc file alone holds the token; nothing is outside the host's temporary folder.
    expect(leaks({ token }, filesIn(job.workspace))).toEqual([]);
    expect(leaks({ token }, filesIn(job.home))).toEqual([]);
    await job.end();
    expect(readdirSync(job.temp).filter((name) => name.startsWith('patless'))).toEqual([]);
    expect(leaks({ token }, filesIn(job.root))).toEqual([]);
    expect([...job.environment.values()].filter((value) => value.includes(token.slice(-40)))).toEqual([]);
    const after = await job.shell('git ls-remote https://dev.azure.com/contoso/widgets/_git/app </dev/null');
    expect(after.exitCode).not.toBe(0);
  });

  testWith(PIP, 'two organizations by two calls, for the tools that can tell them apart', async () => {
    const job = await start();
    for (const organization of ['contoso', 'fabrikam']) {
      const main = await signIn(job, organization, TELL_ORGANIZATIONS_APART);
      expect(main.stderr + main.log).not.toContain('error');
    }
    for (const organization of ['contoso', 'fabrikam']) {
      const result = await job.shell(use(organization));
      expect([organization, result.exitCode, result.stderr.match(/fatal|ERROR/)]).toEqual([
        organization,
        0,
        null,
      ]);
    }
    await job.end();
    expect(readdirSync(job.temp).filter((name) => name.startsWith('patless'))).toEqual([]);
  });

  test.each(['nuget', 'az-devops', 'terraform'])(
    'a second call with another identity fails before it writes, and names the first: %s',
    async (tool) => {
      const { cloud } = scenario;
      const job = await start();
      await signIn(job, 'contoso', tool);
      cloud.application.objectId = '99999999-8888-7777-6666-555555555555';
      cloud.azureDevOps.organizations.get('fabrikam')?.members.splice(0, 1, cloud.application);
      const second = await signIn(job, 'fabrikam', tool);
      expect(errorOf(second)).toMatch(/^INPUT_INVALID: .*(?:another identity|token of another)/);
      expect(errorOf(second)).toMatch(/contoso/i);
      expect([...second.outputs, ...second.environment].filter(([, value]) => value.includes('eyJ'))).toEqual(
        [],
      );
      expect(exportedNothing(second)).toBe(true);
    },
  );
});

/** Writes dist/lib-1.0-py3-none-any.whl. */
const WHEEL = `import os, zipfile
os.makedirs("dist", exist_ok=True)
info = "lib-1.0.dist-info"
with zipfile.ZipFile("dist/lib-1.0-py3-none-any.whl", "w") as archive:
    archive.writestr("lib.py", "")
    archive.writestr(info + "/METADATA", open("METADATA").read())
    archive.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    archive.writestr(info + "/RECORD", "lib.py,,\\n" + "".join(f"{info}/{name},,\\n" for name in ["METADATA", "WHEEL", "RECORD"]))
`;
