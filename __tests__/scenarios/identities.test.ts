// Scenario: identities that are not GitHub's own OIDC: a file, a managed identity, the Azure CLI's sign-in.
import { randomUUID } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { issuerOf, type User } from '../../local-cloud/entra.js';
import { type ManagedIdentities, startManagedIdentities } from '../../local-cloud/managed-identity.js';
import { installAzureCli, type SignIn } from '../../local-cloud/signed-in-azure-cli.js';
import { AZURE_CLI, testWith } from '../support/clients.js';
import { contacted, errorOf, exportedNothing, PROJECT, useCloud } from '../support/cloud.js';

const AUDIENCE = 'api://AzureADTokenExchange';
const MACHINE = '11111111-aaaa-3333-4444-555555555555';
const CONNECTION_DATA = 'GET dev.azure.com/contoso/_apis/connectionData';
const scenario = useCloud();

/** No ID token of GitHub's: the identity is another one. */
const ELSEWHERE = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };

describe('token-file', () => {
  const inputs = (more = {}) => scenario.inputs({ identity: 'token-file', organization: 'contoso', ...more });

  test('the ID token of the file that AZURE_FEDERATED_TOKEN_FILE names, by the links of a volume', async () => {
    const job = await scenario.job({ environment: ELSEWHERE });
    const volume = join(job.root, 'volume');
    mkdirSync(join(volume, '..2026'), { recursive: true });
    writeFileSync(join(volume, '..2026', 'token'), await scenario.cloud.github.newIdToken(AUDIENCE));
    symlinkSync('..2026', join(volume, '..data'));
    symlinkSync(join('..data', 'token'), join(volume, 'token'));
    const given = await job.action(PROJECT, inputs({ 'token-file': join(volume, 'token') }));
    expect([given.exitCode, given.log]).toEqual([0, expect.stringContaining('which knows this identity')]);
    expect(given.outputs.get('object-id')).toBe(scenario.cloud.application.objectId);
    expect(contacted(scenario.cloud)).not.toContainEqual(expect.stringContaining('actions'));
  });

  test('it is read again when Entra finds the token stale', async () => {
    const job = await scenario.job({ environment: ELSEWHERE });
    const file = join(job.root, 'token');
    const now = Math.floor(Date.now() / 1000);
    const fresh = await scenario.cloud.github.newIdToken(AUDIENCE);
    const stale = await scenario.cloud.github.newIdToken(AUDIENCE);
    writeFileSync(file, stale);
    let refused = 0;
    scenario.cloud.faults.push(({ url, body }) => {
      if (!url.pathname.endsWith('/token') || !body.toString().includes(stale)) return undefined;
      refused++;
      writeFileSync(file, fresh);
      return {
        status: 401,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          error: 'invalid_client',
          error_description: `AADSTS700024: Client assertion is not within its valid time range. ${now}`,
          error_codes: [700024],
        }),
      };
    });
    const result = await job.action(PROJECT, inputs({ 'token-file': file }));
    expect([result.exitCode, refused]).toEqual([0, 1]);
  });

  test('nothing there: one error, nobody is asked but for the tenant, nothing is exported', async () => {
    const job = await scenario.job({ environment: ELSEWHERE });
    const result = await job.action(PROJECT, inputs({ 'token-file': '/nowhere/token' }));
    expect(errorOf(result)).toContain('ID_TOKEN_UNAVAILABLE: The file /nowhere/token is not there.');
    expect(exportedNothing(result)).toBe(true);
  });
});

describe('managed-identity', () => {
  const inputs = (more = {}) => ({ identity: 'managed-identity', organization: 'contoso', ...more });
  let endpoints: ManagedIdentities;
  beforeEach(async () => {
    endpoints = await startManagedIdentities(scenario.cloud.entra, [scenario.cloud.application]);
  });
  afterEach(() => endpoints.stop());
  const sourcesOfEnvironment = {
    'a virtual machine': () => endpoints.machineEnvironment(),
    'App Service': () => endpoints.appServiceEnvironment(),
  };

  test.each(Object.entries(sourcesOfEnvironment))(
    'of %s: no exchange, no proxy, a verified token',
    async (_, environment) => {
      const job = await scenario.job({ environment: { ...ELSEWHERE, ...environment() } });
      const result = await job.action(PROJECT, inputs({ 'export-env': 'ADO_TOKEN' }));
      expect([result.exitCode, result.stderr]).toEqual([0, '']);
      expect(result.outputs.get('object-id')).toBe(scenario.cloud.application.objectId);
      expect(contacted(scenario.cloud)).toEqual([CONNECTION_DATA]);
      expect(scenario.cloud.refused).toEqual([]);
      expect(job.masker.hides(result.environment.get('ADO_TOKEN') ?? '')).toBe(true);
      expect(result.log).not.toContain(result.environment.get('ADO_TOKEN'));
    },
  );

  test('user-assigned, by its client ID; an endpoint that is being updated is asked again', async () => {
    endpoints.answers.push({ status: 410 }, { status: 429 });
    const job = await scenario.job({ environment: { ...ELSEWHERE, ...endpoints.machineEnvironment() } });
    const { clientId } = scenario.cloud.application;
    const result = await job.action(PROJECT, inputs({ 'client-id': clientId }));
    expect(result.exitCode).toBe(0);
    expect(endpoints.requests.map(({ searchParams }) => searchParams.get('client_id'))).toEqual(
      Array(3).fill(clientId),
    );
  });

  test('as what an application trusts: its token is exchanged for the application’s', async () => {
    const { application, entra } = scenario.cloud;
    const machine = { ...application, clientId: MACHINE, objectId: randomUUID(), federatedCredentials: [] };
    await endpoints.stop();
    endpoints = await startManagedIdentities(entra, [application, machine]);
    const trust = { issuer: issuerOf(entra.tenant), subject: machine.objectId, audience: AUDIENCE };
    application.federatedCredentials.push({ name: 'machine', ...trust });
    const job = await scenario.job({ environment: { ...ELSEWHERE, ...endpoints.machineEnvironment() } });
    const given = scenario.inputs({
      ...{ identity: 'managed-identity', 'managed-identity-client-id': MACHINE, organization: 'contoso' },
      configure: 'cli',
    });
    const result = await job.action(PROJECT, given);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(result.outputs.get('object-id')).toBe(application.objectId);
    expect(endpoints.requests.map(({ searchParams }) => searchParams.get('client_id'))).toEqual([MACHINE]);

    const later = await job.shell('patless token --min-validity 3600');
    expect([later.exitCode, endpoints.requests.length]).toEqual([0, 2]);

    application.federatedCredentials.pop();
    const refused = await (
      await scenario.job({ environment: { ...ELSEWHERE, ...endpoints.machineEnvironment() } })
    ).action(PROJECT, given);
    expect(errorOf(refused)).toMatch(/AADSTS700213/);
  });

  test('that is not assigned', async () => {
    const job = await scenario.job({ environment: { ...ELSEWHERE, ...endpoints.machineEnvironment() } });
    const other = '11111111-2222-3333-4444-555555555555';
    const result = await job.action(PROJECT, inputs({ 'client-id': other }));
    expect(errorOf(result)).toContain(
      'ID_TOKEN_UNAVAILABLE: The managed identity endpoint answered 400: Identity not found',
    );
    expect(exportedNothing(result)).toBe(true);
  });

  test.each([
    { IDENTITY_ENDPOINT: 'http://example.com/msi/token', IDENTITY_HEADER: 'x' },
    { IDENTITY_ENDPOINT: 'http://127.0.0.1.example.com/msi/token', IDENTITY_HEADER: 'x' },
    { IDENTITY_ENDPOINT: 'http://10.0.0.1/msi/token', IDENTITY_HEADER: 'x' },
    { IDENTITY_ENDPOINT: 'https://localhost/msi/token', IDENTITY_HEADER: 'x' },
    { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://dev.azure.com' },
  ])('an endpoint elsewhere is not asked: %j', async (environment) => {
    const job = await scenario.job({ environment: { ...ELSEWHERE, ...environment } });
    const result = await job.action(PROJECT, inputs());
    expect(errorOf(result)).toContain('ID_TOKEN_UNAVAILABLE: No managed identity');
    expect(errorOf(result)).toContain('Refused to call http');
    expect(scenario.cloud.requests).toEqual([]);
    expect(scenario.cloud.refused).toEqual([]);
  });
});

describe('azure-cli', () => {
  const inputs = (more = {}) => ({ identity: 'azure-cli', organization: 'contoso', ...more });

  async function jobWith(signIn: SignIn | undefined) {
    const job = await scenario.job({ environment: ELSEWHERE });
    installAzureCli(job.root, signIn);
    await job.shell(`echo "${job.root}" >> "$GITHUB_PATH"`);
    return job;
  }

  test('a service principal', async () => {
    const { entra, application } = scenario.cloud;
    const { tenantId } = entra.tenant;
    const job = await jobWith({ tenantId, accessToken: await entra.newAccessToken(application) });
    const result = await job.action(PROJECT, inputs({ 'tenant-id': tenantId }));
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(result.outputs.get('object-id')).toBe(application.objectId);
    expect(contacted(scenario.cloud)).toEqual([CONNECTION_DATA]);
    expect(job.masker.hides(result.outputs.get('token') ?? '')).toBe(true);
  });

  describe('a user', () => {
    const user: User = {
      objectId: '99999999-2222-3333-4444-555555555555',
      userName: 'ada@contoso.onmicrosoft.com',
      displayName: 'Ada',
    };
    const signIn = async () => ({
      tenantId: scenario.cloud.entra.tenant.tenantId,
      accessToken: await scenario.cloud.entra.newAccessToken(user),
    });

    test('of the organization, whose descriptor has no object ID', async () => {
      scenario.cloud.azureDevOps.organizations.get('contoso')?.members.push(user);
      const job = await jobWith(await signIn());
      const result = await job.action(PROJECT, inputs({ 'expected-object-id': user.objectId }));
      expect([result.exitCode, result.log]).toEqual([
        0,
        expect.stringContaining(`"Ada", object ID ${user.objectId}`),
      ]);
    });

    test('who is a stranger there, also where strangers may read', async () => {
      const job = await jobWith(await signIn());
      expect(errorOf(await job.action(PROJECT, inputs()))).toContain(
        'Let who runs the organization add this user',
      );
      const organization = scenario.cloud.azureDevOps.organizations.get('contoso');
      if (organization) organization.hasPublicProjects = true;
      scenario.cloud.faults.push((request) => {
        delete request.headers.authorization;
        return undefined;
      });
      expect(errorOf(await job.action(PROJECT, inputs()))).toContain(
        'IDENTITY_UNEXPECTED: Azure DevOps takes the token for no user of a tenant',
      );
    });
  });

  test('not signed in; another tenant', async () => {
    const { entra, application } = scenario.cloud;
    const signedOut = await jobWith(undefined);
    expect(errorOf(await signedOut.action(PROJECT, inputs()))).toContain(
      'Nobody is signed in to the Azure CLI',
    );
    const { tenantId } = entra.tenant;
    const job = await jobWith({ tenantId, accessToken: await entra.newAccessToken(application) });
    const other = '11111111-2222-3333-4444-555555555555';
    const result = await job.action(PROJECT, inputs({ 'tenant-id': other }));
    expect(errorOf(result)).toContain(`not in the tenant ${other}`);
    expect(exportedNothing(result)).toBe(true);
  });

  testWith(
    AZURE_CLI,
    'the real az: signed out, signed in, and asked for a tenant that there is not',
    async () => {
      const { cloud } = scenario;
      const job = await scenario.job({
        environment: { ...ELSEWHERE, AZURE_CORE_COLLECT_TELEMETRY: 'false' },
      });
      expect(errorOf(await job.action(PROJECT, inputs()))).toContain('Nobody is signed in to the Azure CLI');
      const login = await job.shell(
        'az login --service-principal --username "$CLIENT" --tenant "$TENANT" --federated-token "$ID_TOKEN" --allow-no-subscriptions --output none',
        {
          CLIENT: cloud.application.clientId,
          TENANT: cloud.entra.tenant.tenantId,
          ID_TOKEN: await cloud.github.newIdToken(AUDIENCE),
        },
      );
      expect(login.exitCode).toBe(0);
      const result = await job.action(PROJECT, inputs());
      expect([result.exitCode, result.stderr]).toEqual([0, '']);
      expect(result.outputs.get('object-id')).toBe(cloud.application.objectId);
      const other = '11111111-2222-3333-4444-555555555555';
      const refused = await job.action(PROJECT, inputs({ 'tenant-id': other }));
      expect(errorOf(refused)).toContain('ID_TOKEN_UNAVAILABLE');
      expect(errorOf(refused)).toContain(other);
    },
  );
});

test('inputs that the identity does not use are mistakes, and no client is asked of those who have none', async () => {
  const clientId = scenario.cloud.application.clientId;
  const job = await scenario.job({ environment: ELSEWHERE });
  const result = await job.action(PROJECT, {
    identity: 'azure-cli',
    'client-id': clientId,
    'token-file': '/token',
  });
  expect(errorOf(result)).toBe(
    [
      'INPUT_INVALID: 2 mistakes in the inputs:',
      '- `token-file` is used with `identity: token-file` only: leave it out, or set `identity`.',
      '- `client-id` is not used with `identity: azure-cli`, whose sign-in has decided who it is: leave it out.',
      'What to do: Correct the `with:` block of this step; nothing was contacted.',
    ].join('\n'),
  );
  const without = await job.action(PROJECT, { identity: 'token-file', organization: 'contoso' });
  expect(errorOf(without)).toContain('`client-id` is required');
});
