import { describe, expect, test } from '@jest/globals';
import { githubOidc } from '../../src/identity/github-oidc.js';
import { recordingSession } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

const AUDIENCE = 'api://AzureADTokenExchange';
const ENVIRONMENT = {
  GITHUB_ACTIONS: 'true',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example/idtoken?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'the-bearer',
};
const answer = (status: number, body: string) => {
  const session = recordingSession(() => ({ status, body }));
  return { session, assertion: githubOidc(ENVIRONMENT, { kind: 'trusted' }).obtain(AUDIENCE, session) };
};

test('asks the runner’s URL, which has a query already, for the audience', async () => {
  const { session, assertion } = answer(200, JSON.stringify({ value: jwt({ aud: AUDIENCE, sub: 's' }) }));
  expect((await assertion).claims).toEqual({ aud: AUDIENCE, sub: 's' });
  expect(session.requests[0]).toMatchObject({
    method: 'GET',
    url: 'https://runner.example/idtoken?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange',
    headers: { authorization: 'Bearer the-bearer' },
  });
});

describe('an answer without a usable token may be asked for again (B15)', () => {
  test.each([
    '',
    'null',
    '[]',
    '<html>',
    '{}',
    '{"value":null}',
    '{"value":123}',
    '{"value":""}',
    '{"value":"a.b"}',
    '{"value":["a.b.c"]}',
    `{"__proto__":{"value":"${jwt({ aud: AUDIENCE })}"}}`,
  ])('%s', async (body) => {
    await expect(answer(200, body).assertion).rejects.toMatchObject({
      code: 'ID_TOKEN_REFUSED',
      message: 'The answer of runner.example holds no ID token.',
      retry: { class: 'transient' },
    });
  });
});

test.each([
  [302, '', undefined],
  [401, '', { class: 'job-state' }],
  [403, 'no permission', { class: 'job-state' }],
  [403, '{"message":"Job is in Pending state"}', { class: 'transient' }],
  [403, '{"message":"job in Delayed state"}', { class: 'transient' }],
  [404, '', { class: 'job-state' }],
  [410, '', undefined],
  [429, '', { class: 'transient' }],
  [503, '', { class: 'transient' }],
])('status %i %s: retry %j', async (status, body, retry) => {
  await expect(answer(status, body).assertion).rejects.toMatchObject({ code: 'ID_TOKEN_REFUSED', retry });
});

test('the bearer is in no message', async () => {
  const error = await answer(401, 'the-bearer').assertion.catch((thrown: unknown) => thrown);
  expect(JSON.stringify(error) + String(error)).not.toContain('the-bearer');
});

test('a request URL that is none is refused before anybody is asked', async () => {
  const session = recordingSession();
  const source = githubOidc(
    { ...ENVIRONMENT, ACTIONS_ID_TOKEN_REQUEST_URL: 'nonsense' },
    { kind: 'trusted' },
  );
  await expect(source.obtain(AUDIENCE, session)).rejects.toMatchObject({ code: 'ID_TOKEN_UNAVAILABLE' });
  expect(session.requests).toEqual([]);
});
