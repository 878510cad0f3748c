// Scenario: what later steps find for NuGet. A contract test: neither NuGet nor its provider runs here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesWithSecrets } from '../../local-cloud/leak-scan.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { HOSTS, type HostedJob } from '../support/hosts.js';

const FEED = 'https://pkgs.dev.azure.com/contoso/_packaging/f/nuget/v3/index.json';
const CONFIG = `<configuration><packageSources>
  <add key="Contoso-Feed" value="${FEED}" />
  <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
</packageSources></configuration>`;

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);

  const configure = (job: HostedJob, organization = 'contoso') =>
    job.action(PROJECT, scenario.inputs({ organization, configure: 'nuget' }));

  test('the variables that are documented, and nothing of them afterwards', async () => {
    const job = await scenario.job();
    mkdirSync(join(job.workspace, 'src'));
    writeFileSync(join(job.workspace, 'src/nuget.config'), CONFIG);
    const result = await configure(job);
    expect(result.exitCode).toBe(0);
    expect(result.log).toContain('only Contoso-Feed can do without it');
    const token = job.environment.get('VSS_NUGET_ACCESSTOKEN') ?? '';
    const prefixes = 'https://pkgs.dev.azure.com/contoso/;https://contoso.pkgs.visualstudio.com/';
    expect(token).toMatch(/^eyJ/);
    expect(Object.fromEntries(job.environment)).toEqual({
      PATLESS_TOKEN_CONTOSO: token,
      PATLESS_FOLDER_CONTOSO: expect.stringContaining('patless-'),
      ARTIFACTS_CREDENTIALPROVIDER_ACCESSTOKEN: token,
      ARTIFACTS_CREDENTIALPROVIDER_URI_PREFIXES: prefixes,
      VSS_NUGET_ACCESSTOKEN: token,
      VSS_NUGET_URI_PREFIXES: prefixes,
      'NuGetPackageSourceCredentials_Contoso-Feed': `Username=patless;Password=${token}`,
    });
    // A name of this kind reaches programs through bash.
    const seen = await job.shell(
      'env | grep -c "^NuGetPackageSourceCredentials_Contoso-Feed=Username=patless;"',
    );
    expect(seen.stdout).toBe('1\n');
    for (const folder of [job.workspace, job.home]) expect(filesWithSecrets(folder, [token])).toEqual([]);
    await job.end();
    expect([...job.environment.values()].filter((value) => value !== '')).toEqual([]);
  });

  test('a second organization with the same identity is added; another identity fails, naming the first', async () => {
    scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]);
    const job = await scenario.job();
    await configure(job);
    expect((await configure(job, 'fabrikam')).exitCode).toBe(0);
    expect(job.environment.get('VSS_NUGET_URI_PREFIXES')?.split(';')).toHaveLength(4);

    const other = await scenario.job({
      environment: {
        VSS_NUGET_ACCESSTOKEN: 'theirs',
        VSS_NUGET_URI_PREFIXES: 'https://pkgs.dev.azure.com/fabrikam/',
      },
    });
    const refused = await configure(other);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.log).toContain('in VSS_NUGET_ACCESSTOKEN, for https://pkgs.dev.azure.com/fabrikam/.');
    expect(refused.outputs.size).toBe(0);
  });
});
