import { describe, expect, test } from '@jest/globals';
import { azurePipelinesOidc } from '../../src/identity/azure-pipelines-oidc.js';
import { recordingSession } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

const CONNECTION = '0a1b2c3d-1111-2222-3333-444455556666';
const ID_TOKEN = jwt({ sub: '/eid1/c/pub/t/x', aud: 'fb60f99c-7a34-4190-8149-302f77469936' });
const ENVIRONMENT = {
  INPUT_AZUREDEVOPSSERVICECONNECTION: CONNECTION,
  [`ENDPOINT_AUTH_SCHEME_${CONNECTION}`]: 'WorkloadIdentityFederation',
  [`ENDPOINT_AUTH_PARAMETER_${CONNECTION}_SERVICEPRINCIPALID`]: '11111111-2222-3333-4444-555555555555',
  [`ENDPOINT_AUTH_PARAMETER_${CONNECTION}_TENANTID`]: '66666666-7777-8888-9999-000000000000',
  ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'the-bearer',
  SYSTEM_OIDCREQUESTURI:
    'https://dev.azure.com/contoso/p/_apis/distributedtask/hubs/build/plans/a/jobs/b/oidctoken',
};
const LATE_BOUND = `ENDPOINT_AUTH_PARAMETER_${CONNECTION}_IDTOKEN`;

function obtain(environment: Record<string, string>, status = 200, body = '', headers = {}) {
  const session = recordingSession(() => ({ status, body, headers }));
  return { session, assertion: azurePipelinesOidc(environment).obtain('ignored', session) };
}

test('asks for the connection by POST, without a redirect to the sign-in page (B18)', async () => {
  const { session, assertion } = obtain(ENVIRONMENT, 200, JSON.stringify({ oidcToken: ID_TOKEN }));
  expect((await assertion).token.reveal()).toBe(ID_TOKEN);
  expect(session.requests).toEqual([
    expect.objectContaining({
      method: 'POST',
      url: `${ENVIRONMENT.SYSTEM_OIDCREQUESTURI}?api-version=7.1&serviceConnectionId=${CONNECTION}`,
      headers: expect.objectContaining({
        authorization: 'Bearer the-bearer',
        'x-tfs-fedauthredirect': 'Suppress',
      }),
    }),
  ]);
});

describe('an ID token that came with the job', () => {
  test('is used without a request; the next one is asked for', async () => {
    const other = jwt({ sub: 'from the service' });
    const session = recordingSession(() => ({ body: JSON.stringify({ oidcToken: other }) }));
    const source = azurePipelinesOidc({ ...ENVIRONMENT, [LATE_BOUND]: ID_TOKEN });
    expect((await source.obtain('', session)).token.reveal()).toBe(ID_TOKEN);
    expect(session.requests).toEqual([]);
    expect((await source.obtain('', session)).token.reveal()).toBe(other);
  });

  test('that is no JWT is passed over', async () => {
    const body = JSON.stringify({ oidcToken: ID_TOKEN });
    const { session, assertion } = obtain({ ...ENVIRONMENT, [LATE_BOUND]: '$(idToken)' }, 200, body);
    expect((await assertion).token.reveal()).toBe(ID_TOKEN);
    expect(session.requests).toHaveLength(1);
  });
});

describe('each refusal has a reason and a cure of its own', () => {
  const noReference = JSON.stringify({
    count: 1,
    value: `There is no explicit reference to service connection ${CONNECTION} from current stage Build.Job.__default.`,
  });
  const problem = (message: string) => JSON.stringify({ $id: '1', message, typeKey: 'X', errorCode: 0 });

  test.each([
    ...[200, 400].map((status): [string, number, string, string, string] => [
      'not in this stage',
      status,
      noReference,
      'no task or resource of this stage names',
      'Since 2026-03-11',
    ]),
    [
      'not allowed, or not there',
      404,
      problem('not found'),
      'may not use the service connection',
      CONNECTION,
    ],
    ['a bearer that is not accepted', 401, '', "did not accept the job's System.AccessToken", 'run it again'],
    ['a sign-in page (B17)', 203, '<html>Sign In</html>', "did not accept the job's System.AccessToken", ''],
    ['a redirect to it (B17)', 302, '<html>', "did not accept the job's System.AccessToken", ''],
    ['a changed method', 405, '', 'the request arrived changed', 'proxy'],
    ['something else', 418, '', 'no ID token.', 'status.dev.azure.com'],
    ['a page in place of the answer', 200, '<html>', 'no ID token.', 'proxy'],
  ])('%s', async (_, status, body, happened, cure) => {
    const { assertion } = obtain(ENVIRONMENT, status, body, { activityid: 'an-activity' });
    await expect(assertion).rejects.toMatchObject({
      code: 'ID_TOKEN_REFUSED',
      message: expect.stringContaining(`dev.azure.com answered ${status}: `),
      facts: [`service connection: ${CONNECTION}`],
      references: expect.arrayContaining(['Activity ID: an-activity']),
      retry: undefined,
    });
    await expect(assertion).rejects.toMatchObject({
      message: expect.stringContaining(happened),
      hint: expect.stringContaining(cure),
    });
  });

  test('a System.AccessToken that is over', async () => {
    const bearer = jwt({ exp: 1_700_000_000 });
    const environment = { ...ENVIRONMENT, ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: bearer };
    await expect(obtain(environment, 401).assertion).rejects.toMatchObject({
      message: expect.stringContaining('has expired, at 2023-11-14T22:13:20.000Z'),
      hint: expect.stringContaining('timeoutInMinutes'),
    });
  });

  test('an answer without a token may be asked for again', async () => {
    await expect(obtain(ENVIRONMENT, 200, '{}').assertion).rejects.toMatchObject({
      code: 'ID_TOKEN_REFUSED',
      message: 'The answer of dev.azure.com holds no ID token.',
      retry: { class: 'transient' },
    });
  });

  test('the bearer is in no message', async () => {
    const error = await obtain(ENVIRONMENT, 401, 'the-bearer').assertion.catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain('the-bearer');
  });
});

describe('nobody is asked', () => {
  test.each([
    ['without the address', { SYSTEM_OIDCREQUESTURI: '' }, 'SYSTEM_OIDCREQUESTURI not given'],
    [
      'without a bearer',
      { ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: '' },
      'System.AccessToken not given',
    ],
    ['without a connection', { INPUT_AZUREDEVOPSSERVICECONNECTION: '' }, 'a service connection not given'],
    ...[
      'nonsense',
      'http://dev.azure.com/contoso',
      'https://evil.example/',
      'https://dev.azure.com.evil.example/',
      'https://dev.azure.com@evil.example/',
      'https://evil.example/visualstudio.com',
      'https://dev.azure.com:444/',
    ].map((url): [string, Record<string, string>, string] => [
      `at ${url}, where a variable of the pipeline may point`,
      { SYSTEM_OIDCREQUESTURI: url },
      'does not name a host of Azure DevOps',
    ]),
  ])('%s', async (_, change, message) => {
    const { session, assertion } = obtain({ ...ENVIRONMENT, ...change });
    await expect(assertion).rejects.toMatchObject({
      code: 'ID_TOKEN_UNAVAILABLE',
      message: expect.stringContaining(message),
    });
    expect(session.requests).toEqual([]);
  });

  test.each(['https://contoso.visualstudio.com/p/oidctoken', 'https://dev.azure.com:443/contoso/oidctoken'])(
    '%s is asked, on the other hand',
    async (url) => {
      const body = JSON.stringify({ oidcToken: ID_TOKEN });
      const { session, assertion } = obtain({ ...ENVIRONMENT, SYSTEM_OIDCREQUESTURI: url }, 200, body);
      await assertion;
      expect(session.requests).toHaveLength(1);
    },
  );
});
