// Scenario: a service answers with an error, a page, an odd body or a redirect.
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../local-cloud/cloud.js';
import { html, json, type PlayedResponse } from '../../local-cloud/http.js';
import { errorOf, exportedNothing, useCloud } from '../support/cloud.js';
import { jwt } from '../support/tokens.js';

const scenario = useCloud();
const ID_TOKEN = 'run-actions-1-azure-eastus.actions.githubusercontent.com';
const ENTRA = 'login.microsoftonline.com';
const EVERYTHING = { organization: 'contoso', configure: 'git', 'export-env': 'TOKEN_A' };

const answering =
  (host: string, answer: () => PlayedResponse): Fault =>
  (request) =>
    request.host === host ? answer() : undefined;

async function failsWith(fault: Fault): Promise<string> {
  scenario.cloud.faults.push(fault);
  const result = await scenario.action(EVERYTHING);
  expect(result.exitCode).toBe(1);
  expect(exportedNothing(result)).toBe(true);
  expect(result.stderr).toBe('');
  expect(errorOf(result)).not.toMatch(/Cannot read prop|undefined|\[object|TypeError/);
  return errorOf(result);
}

describe('the ID token service', () => {
  test.each<[string, PlayedResponse, string]>([
    [
      'a redirect (B4, B6)',
      { status: 302, headers: { location: 'https://evil.example/' } },
      'answered 302, a redirect, which is not followed',
    ],
    [
      'a 307 redirect to a played host (B5)',
      { status: 307, headers: { location: 'https://dev.azure.com/contoso' } },
      'answered 307',
    ],
    [
      'a token for another audience (C1)',
      json(200, { value: jwt({ aud: 'api://other' }) }),
      'for audience "api://other"',
    ],
  ])('%s fails at once', async (_, answer, text) => {
    expect(await failsWith(answering(ID_TOKEN, () => answer))).toContain(text);
    expect(scenario.cloud.requests).toHaveLength(1);
    expect(scenario.cloud.refused).toEqual([]);
  });
});

test.each([401, 403, 404])(
  'the ID token service: %i is asked once more, then it fails (B16)',
  async (status) => {
    expect(await failsWith(answering(ID_TOKEN, () => json(status, {})))).toContain(`answered ${status}`);
    expect(scenario.cloud.requests).toHaveLength(2);
  },
);

test('the ID token service: commands in a claim are shown, and do nothing (C11)', async () => {
  const aud = 'x\n::add-mask::a\u001b[31m\u202e##vso[task.setvariable variable=PATH]x##[add-mask]contoso';
  scenario.cloud.faults.push(answering(ID_TOKEN, () => json(200, { value: jwt({ aud }) })));
  const result = await scenario.action();
  expect(result.commands.map(({ name }) => name).filter((name) => name !== 'add-mask')).toEqual(['error']);
  expect(result.commands.filter(({ data }) => data === 'a' || data === 'contoso')).toEqual([]);
  expect(errorOf(result)).toContain(
    '"x : :add-mask: :a [31m # #vso[task.setvariable variable=PATH]x# #[add-mask]contoso"',
  );
});

describe('Entra', () => {
  test.each<[string, PlayedResponse, string]>([
    [
      'a 307 redirect (D16)',
      { status: 307, headers: { location: 'https://dev.azure.com/contoso' } },
      'answered 307, a redirect, which is not followed',
    ],
    ['an HTML page with 403', html(403, 'Blocked by proxy'), 'answered 403 without JSON'],
    [
      'a JSON error without a code',
      json(400, { error: 'invalid_request' }),
      'refused the exchange: invalid_request',
    ],
    [
      'a token of another client (C12)',
      json(200, { token_type: 'Bearer', expires_in: 3599, access_token: jwt({ appid: 'other' }) }),
      'The access token\'s appid is "other"',
    ],
  ])('%s fails at once', async (_, answer, text) => {
    expect(await failsWith(answering(ENTRA, () => answer))).toContain(text);
    expect(scenario.cloud.requests).toHaveLength(2);
    expect(scenario.cloud.refused).toEqual([]);
  });

  test('a token of another tenant fails (C12)', async () => {
    const { clientId } = scenario.cloud.application;
    const access_token = jwt({ appid: clientId, tid: '11111111-2222-3333-4444-555555555555' });
    const fault = answering(ENTRA, () => json(200, { token_type: 'Bearer', expires_in: 3599, access_token }));
    expect(await failsWith(fault)).toContain("The access token's tid is");
  });

  test('an error text with commands in it is shown, and does nothing (D18)', async () => {
    const error_description =
      'AADSTS1: a\r\n::set-output name=x::y\n##[add-mask]contoso ##vso[task.setvariable variable=P]q';
    scenario.cloud.faults.push(
      answering(ENTRA, () => json(400, { error: 'x', error_description, error_codes: [1] })),
    );
    const result = await scenario.action();
    expect(result.commands.map(({ name }) => name).filter((name) => name !== 'add-mask')).toEqual(['error']);
    expect(errorOf(result)).toContain('AADSTS1: a : :set-output');
  });

  test.each([' ', 'eyJ-', 'Trace ID:', '::'])(
    'an error text of 900 kB of %j ends as any other',
    async (unit) => {
      const error_description = unit.repeat(900_000 / unit.length);
      scenario.cloud.faults.push(answering(ENTRA, () => json(400, { error: 'x', error_description })));
      const result = await scenario.action();
      expect(errorOf(result)).toMatch(/^ENTRA_REFUSED: /);
      expect(errorOf(result).length).toBeLessThan(3000);
    },
  );

  test('an error text that echoes the ID token does not print it (D19)', async () => {
    scenario.cloud.faults.push(({ host, body }) => {
      const assertion = new URLSearchParams(body.toString()).get('client_assertion');
      return host === ENTRA
        ? json(400, { error: 'x', error_description: `You sent ${assertion}` })
        : undefined;
    });
    const result = await scenario.action();
    expect(errorOf(result)).toContain('You sent ***');
  });

  test('an opaque token is accepted; object-id is empty, and expected-object-id fails (C12)', async () => {
    const access_token = 'opaque-token-of-safe-characters_0123456789';
    scenario.cloud.faults.push(
      answering(ENTRA, () => json(200, { token_type: 'bearer', expires_in: '3599', access_token })),
    );
    const result = await scenario.action();
    expect(result.outputs.get('token')).toBe(access_token);
    expect(result.outputs.get('object-id')).toBe('');
    expect(result.outputs.get('tenant-id')).toBe(scenario.cloud.entra.tenant.tenantId);
    const expecting = await scenario.action({ 'expected-object-id': scenario.cloud.application.objectId });
    expect(errorOf(expecting)).toContain('not readable from this token');
  });
});

describe('passing faults', () => {
  const once = (fault: Fault): Fault => {
    let done = false;
    return async (request, response) => {
      const answer = done ? undefined : await fault(request, response);
      if (answer !== undefined) done = true;
      return answer;
    };
  };

  test.each<[string, string, Fault]>([
    ['ID token service: 503 (B7)', ID_TOKEN, answering(ID_TOKEN, () => ({ status: 503 }))],
    ['ID token service: an empty 200', ID_TOKEN, answering(ID_TOKEN, () => ({ status: 200 }))],
    ['Entra: an HTML 502 (D9)', ENTRA, answering(ENTRA, () => html(502, 'Bad Gateway'))],
    ['Entra: an empty 200 (D10)', ENTRA, answering(ENTRA, () => ({ status: 200 }))],
    [
      'Entra: a 200 without a token',
      ENTRA,
      answering(ENTRA, () => json(200, { token_type: 'Bearer', expires_in: 3599, access_token: '' })),
    ],
    [
      'Entra: 429 (D7)',
      ENTRA,
      answering(ENTRA, () => json(429, { error: 'temporarily_unavailable' }, { 'retry-after': '1' })),
    ],
    [
      'Entra: a right credential that is refused once (D11)',
      ENTRA,
      answering(ENTRA, () =>
        json(401, { error: 'invalid_client', error_codes: [700213], error_description: 'AADSTS700213: No' }),
      ),
    ],
    ['Azure DevOps: 503 (E4)', 'dev.azure.com', answering('dev.azure.com', () => ({ status: 503 }))],
  ])('%s is tried again, with a line in the log', async (_, host, fault) => {
    scenario.cloud.faults.push(once(fault));
    const result = await scenario.action({ organization: 'contoso' });
    expect(result.exitCode).toBe(0);
    expect(result.log).toMatch(/attempt 1 failed \([a-z-]+\), next in \d+\.\d s\. [A-Z_]+: ./);
    expect(scenario.cloud.requests.filter((request) => request.host === host)).toHaveLength(2);
  });

  test('a connection cut in the middle of the body is noticed and tried again (B9, B13)', async () => {
    scenario.cloud.faults.push(
      once((request, response) => {
        if (request.host !== ID_TOKEN) return undefined;
        response.writeHead(200, { 'content-length': 1000 }).write('{"value":"');
        setTimeout(() => response.destroy(), 50);
        return 'handled';
      }),
    );
    expect((await scenario.action()).exitCode).toBe(0);
  });
});
