import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Clock, systemClock } from '../src/clock.js';
import { PatlessError, TRANSIENT } from '../src/errors.js';
import type { Host } from '../src/hosts/host.js';
import type { HttpResponse, Send } from '../src/http.js';
import { run } from '../src/run.js';
import { recordingHost } from './support/recording.js';
import { jwt } from './support/tokens.js';

const GO_ON = new AbortController().signal;
const CLIENT = '11111111-2222-3333-4444-555555555555';
const TENANT = 'cccccccc-2222-3333-4444-555555555555';
const OBJECT = 'bbbbbbbb-2222-3333-4444-555555555555';
const ID_TOKEN = jwt({ aud: 'api://AzureADTokenExchange' });
const ACCESS_TOKEN = jwt({ appid: CLIENT, tid: TENANT, oid: OBJECT });

/** The three services, each answering as it should; `change` replaces an answer, or fails a request. */
function world(change: (host: string) => Partial<HttpResponse> | undefined = () => undefined): Send {
  return async ({ url }) => {
    const { host } = new URL(url);
    const bodies: Record<string, object> = {
      'runner.example': { value: ID_TOKEN },
      'login.microsoftonline.com': { token_type: 'Bearer', expires_in: 3599, access_token: ACCESS_TOKEN },
      'dev.azure.com': {
        authenticatedUser: {
          descriptor: `x.AadServicePrincipal;${TENANT}\\${OBJECT}`,
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

const temp = mkdtempSync(join(tmpdir(), 'run-'));
afterAll(() => rmSync(temp, { recursive: true }));

const host = (given: Partial<Host> = {}) =>
  recordingHost({
    temp,
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example/',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
    },
    inputs: {
      'client-id': CLIENT,
      'tenant-id': TENANT,
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
  await run(recording, world(), systemClock, GO_ON);
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
  expect(events).toContainEqual(expect.stringMatching(/^log Signed in as "bot", object ID /));
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
    await run(recording, send, systemClock, GO_ON);
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
  await run(recording, stalled, clock, GO_ON);
  expect(recording.events.at(-1)).toMatch(/^fail TIMEOUT: Not done within 180 seconds\.\nWhat to do: /);
});

describe('a fault at any point (F3)', () => {
  /** The n-th of everything that the run asks of the host, the network or the clock fails. */
  function failingAt(n: number) {
    let count = 0;
    const step = () => {
      count++;
      if (count === n) throw new Error(`fault ${n}`);
    };
    const recording = host({ environment: { ...host().environment, A: 'before' } });
    const brittle = new Proxy(recording, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function' || name === 'fail') return member;
        return (...args: unknown[]) => {
          step();
          return member.apply(target, args);
        };
      },
    });
    const send: Send = async (...args) => {
      step();
      const answer = await world()(...args);
      step();
      return answer;
    };
    return { recording, brittle, send, hasFailed: () => count >= n };
  }

  /** What later steps would find, by name. */
  function left(events: readonly string[]): Map<string, string> {
    const writes = events.slice(events.lastIndexOf('taken back') + 1).flatMap((event) => {
      const [, name, value] = /^(?:env|output) ([^=]+)=(.*)$/s.exec(event) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    });
    return new Map(writes);
  }

  test('never leaves a token unmasked, nor, when the run fails, any token at all', async () => {
    let points = 0;
    for (let n = 1; ; n++) {
      const { recording, brittle, send, hasFailed } = failingAt(n);
      await run(brittle, send, systemClock, GO_ON);
      if (!hasFailed()) break;
      points = n;
      const { events } = recording;
      const failed = events.filter((event) => event.startsWith('fail '));
      const written = events.findIndex((event) => /^(?:env|output) .*eyJ/.test(event));
      if (written >= 0) {
        const masked = events.findIndex((event) => event.startsWith('mask ') && event.includes(ACCESS_TOKEN));
        expect(events.indexOf('masks flushed', masked)).toBeLessThan(written);
        expect(masked).toBeGreaterThanOrEqual(0);
      }
      expect([n, failed.length]).toEqual([n, 1]);
      expect([n, [...left(events).values()].filter((value) => value.includes('eyJ'))]).toEqual([n, []]);
    }
    expect(points).toBeGreaterThan(30);
  });
});

describe('a variable that had a value before', () => {
  const environment = { ...host().environment, A: 'a stored PAT' };

  test('gets the token, and the log says so (G10)', async () => {
    const recording = host({ environment });
    await run(recording, world(), systemClock, GO_ON);
    expect(recording.events).toContain(`env A=${ACCESS_TOKEN}`);
    expect(recording.events).toContain(
      'log Note: A has a value; later steps find the access token in its place.',
    );
  });

  test('a stored PAT in it is called one', async () => {
    const recording = host({ environment: { ...environment, A: 'abcd'.repeat(13) } });
    await run(recording, world(), systemClock, GO_ON);
    expect(recording.events).toContain(
      'log Note: A holds a personal access token; later steps find the access token in its place.',
    );
  });

  test('is emptied when the sign-in fails: with continue-on-error, nobody uses it in the place of the token (I13)', async () => {
    const recording = host({ environment });
    await run(
      recording,
      world((asked) => (asked === 'dev.azure.com' ? { status: 401 } : undefined)),
      systemClock,
      GO_ON,
    );
    expect(writesOf(recording.events)).toEqual(['env A=']);
    expect(recording.events.at(-1)).toMatch(/^fail /);
  });

  test('so is the token that an earlier call gave to git, and also when the inputs are wrong (I13, T12)', async () => {
    const filled = { ...environment, PATLESS_TOKEN_CONTOSO: 'of another identity' };
    const inputs = { 'client-id': '', organization: 'contoso', configure: 'git', 'export-env': 'A' };
    const recording = recordingHost({ environment: filled, inputs });
    await run(recording, world(), systemClock, GO_ON);
    expect(writesOf(recording.events)).toEqual(['env A=', 'env PATLESS_TOKEN_CONTOSO=']);
  });
});

test('when Azure DevOps does not answer at all, the masked token is not exported (E6)', async () => {
  const recording = host();
  const send: Send = async (...args) => {
    if (!args[0].url.includes('dev.azure.com')) return world()(...args);
    throw new PatlessError('NETWORK', 'dev.azure.com did not answer', { hint: '', retry: TRANSIENT });
  };
  await run(recording, send, { ...systemClock, sleep: async () => undefined }, GO_ON);
  expect(recording.events.filter((event) => event.startsWith('log verification'))).toHaveLength(2);
  expect(recording.events.at(-1)).toMatch(/^fail NETWORK: dev.azure.com did not answer/);
  expect(recording.events.some((event) => event.startsWith('mask ') && event.includes(ACCESS_TOKEN))).toBe(
    true,
  );
  expect(writesOf(recording.events)).toEqual([]);
});

test('without an ID token, the question for the tenant, which runs beside, is not waited for', async () => {
  const inputs = { 'client-id': CLIENT, organization: 'contoso' };
  const recording = recordingHost({ environment: {}, inputs });
  let signal: AbortSignal | undefined;
  const send: Send = (_, deadline) => {
    signal = deadline;
    return new Promise(() => undefined);
  };
  await run(recording, send, systemClock, GO_ON);
  expect(recording.events).toEqual([expect.stringMatching(/^fail ID_TOKEN_UNAVAILABLE: /)]);
  expect(signal?.aborted).toBe(true);
});

test('a stop in the middle ends the run with its reason, and nothing is exported (F12)', async () => {
  const stop = new AbortController();
  const recording = host();
  const send: Send = async (...args) => {
    if (args[0].url.includes('dev.azure.com')) stop.abort(new Error('a stray error'));
    return world()(...args);
  };
  await run(recording, send, systemClock, stop.signal);
  expect(recording.events.at(-1)).toMatch(/^fail UNEXPECTED: .*a stray error/);
  expect(writesOf(recording.events)).toEqual([]);
});

test('a thousand runs leave no handle open (J8)', async () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').length;
  for (let i = 0; i < 1000; i++) {
    await run(host({ mask: async () => undefined }), world(), systemClock, GO_ON);
  }
  expect(process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').length).toBeLessThan(
    before + 5,
  );
});
