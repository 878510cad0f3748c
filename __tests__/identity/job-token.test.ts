import { expect, test } from '@jest/globals';
import { jobToken } from '../../src/identity/job-token.js';
import { recordingSession } from '../support/recording.js';
import { jwt } from '../support/tokens.js';

const obtain = (environment: Record<string, string>) => jobToken(environment).obtain(recordingSession());

test.each(['ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN', 'SYSTEM_ACCESSTOKEN'])(
  'the token of %s is the job’s, until its own `exp`',
  async (variable) => {
    const token = jwt({ exp: 1_900_000_000 });
    const given = await obtain({ [variable]: token });
    expect(given).toMatchObject({ holder: 'job', objectId: '', tenantId: '' });
    expect(given.secret.reveal()).toBe(token);
    expect(given.expiresOn.toISOString()).toBe('2030-03-17T17:46:40.000Z');
  },
);

test.each([
  ['none', {}, 'There is no System.AccessToken.'],
  ['an opaque one', { SYSTEM_ACCESSTOKEN: 'opaque' }, 'System.AccessToken does not say when it expires.'],
])('%s is refused', async (_, environment, message) => {
  await expect(obtain(environment as Record<string, string>)).rejects.toMatchObject({
    code: 'ID_TOKEN_UNAVAILABLE',
    message,
  });
});
