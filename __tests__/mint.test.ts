import { expect, test } from '@jest/globals';
import { PatlessError } from '../src/errors.js';
import type { AssertionSource } from '../src/identity/source.js';
import { mint } from '../src/mint.js';
import { Secret } from '../src/secret.js';
import { recordingSession } from './support/recording.js';

const CLIENT = { clientId: '11111111-2222-3333-4444-555555555555', tenantId: 'contoso.com' };
const GRANTED = JSON.stringify({
  token_type: 'Bearer',
  expires_in: 3599,
  access_token: 'opaque-access-token-1',
});

/** Hands out id-token-1, id-token-2, … each valid for the given time. */
function sourceOf(lifeSeconds: number, now: () => number): AssertionSource {
  let count = 0;
  return {
    kind: 'assertion',
    async obtain() {
      count++;
      return { token: new Secret(`id-token-${count}`), claims: { exp: now() / 1000 + lifeSeconds } };
    },
  };
}

const assertionsIn = (session: ReturnType<typeof recordingSession>) =>
  session.requests.map(({ body }) => new URLSearchParams(body).get('client_assertion'));

test('an ID token that still lives is used again for the next attempt', async () => {
  const session = recordingSession(() =>
    session.requests.length < 3 ? { status: 503, body: '{}' } : { body: GRANTED },
  );
  const { token } = await mint(sourceOf(300, session.clock.now), 'aud', async () => CLIENT, session);
  expect(token.secret.reveal()).toBe('opaque-access-token-1');
  expect(assertionsIn(session)).toEqual(['id-token-1', 'id-token-1', 'id-token-1']);
});

test('one with less than a minute to live is replaced first (D15)', async () => {
  const session = recordingSession(() =>
    session.requests.length < 2
      ? { status: 429, body: '{}', headers: { 'retry-after': '10' } }
      : { body: GRANTED },
  );
  await mint(sourceOf(65, session.clock.now), 'aud', async () => CLIENT, session);
  expect(session.waits[0]).toBeGreaterThanOrEqual(10);
  expect(assertionsIn(session)).toEqual(['id-token-1', 'id-token-2']);
});

test('AADSTS700024 gets a new ID token and one more try; a second one ends it (D14)', async () => {
  const stale = JSON.stringify({
    error: 'invalid_client',
    error_codes: [700024],
    error_description: 'AADSTS700024',
  });
  const session = recordingSession(() => ({ status: 401, body: stale }));
  await expect(
    mint(sourceOf(300, session.clock.now), 'aud', async () => CLIENT, session),
  ).rejects.toMatchObject({
    code: 'ENTRA_REFUSED',
  });
  expect(assertionsIn(session)).toEqual(['id-token-1', 'id-token-2']);
});

test.each<[string, number, (string | null)[]]>([
  ['over long ago', -600, ['id-token-2', 'id-token-3']],
  ['nearly over', 30, ['id-token-2', 'id-token-3']],
])(
  'an ID token that is %s by this clock is asked for anew, and Entra decides (C2)',
  async (_, life, expected) => {
    const early = JSON.stringify({
      error: 'invalid_client',
      error_codes: [700024],
      error_description: 'AADSTS700024',
    });
    const session = recordingSession(() => ({ status: 401, body: early }));
    const minted = mint(sourceOf(life, session.clock.now), 'aud', async () => CLIENT, session);
    await expect(minted).rejects.toMatchObject({ code: 'ENTRA_REFUSED' });
    expect(assertionsIn(session)).toEqual(expected);
  },
);

test('the age of an ID token is told by the clock of the servers', async () => {
  const fast = { ...recordingSession(() => ({ body: GRANTED })), skewSeconds: () => 280 };
  await mint(sourceOf(300 - 280, fast.clock.now), 'aud', async () => CLIENT, fast);
  expect(assertionsIn(fast)).toEqual(['id-token-1']);
});

test('an ID token that does not say when it ends counts as fresh', async () => {
  const session = recordingSession(() => ({ body: GRANTED }));
  const source: AssertionSource = {
    kind: 'assertion',
    obtain: async () => ({ token: new Secret('only'), claims: {} }),
  };
  await mint(source, 'aud', async () => CLIENT, session);
  expect(assertionsIn(session)).toEqual(['only']);
});

test('while the ID token is on its way, the exchange is prepared; its own request prepares nothing', async () => {
  const session = recordingSession(() => ({ body: GRANTED }));
  const source: AssertionSource = {
    kind: 'assertion',
    async obtain(audience, given) {
      await given.send({ method: 'GET', url: 'https://runner.example/', headers: {}, timeoutSeconds: 1 });
      return sourceOf(300, given.clock.now).obtain(audience, given);
    },
  };
  await mint(source, 'aud', async () => CLIENT, session);
  expect(session.requests[0]).toMatchObject({
    url: 'https://runner.example/',
    whileWaiting: expect.any(Function),
  });
  expect(session.requests[1]?.whileWaiting).toBeUndefined();
});

test('a refusal of the identity source ends it before Entra is asked', async () => {
  const session = recordingSession();
  const refusal = new PatlessError('ID_TOKEN_UNAVAILABLE', 'no', { hint: '' });
  await expect(
    mint({ kind: 'assertion', obtain: () => Promise.reject(refusal) }, 'aud', async () => CLIENT, session),
  ).rejects.toBe(refusal);
  expect(session.requests).toEqual([]);
});
