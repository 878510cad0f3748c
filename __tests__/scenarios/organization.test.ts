// Scenario: the job names an organization; Azure DevOps is asked who the token is, and which tenant it wants.
import { describe, expect, test } from '@jest/globals';
import { html, json } from '../../local-cloud/http.js';
import { errorOf, exportedNothing, useCloud } from '../support/cloud.js';
import { HOSTS } from '../support/hosts.js';

describe.each(HOSTS)('$name', (host) => {
  const scenario = useCloud(host);
  const isConnectionData = (path: string) => path.endsWith('/_apis/connectionData');

  /** What Azure DevOps would say of our principal. */
  function rightAnswer() {
    const { application, entra } = scenario.cloud;
    const descriptor = `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${entra.tenant.tenantId}\\${application.objectId}`;
    return { authenticatedUser: { descriptor, providerDisplayName: 'patless-demo' } };
  }

  describe('verification', () => {
    test.each(['contoso', 'Contoso', 'https://dev.azure.com/Contoso/', 'https://CONTOSO.visualstudio.com'])(
      'organization %s: three requests, and the log says who, where and until when (E1)',
      async (organization) => {
        const result = await scenario.action({ organization });
        expect(result.exitCode).toBe(0);
        expect(scenario.cloud.requests).toHaveLength(3);
        expect(scenario.cloud.requests[2]?.url.href).toBe(
          'https://dev.azure.com/contoso/_apis/connectionData?api-version=7.1-preview',
        );
        expect(scenario.cloud.requests[2]?.headers['x-tfs-fedauthredirect']).toBe('Suppress');
        expect(result.outputs.get('identity-name')).toBe('patless-demo');
        const { objectId } = scenario.cloud.application;
        expect(result.log).toContain(`Signed in as "patless-demo", object ID ${objectId}, tenant `);
        expect(result.log).toContain(
          'Organization: https://dev.azure.com/contoso, which knows this identity.',
        );
        expect(result.log).toMatch(/^Valid until \d{4}-.*Z\.$/m);
        expect(result.environment.size).toBe(0);
      },
    );

    test('verify: false makes no request to Azure DevOps, and the log says so (E9)', async () => {
      const result = await scenario.action({ organization: 'contoso', verify: 'false' });
      expect(result.exitCode).toBe(0);
      expect(scenario.cloud.requests).toHaveLength(2);
      expect(result.log).toContain('(not verified)');
      expect(result.outputs.get('identity-name')).toBe('');
    });

    test('a principal that is not in the organization is refused at login (E3)', async () => {
      scenario.cloud.azureDevOps.addOrganization('fabrikam', []);
      const result = await scenario.action({ organization: 'fabrikam', configure: 'git' });
      const message = errorOf(result);
      expect(message).toContain(
        'ORGANIZATION_REFUSED: https://dev.azure.com/fabrikam did not accept the token: TF401444: The service principal is not in the organization.',
      );
      expect(message).toContain('https://dev.azure.com/fabrikam/_settings/users');
      expect(exportedNothing(result)).toBe(true);
    });

    test('an organization that does not exist is not one that refuses', async () => {
      const result = await scenario.action({ organization: 'contosoo' });
      expect(errorOf(result)).toContain(
        'ORGANIZATION_REFUSED: Azure DevOps knows no organization "contosoo".',
      );
      expect(errorOf(result)).not.toContain('az rest');
    });

    test('an organization that slows the identity down: signed in, with a note (E4)', async () => {
      scenario.cloud.faults.push(async (request) => {
        if (!isConnectionData(request.url.pathname)) return undefined;
        const answer = await scenario.cloud.azureDevOps.service(request);
        return answer && { ...answer, headers: { ...answer.headers, 'x-ratelimit-delay': '2.5' } };
      });
      const result = await scenario.action({ organization: 'contoso' });
      expect(result.exitCode).toBe(0);
      expect(result.log).toContain('Note: Azure DevOps slows this identity down (2.5 s)');
    });

    test.each([
      [
        'a 203 sign-in page',
        () => html(203, 'Azure DevOps Services | Sign In'),
        'answered 203 with something else than JSON',
      ],
      [
        'a redirect to sign in',
        () => ({ status: 302, headers: { location: 'https://evil.example/' } }),
        'answered 302',
      ],
      [
        'an HTML page with 200',
        () => html(200, 'Captive portal'),
        'answered 200 with something else than JSON',
      ],
      ['the right JSON with 203', () => ({ ...json(200, rightAnswer()), status: 203 }), 'answered 203'],
      [
        'the right JSON as text/html',
        () => ({ ...json(200, rightAnswer()), headers: { 'content-type': 'text/html' } }),
        'answered 200',
      ],
      ['JSON without a user', () => json(200, {}), 'answered 200'],
      ['401 without a body', () => ({ status: 401 }), 'answered 401'],
    ])('%s is a refusal (E2, E5)', async (_, answer, text) => {
      scenario.cloud.faults.push(({ url }) => (isConnectionData(url.pathname) ? answer() : undefined));
      const result = await scenario.action({
        organization: 'contoso',
        configure: 'git',
        'export-env': 'ADO_TOKEN',
      });
      expect(errorOf(result)).toContain('ORGANIZATION_REFUSED');
      expect(errorOf(result)).toContain(text);
      expect(exportedNothing(result)).toBe(true);
      expect(scenario.cloud.requests).toHaveLength(3);
      expect(scenario.cloud.refused).toEqual([]);
    });

    test('an organization in another tenant: the message says to check that (E7)', async () => {
      scenario.cloud.azureDevOps.addOrganization('fabrikam', [scenario.cloud.application]).tenantId =
        '11111111-2222-3333-4444-555555555555';
      const result = await scenario.action({ organization: 'fabrikam' });
      expect(errorOf(result)).toContain('ORGANIZATION_REFUSED');
      expect(errorOf(result)).toContain('A service principal can only join organizations of its own tenant');
      expect(exportedNothing(result)).toBe(true);
    });

    test('an organization with public projects that answers as Anonymous is not a success', async () => {
      const organization = scenario.cloud.azureDevOps.addOrganization('open-source', []);
      organization.hasPublicProjects = true;
      scenario.cloud.faults.push(({ url, headers }) => {
        if (isConnectionData(url.pathname)) delete headers.authorization;
        return undefined;
      });
      const result = await scenario.action({ organization: 'open-source' });
      expect(errorOf(result)).toContain(
        'IDENTITY_UNEXPECTED: Azure DevOps takes the token for no service principal',
      );
      expect(exportedNothing(result)).toBe(true);
    });

    test("another principal's object ID is refused", async () => {
      const descriptor =
        'Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;11111111-2222-3333-4444-555555555555\\aaaaaaaa-2222-3333-4444-555555555555';
      scenario.cloud.faults.push(({ url }) =>
        isConnectionData(url.pathname) ? json(200, { authenticatedUser: { descriptor } }) : undefined,
      );
      const result = await scenario.action({ organization: 'contoso' });
      expect(errorOf(result)).toContain('takes the token for aaaaaaaa-2222-3333-4444-555555555555');
      expect(exportedNothing(result)).toBe(true);
    });

    test('a display name full of commands does nothing but read strangely (E10)', async () => {
      scenario.cloud.application.displayName = 'x\n::set-output name=a::b ##[add-mask]contoso\u001b[31m';
      scenario.cloud.azureDevOps.organizations
        .get('contoso')
        ?.members.splice(0, 1, scenario.cloud.application);
      const result = await scenario.action({ organization: 'contoso' });
      expect(result.exitCode).toBe(0);
      expect(result.commands.map(({ name }) => name).filter((name) => name !== 'add-mask')).toEqual([]);
      expect(result.log).toContain('contoso');
      expect(result.outputs.get('identity-name')).not.toMatch(/\n/);
    });
  });
});

describe('GitHub Actions, without tenant-id', () => {
  const scenario = useCloud();

  test('the tenant is found from the organization: four requests', async () => {
    const result = await scenario.action({ 'tenant-id': '', organization: 'contoso' });
    expect(result.exitCode).toBe(0);
    expect(scenario.cloud.requests).toHaveLength(4);
    const question = scenario.cloud.requests.find(({ url }) => url.pathname === '/contoso');
    expect(question?.headers.authorization).toBeUndefined();
    expect(question?.headers['x-tfs-fedauthredirect']).toBe('Suppress');
    expect(result.outputs.get('tenant-id')).toBe(scenario.cloud.entra.tenant.tenantId);
  });

  test('an organization backed by Microsoft accounts is refused clearly', async () => {
    scenario.cloud.azureDevOps.addOrganization('hobby', []).tenantId = undefined;
    const result = await scenario.action({ 'tenant-id': '', organization: 'hobby' });
    expect(errorOf(result)).toContain('backed by Microsoft accounts');
    expect(exportedNothing(result)).toBe(true);
  });

  test('an organization that does not exist is named', async () => {
    const result = await scenario.action({ 'tenant-id': '', organization: 'no-such-one' });
    expect(errorOf(result)).toContain(
      'ORGANIZATION_REFUSED: Azure DevOps knows no organization "no-such-one".',
    );
  });

  test('the tenant is taken from the header when the challenge does not name it', async () => {
    const { tenantId } = scenario.cloud.entra.tenant;
    scenario.cloud.faults.push(({ url }) =>
      url.pathname === '/contoso'
        ? { status: 302, headers: { 'x-vss-resourcetenant': `${tenantId},` } }
        : undefined,
    );
    const result = await scenario.action({ 'tenant-id': '', organization: 'contoso' });
    expect(result.exitCode).toBe(0);
  });
});
