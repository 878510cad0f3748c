import { describe, expect, test } from '@jest/globals';
import { exchange } from '../../src/entra/exchange.js';
import { Secret } from '../../src/secret.js';
import { recordingSession } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

const CLIENT = {
  clientId: '11111111-2222-3333-4444-555555555555',
  tenantId: 'aaaaaaaa-2222-3333-4444-555555555555',
};
const OBJECT_ID = 'bbbbbbbb-2222-3333-4444-555555555555';
const ASSERTION = { token: new Secret('id-token'), claims: { iss: 'i', sub: 's', aud: 'a' } };
const GOOD = { token_type: 'Bearer', expires_in: 3599, access_token: 'opaque-token-of-some-length' };

function answered(status: number, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const session = recordingSession(() => ({ status, body: text }));
  return { session, token: exchange(CLIENT, ASSERTION, session) };
}

describe('a good answer', () => {
  test('gives the token, when it ends, and whose it is (D6)', async () => {
    const access_token = jwt({
      appid: CLIENT.clientId.toUpperCase(),
      tid: CLIENT.tenantId,
      oid: OBJECT_ID.toUpperCase(),
      uti: 'Uti-1',
    });
    const { session, token } = answered(200, { ...GOOD, access_token, unknown: { a: 1 } });
    expect(await token).toMatchObject({ tenantId: CLIENT.tenantId, objectId: OBJECT_ID, tokenId: 'Uti-1' });
    expect((await token).expiresOn.getTime()).toBe(session.clock.now() + 3_599_000);
    expect(session.requests).toHaveLength(1);
    expect(session.requests[0]?.url).toMatch(
      new RegExp(`^https://login.microsoftonline.com/${CLIENT.tenantId}/oauth2/v2.0/token`),
    );
  });

  test('is masked before it is looked at', async () => {
    const protectedForms: string[] = [];
    const session = recordingSession(() => ({ body: JSON.stringify({ ...GOOD, token_type: 'mac' }) }));
    const careful = {
      ...session,
      mask: async (secrets: readonly Secret[]) => void protectedForms.push(...secrets.map((s) => s.reveal())),
    };
    await expect(exchange(CLIENT, ASSERTION, careful)).rejects.toMatchObject({
      code: 'ENTRA_ANSWER_UNUSABLE',
    });
    expect(protectedForms).toContain('opaque-token-of-some-length');
  });

  test.each([['bearer'], ['BEARER']])('token type %s is Bearer', async (token_type) => {
    expect((await answered(200, { ...GOOD, token_type }).token).secret.reveal()).toBe(
      'opaque-token-of-some-length',
    );
  });
});

describe('a 200 that cannot be used (D2, D3, D4, G1)', () => {
  test.each<[string, object]>([
    ['an empty token', { access_token: '' }],
    ['a token shorter than any mask', { access_token: 'abc' }],
    ['a token that is longer than a variable can be', { access_token: 'a'.repeat(200_000) }],
    ['a list of lifetimes', { expires_in: ['3599'] }],
    ['less than a second', { expires_in: 0.5 }],
    ['a token that is a number', { access_token: 42 }],
    ['no token', { access_token: undefined }],
    ['a token with a line break', { access_token: 'a\nb' }],
    ['a token with a carriage return', { access_token: 'a\rb' }],
    ['a token with a space', { access_token: 'a b' }],
    ['a token with a percent sign', { access_token: 'a%0Ab' }],
    ['token type mac', { token_type: 'mac' }],
    ['no token type', { token_type: undefined }],
    ['no lifetime', { expires_in: undefined }],
    ['a lifetime of 0', { expires_in: 0 }],
    ['a negative lifetime', { expires_in: -1 }],
    ['a lifetime of ages', { expires_in: 1e12 }],
    ['a lifetime that is no number', { expires_in: 'soon' }],
  ])('%s', async (_, change) => {
    await expect(answered(200, { ...GOOD, ...change }).token).rejects.toMatchObject({
      code: 'ENTRA_ANSWER_UNUSABLE',
      retry: { class: 'transient' },
    });
  });

  test.each(['', 'null', '[]', '<html>'])('the body %j', async (body) => {
    await expect(answered(200, body).token).rejects.toMatchObject({
      code: 'ENTRA_ANSWER_UNUSABLE',
      retry: { class: 'transient' },
    });
  });
});

describe('an error (D20)', () => {
  const refusal = (code: number, error = 'invalid_client') => ({
    error,
    error_codes: [code],
    error_description: `AADSTS${code}: No. Trace ID: x`,
  });

  test.each<[number, unknown, unknown]>([
    [401, refusal(700211), undefined],
    [401, refusal(700212), undefined],
    [401, refusal(7002138), undefined],
    [401, refusal(700213), { class: 'propagation' }],
    [400, refusal(70021, 'invalid_request'), { class: 'propagation' }],
    [401, refusal(70025), { class: 'propagation' }],
    [401, refusal(700024), { class: 'stale-assertion' }],
    [400, refusal(700016, 'unauthorized_client'), { class: 'new-setup' }],
    [400, refusal(53003, 'invalid_grant'), undefined],
    [429, refusal(90055, 'temporarily_unavailable'), { class: 'transient' }],
    [400, refusal(90033, 'temporarily_unavailable'), { class: 'transient' }],
    [400, refusal(50166), { class: 'transient' }],
    [503, refusal(90006, 'server_error'), { class: 'transient' }],
  ])('%i %j: retry %j', async (status, body, retry) => {
    await expect(answered(status, body).token).rejects.toMatchObject({ code: 'ENTRA_REFUSED', retry });
  });

  test('of the wire below MSAL comes out as it was', async () => {
    const failure = new Error('the real reason');
    const session = { ...recordingSession(), send: () => Promise.reject(failure) };
    await expect(exchange(CLIENT, ASSERTION, session)).rejects.toBe(failure);
  });

  test('with members of odd types is still one clear error', async () => {
    const body = { error: ['x'], error_description: { a: 1 }, error_codes: '700213', trace_id: 5 };
    await expect(answered(400, body).token).rejects.toMatchObject({
      code: 'ENTRA_REFUSED',
      message: expect.stringContaining('no reason'),
    });
  });
});

test('claims that are no IDs do not become outputs', async () => {
  const access_token = jwt({ appid: CLIENT.clientId, tid: CLIENT.tenantId, oid: '##vso[x]`id`', uti: 'a b' });
  expect(await answered(200, { ...GOOD, access_token }).token).toMatchObject({ objectId: '', tokenId: '' });
});

test('every call asks again: no cache of MSAL stands between two attempts (D7)', async () => {
  const session = recordingSession(() =>
    session.requests.length === 1 ? { status: 429, body: '{}' } : { body: JSON.stringify(GOOD) },
  );
  await expect(exchange(CLIENT, ASSERTION, session)).rejects.toMatchObject({ retry: { class: 'transient' } });
  expect((await exchange(CLIENT, ASSERTION, session)).secret.reveal()).toBe('opaque-token-of-some-length');
  expect(session.requests).toHaveLength(2);
});
