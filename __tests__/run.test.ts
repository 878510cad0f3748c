import { describe, expect, test } from '@jest/globals';
import { type Clock, systemClock } from '../src/clock.js';
import type { Host } from '../src/hosts/host.js';
import type { HttpResponse, Send } from '../src/http.js';
import { run } from '../src/run.js';
import { recordingHost } from './support/recording.js';
import { jwt } from './support/tokens.js';

const CLIENT = '11111111-2222-3333-4444-555555555555';
const OBJECT = 'bbbbbbbb-2222-3333-4444-555555555555';
const ID_TOKEN = jwt({ aud: 'api://AzureADTokenExchange' });
const ACCESS_TOKEN = jwt({ appid: CLIENT, tid: CLIENT, oid: OBJECT });

/** The three services, each answering as it should; `change` replaces an answer, or fails a request. */
function world(change: (host: string) => Partial<HttpResponse> | undefined = () => undefined): Send {
  return async ({ url }) => {
    const { host } = new URL(url);
    const bodies: Record<string, object> = {
      'runner.example': { value: ID_TOKEN },
      'login.microsoftonline.com': { token_type: 'Bearer', expires_in: 3599, access_token: ACCESS_TOKEN },
      'dev.azure.com': {
        authenticatedUser: {
          descriptor: `x.AadServicePrincipal;${CLIENT}\\${OBJECT}`,
          providerDisplayName: 'bot',
        },
      },
    };
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodies[host]),
      ...change(host),
    };
  };
}

const host = (given: Partial<Host> = {}) =>
  recordingHost({
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example/',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
    },
    inputs: {
      'client-id': CLIENT,
      'tenant-id': CLIENT,
      organization: 'contoso',
      configure: 'git',
      'export-env': 'A',
    },
    ...given,
  });
const writesOf = (events: readonly string[]) =>
  events.filter((event) => /^(?:state|env|output) /.test(event));

test('both tokens are masked and out of the process before the first write (F1)', async () => {
  const recording = host();
  await run(recording, world(), systemClock);
  const { events } = recording;
  const firstWrite = events.findIndex((event) => /^(?:state|env|output) /.test(event));
  expect(firstWrite).toBeGreaterThan(0);
  for (const secret of [ID_TOKEN, ACCESS_TOKEN]) {
    const masked = events.findIndex((event) => event.startsWith('mask ') && event.includes(secret));
    expect(masked).toBeGreaterThanOrEqual(0);
    expect(events.indexOf('masks flushed', masked)).toBeLessThan(firstWrite);
    expect(events.slice(0, masked).join()).not.toContain(secret);
  }
  expect(events.filter((event) => event.startsWith('fail'))).toEqual([]);
  expect(events).toContainEqual(
    expect.stringMatching(/^log Signed in to https:\/\/dev\.azure\.com\/contoso as "bot"/),
  );
});

describe('whatever fails, there is one error and no write', () => {
  const refusing = (failing: string) =>
    world((asked) => (asked === failing ? { status: 400, body: '{}' } : undefined));
  test.each([
    ['the ID token service', refusing('runner.example'), {}],
    ['Entra', refusing('login.microsoftonline.com'), {}],
    ['Azure DevOps', refusing('dev.azure.com'), {}],
    ['a wrong input', world(), { input: () => 'x' }],
    [
      'a bug in a member',
      world(),
      {
        trigger: () => {
          throw new TypeError('a bug');
        },
      },
    ],
    ['masking', world(), { mask: () => Promise.reject(new Error('stdout is closed')) }],
  ])('%s', async (_, send, given) => {
    const recording = host(given);
    await run(recording, send, systemClock);
    expect(recording.events.filter((event) => event.startsWith('fail '))).toHaveLength(1);
    expect(writesOf(recording.events)).toEqual([]);
  });
});

test('a run that takes too long ends with TIMEOUT and what to do', async () => {
  const recording = host();
  const stalled: Send = (_, deadline) =>
    new Promise((_resolve, reject) => {
      deadline.addEventListener('abort', () => reject(deadline.reason));
    });
  const deadline = new AbortController();
  const clock: Clock = {
    ...systemClock,
    deadline(milliseconds, reason) {
      expect(milliseconds).toBe(180_000);
      setTimeout(() => deadline.abort(reason), 50);
      return deadline.signal;
    },
  };
  await run(recording, stalled, clock);
  expect(recording.events.at(-1)).toMatch(/^fail TIMEOUT: Not done within 180 seconds\.\nWhat to do: /);
});
