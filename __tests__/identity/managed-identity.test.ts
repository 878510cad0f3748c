import { describe, expect, test } from '@jest/globals';
import { managedIdentity } from '../../src/identity/managed-identity.js';
import type { IdentityWishes } from '../../src/identity/source.js';
import { recordingSession } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

// MSAL chooses the endpoint once for each process: that of App Service is a scenario.
const CLIENT = '11111111-2222-3333-4444-555555555555';
const TENANT = 'aaaaaaaa-2222-3333-4444-555555555555';
const OBJECT = 'bbbbbbbb-2222-3333-4444-555555555555';
const TOKEN = jwt({ oid: OBJECT, tid: TENANT, appid: CLIENT, uti: 'u', idtyp: 'app' });
const GOOD = {
  access_token: TOKEN,
  expires_in: '3599',
  expires_on: '1',
  resource: 'r',
  token_type: 'Bearer',
};

function ask(status: number, body: unknown, wishes: IdentityWishes = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const session = recordingSession(() => ({ status, body: text }));
  return { session, token: managedIdentity(wishes).obtain(session) };
}

test('asks the endpoint of a virtual machine, and takes lifetimes that come as text', async () => {
  const { session, token } = ask(200, GOOD);
  expect(await token).toMatchObject({
    holder: 'service principal',
    objectId: OBJECT,
    tenantId: TENANT,
    tokenId: 'u',
  });
  expect((await token).secret.reveal()).toBe(TOKEN);
  expect(((await token).expiresOn.getTime() - session.clock.now()) / 1000).toBeCloseTo(3599, 0);
  expect(session.requests).toMatchObject([
    {
      method: 'GET',
      url: expect.stringMatching(
        /^http:\/\/169\.254\.169\.254\/metadata\/identity\/oauth2\/token\?api-version=2018-02-01&resource=499b84ac-1321-427f-aa17-267ca6975798$/,
      ),
      headers: { Metadata: 'true' },
      isLocal: true,
    },
  ]);
});

test('a user-assigned identity is asked for by its client ID, and must be the one that answers', async () => {
  const { session, token } = ask(200, GOOD, { clientId: CLIENT, tenantId: TENANT });
  await token;
  expect(new URL(session.requests[0]?.url ?? '').searchParams.get('client_id')).toBe(CLIENT);
  for (const other of [{ clientId: OBJECT }, { tenantId: OBJECT }]) {
    await expect(ask(200, GOOD, other).token).rejects.toMatchObject({ code: 'IDENTITY_UNEXPECTED' });
  }
});

test('is asked anew each time', async () => {
  await ask(200, GOOD).token;
  const { session, token } = ask(200, GOOD);
  await token;
  expect(session.requests).toHaveLength(1);
});

test('the token is masked, also when the answer is refused', async () => {
  const masked: string[] = [];
  const session = {
    ...recordingSession(() => ({ status: 500, body: JSON.stringify(GOOD) })),
    mask: async (secrets: readonly { reveal(): string }[]) =>
      void masked.push(...secrets.map((secret) => secret.reveal())),
  };
  await expect(managedIdentity({}).obtain(session)).rejects.toMatchObject({ code: 'ID_TOKEN_UNAVAILABLE' });
  expect(masked).toContain(TOKEN);
});

describe('refusals', () => {
  test.each([
    [undefined, /Assign an identity to this machine.*as `client-id`/],
    [CLIENT, new RegExp(`with the client ID ${CLIENT}.*leave \`client-id\` out`)],
  ])('no such identity, client-id %s', async (clientId, hint) => {
    const body = { error: 'invalid_request', error_description: 'Identity not found' };
    const { session, token } = ask(400, body, { clientId });
    await expect(token).rejects.toMatchObject({
      code: 'ID_TOKEN_UNAVAILABLE',
      message: 'The managed identity endpoint answered 400: Identity not found',
      hint: expect.stringMatching(hint),
    });
    expect(session.requests).toHaveLength(1);
  });

  test.each([404, 410, 429, 500, 503])('%i may pass: asked five times', async (status) => {
    const { session, token } = ask(status, '');
    await expect(token).rejects.toMatchObject({ message: expect.stringContaining(`answered ${status}`) });
    expect(session.requests).toHaveLength(5);
  });

  test.each([
    ['a page', '<html>'],
    ['no token', { ...GOOD, access_token: '' }],
    ['no JSON object', '[]'],
    ['a lifetime of a year', { ...GOOD, expires_in: '31536000' }],
    ['no lifetime', { ...GOOD, expires_in: 'soon', expires_on: 'later' }],
  ])('%s with status 200', async (_, body) => {
    await expect(ask(200, body).token).rejects.toMatchObject({ code: 'ID_TOKEN_UNAVAILABLE' });
  });
});
