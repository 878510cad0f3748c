// Scenario: a job signs in. Outputs, masks, requests, and what a wrong set-up says.
import { describe, expect, test } from '@jest/globals';
import { contacted, errorOf, exportedNothing, PROJECT, useCloud } from '../support/cloud.js';

const scenario = useCloud();

describe('with client and tenant IDs only', () => {
  test('two requests are made, the outputs of the contract are set, nothing else is exported (D22, G4)', async () => {
    const { cloud } = scenario;
    const result = await scenario.action();

    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(cloud.requests.map(({ method, host }) => `${method} ${host}`)).toEqual([
      'GET run-actions-1-azure-eastus.actions.githubusercontent.com',
      'POST login.microsoftonline.com',
    ]);
    expect(cloud.refused).toEqual([]);
    expect(result.environment.size).toBe(0);
    expect([...result.outputs.keys()].sort()).toEqual([
      'expires-in',
      'expires-on',
      'identity-name',
      'object-id',
      'tenant-id',
      'token',
      'token-id',
    ]);
    expect(result.outputs.get('tenant-id')).toBe(cloud.entra.tenant.tenantId);
    expect(result.outputs.get('object-id')).toBe(cloud.application.objectId);
    expect(result.outputs.get('identity-name')).toBe('');
    expect(result.outputs.get('token-id')).not.toBe('');
    expect(result.outputs.get('expires-on')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Number(result.outputs.get('expires-in'))).toBeGreaterThan(3500);
    expect(await cloud.entra.acceptForAzureDevOps(result.outputs.get('token') ?? '')).toBeDefined();
    expect(result.summary).toBe('');
  });

  test('the request to Entra is a client credentials grant with the ID token as assertion, and no more (D1)', async () => {
    await scenario.action();
    const request = scenario.cloud.requests.find(({ host }) => host === 'login.microsoftonline.com');
    const form = new URLSearchParams(request?.body.toString());
    expect(Object.fromEntries(form)).toMatchObject({
      client_id: scenario.cloud.application.clientId,
      scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    for (const name of ['resource', 'client_secret', 'subject_token', 'requested_token_type']) {
      expect(form.has(name)).toBe(false);
    }
    expect(request?.url.search).not.toContain(form.get('client_assertion'));
  });

  test('every form of both tokens is masked, and nothing else; no token is printed in clear', async () => {
    const result = await scenario.action();
    const token = result.outputs.get('token') ?? '';
    const idToken =
      new URLSearchParams(scenario.cloud.requests[1]?.body.toString()).get('client_assertion') ?? '';
    const masks = result.commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data);
    expect(masks.slice(0, 6)).toEqual([
      idToken,
      idToken.split('.')[2],
      token,
      token.split('.')[2],
      Buffer.from(`patless:${token}`).toString('base64'),
      Buffer.from(`:${token}`).toString('base64'),
    ]);
    expect(masks).toHaveLength(9);
    for (const before of ['', 'x', 'xx']) {
      const encoded = Buffer.from(`${before}${token}`).toString('base64');
      expect(masks.slice(6).some((form) => encoded.includes(form))).toBe(true);
    }
    expect(result.log).not.toContain(token);
    expect(result.stdout.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/eyJ/);
  });

  test('only secrets are masked: IDs, names and times stay usable as job outputs (F19)', async () => {
    const job = await scenario.job();
    const result = await job.action(PROJECT, scenario.inputs({ organization: 'contoso' }));
    for (const [name, value] of result.outputs)
      expect([name, job.masker.hides(value)]).toEqual([name, name === 'token']);
  });
});

describe('an audience with characters of a query (A7)', () => {
  test('reaches the ID token service as one parameter', async () => {
    const audience = 'api://x?a=b&serviceConnectionId=c#d';
    for (const credential of scenario.cloud.application.federatedCredentials) credential.audience = audience;
    const result = await scenario.action({ audience });
    expect(result.exitCode).toBe(0);
    expect(scenario.cloud.requests[0]?.url.searchParams.getAll('audience')).toEqual([audience]);
  });
});

describe('a tenant given as a verified domain', () => {
  test('works, and the tenant ID is still an output', async () => {
    const result = await scenario.action({ 'tenant-id': 'contoso.onmicrosoft.com' });
    expect(result.outputs.get('tenant-id')).toBe(scenario.cloud.entra.tenant.tenantId);
  });
});

describe('no ID token', () => {
  const without = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };

  test('says that the permission is missing, and asks nobody (B1)', async () => {
    const result = await scenario.action({}, { environment: without });
    expect(errorOf(result)).toBe(
      'ID_TOKEN_UNAVAILABLE: No ID token for this job: ACTIONS_ID_TOKEN_REQUEST_URL and ' +
        'ACTIONS_ID_TOKEN_REQUEST_TOKEN not set.\n' +
        'What to do: Give the job `permissions: id-token: write` (and `contents: read` for checkout, since naming one ' +
        'permission takes the others away). When this is a reusable workflow, the calling job must grant it too.',
    );
    expect(result.exitCode).toBe(1);
    expect(contacted(scenario.cloud)).toEqual([]);
  });

  test('names the one variable that is missing (B2)', async () => {
    const result = await scenario.action({}, { environment: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' } });
    expect(errorOf(result)).toContain('No ID token for this job: ACTIONS_ID_TOKEN_REQUEST_TOKEN not set.');
  });

  test('names Dependabot', async () => {
    const result = await scenario.action(
      {},
      { environment: { ...without, GITHUB_ACTOR: 'dependabot[bot]' } },
    );
    expect(errorOf(result)).toContain('What to do: Dependabot set this off');
  });

  test('names the fork, though the workflow asks for the permission', async () => {
    const pull_request = { head: { repo: { id: 2 } } };
    const event = { name: 'pull_request', payload: { pull_request, repository: { id: 1 } } };
    const result = await scenario.action({}, { environment: without, event });
    expect(errorOf(result)).toContain('What to do: A pull request from a fork set this off');
  });

  test('says when this is no CI job', async () => {
    const result = await scenario.action({}, { environment: { ...without, GITHUB_ACTIONS: '' } });
    expect(errorOf(result)).toContain('does not look like a GitHub Actions job');
  });
});

describe('Entra refuses', () => {
  test('a subject without a credential: the message shows what was presented (D12, D24)', async () => {
    scenario.cloud.github.job.subject = 'repo:contoso@61234567/widgets@812345678:environment:prod';
    const result = await scenario.action();
    const message = errorOf(result);
    expect(message).toMatch(
      /^ENTRA_REFUSED: AADSTS700213: No federated credential of this application has the subject/,
    );
    expect(message).toContain('presented subject: repo:contoso@61234567/widgets@812345678:environment:prod');
    expect(message).toContain('presented issuer: https://token.actions.githubusercontent.com');
    expect(message).toContain('presented audience: api://AzureADTokenExchange');
    expect(message).toMatch(/^Trace ID: [0-9a-f-]{36}$/m);
    expect(message).toMatch(/^Correlation ID: [0-9a-f-]{36}$/m);
    expect(exportedNothing(result)).toBe(true);
    expect(result.exitCode).toBe(1);
    expect(result.summary).toContain('### patless failed: ENTRA_REFUSED');
  });

  test.each([
    ['an unknown application', { 'client-id': '11111111-2222-3333-4444-555555555555' }, 'AADSTS700016'],
    ['an unknown tenant', { 'tenant-id': '11111111-2222-3333-4444-555555555555' }, 'AADSTS90002'],
    ['a wrong audience', { audience: 'api://other' }, 'AADSTS700212'],
  ])('%s fails at once, with one error and nothing exported (D13)', async (_, inputs, code) => {
    const result = await scenario.action(inputs);
    expect(errorOf(result)).toContain(code);
    expect(exportedNothing(result)).toBe(true);
    expect(scenario.cloud.requests).toHaveLength(2);
  });
});

describe('the identity is not the expected one (C13)', () => {
  test('the run fails and exports nothing', async () => {
    const result = await scenario.action({ 'expected-object-id': '11111111-2222-3333-4444-555555555555' });
    expect(errorOf(result)).toContain('IDENTITY_UNEXPECTED');
    expect(errorOf(result)).toContain(scenario.cloud.application.objectId);
    expect(exportedNothing(result)).toBe(true);
  });

  test('the right object ID passes, in any letter case', async () => {
    const result = await scenario.action({
      'expected-object-id': scenario.cloud.application.objectId.toUpperCase(),
    });
    expect(result.exitCode).toBe(0);
  });
});
