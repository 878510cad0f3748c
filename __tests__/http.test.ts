// The HTTP client against real TLS servers behind the real proxy, in a process of its own (trust is set at its start).
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { createCertificateAuthority } from '../local-cloud/certificates.js';
import type { Fault } from '../local-cloud/cloud.js';
import { isRedirect } from '../src/http.js';
import { NODE, PROJECT, useCloud } from './support/cloud.js';

const scenario = useCloud();
const run = promisify(execFile);

const PROGRAM = `
import dns from 'node:dns';
import { setTimeout as delay } from 'node:timers/promises';
import { connectEarly } from '${PROJECT}build/src/early-connections.js';
import { send } from '${PROJECT}build/src/http.js';
const request = JSON.parse(process.argv[1]);
if (request.addresses) dns.lookup = (host, options, done) => done(null, request.addresses);
const deadline = new AbortController();
let waiting = 0;
if (request.whileWaiting) request.whileWaiting = () => waiting++;
if (request.deadlineSeconds) setTimeout(() => deadline.abort(new Error('run deadline')), request.deadlineSeconds * 1000).unref();
if (request.early) {
  connectEarly(new URL(request.url).host, deadline.signal);
  await delay(request.early);
}
try {
  const response = await send(request, deadline.signal);
  console.log(JSON.stringify({ ...response, waiting }));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint, retry: error.retry, waiting }));
}`;

async function send(request: object, environment: Record<string, string> = {}) {
  const body = {
    method: 'GET',
    url: 'https://dev.azure.com/contoso',
    headers: {},
    timeoutSeconds: 2,
    ...request,
  };
  const args = ['--input-type=module', '--eval', PROGRAM, JSON.stringify(body)];
  const env = { PATH: process.env.PATH ?? '', ...scenario.cloud.networkEnvironment(), ...environment };
  const started = process.hrtime.bigint();
  const { stdout } = await run(NODE, args, { env, timeout: 30_000, maxBuffer: 4 * 2 ** 20 });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  return { ...(JSON.parse(stdout) as Record<string, unknown>), seconds };
}

const fault = (respond: Fault) => scenario.cloud.faults.push(respond);

describe('an endpoint of this machine', () => {
  test('is asked in plain http, past every proxy', async () => {
    const server = createHttpServer((request, response) => response.end(JSON.stringify(request.headers)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      const answer = await send({ url, isLocal: true, headers: { Metadata: 'true' } });
      expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"metadata":"true"') });
      expect(await send({ url })).toMatchObject({ message: `Refused to call ${new URL(url).origin}.` });
      expect(scenario.cloud.refused).toEqual([]);
    } finally {
      server.close();
    }
  });

  test.each([
    'http://dev.azure.com/',
    'http://127.0.0.1.example.com/',
    'http://169.254.169.254.example.com/',
    'http://user@127.0.0.1/',
    'http://10.0.0.1/',
    'http://[fd00::1]/',
    'https://127.0.0.1/',
    'nonsense',
  ])('%s is none', async (url) => {
    expect(await send({ url, isLocal: true })).toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(/^Refused to call /),
    });
    expect([...scenario.cloud.requests, ...scenario.cloud.refused]).toEqual([]);
  });
});

describe('send', () => {
  test('gives status, headers in lower case and body, and says who asks', async () => {
    fault(() => ({ status: 418, headers: { 'X-Odd': ['a', 'b'], 'Set-Cookie': ['c', 'd'] }, body: 'größe' }));
    const given = {
      method: 'POST',
      body: 'a=b',
      headers: { accept: 'application/json', authorization: 'Bearer x' },
    };
    expect(await send(given)).toMatchObject({
      status: 418,
      headers: { 'x-odd': 'a, b', 'set-cookie': 'c, d' },
      body: 'größe',
    });
    expect(scenario.cloud.requests[0]?.headers).toMatchObject(given.headers);
    expect(scenario.cloud.requests[0]?.body.toString()).toBe('a=b');
    expect(scenario.cloud.requests[0]?.headers['user-agent']).toMatch(/^patless\/\d+\.\d+\.\d+$/);
  });

  test('calls whileWaiting once: when its own request has left, not for that to the proxy', async () => {
    fault(async () => {
      await setTimeout(200);
      return { status: 200 };
    });
    expect(await send({ whileWaiting: true })).toMatchObject({ status: 200, waiting: 1 });
    expect(await send({})).toMatchObject({ waiting: 0 });
  });

  test.each([301, 302, 303, 307, 308])(
    'returns %i, and sends nothing to its target (B4, B5, D16)',
    async (status) => {
      fault(({ url }) =>
        url.pathname === '/contoso'
          ? { status, headers: { location: 'https://contoso.visualstudio.com/' } }
          : undefined,
      );
      expect(await send({ method: 'POST', body: 'x', headers: { authorization: 'Bearer x' } })).toMatchObject(
        {
          status,
        },
      );
      expect(scenario.cloud.requests).toHaveLength(1);
    },
  );

  test.each([
    'http://dev.azure.com/',
    'file:///etc/passwd',
    'https://user:pass@dev.azure.com/',
    'https://user@dev.azure.com/',
    'https://:pass@dev.azure.com/',
    'ftp://x/',
    'nonsense',
  ])('refuses %s without asking anybody (B3)', async (url) => {
    const answer = await send({ url });
    expect(answer).toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(
        /^Refused to call (?:(?:http|https|ftp):\/\/[a-z.]+|null|an unreadable URL)\.$/,
      ),
      hint: 'Only https URLs without credentials are called; check the variable that holds this URL.',
    });
    expect(JSON.stringify(answer)).not.toContain('pass@');
    expect(scenario.cloud.requests.length + scenario.cloud.refused.length).toBe(0);
  });

  test.each<[string, Fault]>([
    ['no answer at all (B10, D17)', () => 'handled'],
    [
      'headers, then silence (B11, D17)',
      (_, response) => {
        response.writeHead(200, { 'content-length': 10 }).write('12345');
        return 'handled';
      },
    ],
    [
      'one byte now and then (B12, D17)',
      (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'), 200);
        response.on('close', () => clearInterval(timer));
        return 'handled';
      },
    ],
  ])('%s ends at the deadline of the attempt, and may be tried again', async (_, respond) => {
    fault(respond);
    const answer = await send({ timeoutSeconds: 1 });
    expect(answer).toMatchObject({
      code: 'NETWORK',
      message: 'dev.azure.com did not answer within 1 seconds.',
      hint: 'If this repeats, check the network or proxy between this runner and that host.',
      retry: { class: 'transient' },
    });
  });

  test("ends at the run's deadline with its reason", async () => {
    fault(() => 'handled');
    expect(await send({ timeoutSeconds: 20, deadlineSeconds: 1 })).toMatchObject({ message: 'run deadline' });
  });

  test('a proxy that takes the connection and never answers does not keep the process alive', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const answer = await send(
      { timeoutSeconds: 1, whileWaiting: true },
      { HTTPS_PROXY: `http://127.0.0.1:${port}`, https_proxy: '' },
    );
    silent.close();
    // The request to the proxy has left, but not the one that whileWaiting is for.
    expect(answer).toMatchObject({ code: 'NETWORK', retry: { class: 'transient' }, waiting: 0 });
    expect(answer.seconds).toBeLessThan(15);
  });

  test.each<[string, Fault, RegExp]>([
    [
      'a body that is cut off (B13, D17)',
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('short');
        globalThis.setTimeout(() => response.destroy(), 50);
        return 'handled';
      },
      /aborted|cut off|hang up/,
    ],
    [
      'a body of 2 MiB (B14, D17, E8)',
      () => ({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) }),
      /larger than 1048576 bytes/,
    ],
  ])('%s is an error', async (_, respond, text) => {
    fault(respond);
    const answer = await send({});
    expect(answer).toMatchObject({ code: 'NETWORK', message: expect.stringMatching(text) });
  });

  test('a proxy that wants other credentials is told apart, and not asked again', async () => {
    scenario.cloud.demandProxyCredentials('user:right');
    const answer = await send({});
    expect(answer).toMatchObject({
      code: 'NETWORK',
      hint: 'The proxy in HTTPS_PROXY refused the connection: check its credentials and that it allows dev.azure.com.',
    });
    expect(answer).not.toHaveProperty('retry');
  });

  test('an address where nobody listens is named with the reason', async () => {
    const answer = await send(
      { url: 'https://127.0.0.1:1/' },
      { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
    );
    expect(answer).toMatchObject({
      message: expect.stringMatching(/^Could not reach 127\.0\.0\.1:1: ECONNREFUSED: .*ECONNREFUSED/),
      retry: { class: 'transient' },
    });
  });

  test('a body of just 1 MiB is taken; a 401 is an answer like any other', async () => {
    fault(() => ({ status: 401, body: 'x'.repeat(2 ** 20) }));
    const answer: Record<string, unknown> = await send({});
    expect([answer.status, String(answer.body).length]).toEqual([401, 2 ** 20]);
    expect(scenario.cloud.requests).toHaveLength(1);
  });

  test('a host that the proxy refuses is named, with the proxy', async () => {
    const answer = await send({ url: 'https://stranger.example/' });
    expect(answer).toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('Could not reach stranger.example: '),
      hint: 'Check that this runner can reach https://stranger.example (HTTPS_PROXY and NO_PROXY are honoured).',
      retry: { class: 'transient' },
    });
    expect(scenario.cloud.refused).toEqual(['stranger.example:443']);
  });
});

test.each([
  [299, false],
  [300, true],
  [399, true],
  [400, false],
])('%i is a redirect: %s', (status, expected) => {
  expect(isRedirect({ status, headers: {}, body: '' })).toBe(expected);
});

describe('without a proxy', () => {
  /** A server at localhost whose certificate is valid for so many days; gives its URL and whom to trust. */
  async function directServer(days: number) {
    const authority = await createCertificateAuthority();
    const server: Server = createHttpsServer(await authority.issue(['localhost'], days), (_, response) => {
      seen.requests++;
      response.end('direct');
    }).listen(0, '127.0.0.1');
    const seen = { connections: 0, requests: 0 };
    server.on('secureConnection', () => seen.connections++);
    await once(server, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'direct-'));
    const NODE_EXTRA_CA_CERTS = join(folder, 'root.pem');
    writeFileSync(NODE_EXTRA_CA_CERTS, authority.rootCertificate);
    return {
      server,
      seen,
      url: `https://localhost:${(server.address() as AddressInfo).port}/`,
      environment: { NODE_EXTRA_CA_CERTS, NO_PROXY: 'localhost', no_proxy: 'localhost' },
      stop() {
        server.close();
        rmSync(folder, { recursive: true });
      },
    };
  }

  test('an IPv6 address that leads nowhere costs no attempt: IPv4 is tried beside it (J6)', async () => {
    const { url, environment, stop } = await directServer(1);
    const addresses = [
      { address: '100::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await send({ url, addresses }, environment)).toMatchObject({ status: 200, body: 'direct' });
    stop();
  });

  test('an issuer that only the system knows is trusted where Node can ask the system; else the cure is named', async () => {
    const { url, environment, stop } = await directServer(1);
    const { NODE_EXTRA_CA_CERTS: SSL_CERT_FILE, ...rest } = environment;
    const answer = await send({ url }, { ...rest, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS: '' });
    stop();
    const [major = 0, minor = 0] = execFileSync(NODE, ['--version'], { encoding: 'utf8' })
      .slice(1)
      .split('.')
      .map(Number);
    if (major > 22 || (major === 22 && minor >= 15))
      expect(answer).toMatchObject({ status: 200, body: 'direct' });
    else {
      expect(answer).toMatchObject({
        message: expect.stringMatching(/UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)/),
        hint: expect.stringMatching(
          /^The certificate is not trusted by Node\. .*NODE_EXTRA_CA_CERTS .*root certificate\.$/,
        ),
      });
      expect(answer).not.toHaveProperty('retry');
    }
  });

  test('an issuer that nobody knows: the message names the cure', async () => {
    const { url, environment, stop } = await directServer(1);
    const answer = await send({ url }, { ...environment, NODE_EXTRA_CA_CERTS: '' });
    stop();
    expect(answer).toMatchObject({
      code: 'NETWORK',
      hint: expect.stringMatching(
        /^The certificate is not trusted by Node\. .*, set NODE_EXTRA_CA_CERTS on .* root certificate\.$/,
      ),
    });
    expect(answer).not.toHaveProperty('retry');
  });

  test('a certificate of another name: the message does not say to trust it', async () => {
    const { url, environment, stop } = await directServer(1);
    const answer = await send(
      { url: url.replace('localhost', '127.0.0.1') },
      { ...environment, NO_PROXY: '127.0.0.1' },
    );
    stop();
    expect(answer).toMatchObject({
      code: 'NETWORK',
      hint: expect.stringContaining('Another server answers in the place of'),
    });
  });

  test('a certificate out of date, as with a wrong clock: the message says to compare clocks (J5)', async () => {
    const { url, environment, stop } = await directServer(-1);
    const answer = await send({ url }, environment);
    stop();
    expect(answer).toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('CERT_HAS_EXPIRED'),
      hint: expect.stringMatching(
        /^Compare this machine's clock, 20\d\d-.* of localhost:\d+, or of a proxy on the way, is out of date\.$/,
      ),
    });
    expect(answer).not.toHaveProperty('retry');
  });

  describe('a connection made early', () => {
    test('is the one that the request goes out on', async () => {
      const { url, environment, seen, stop } = await directServer(1);
      expect(await send({ url, early: 300 }, environment)).toMatchObject({ status: 200, body: 'direct' });
      stop();
      expect(seen).toEqual({ connections: 1, requests: 1 });
    });

    test('carries the request also when it is not ready yet', async () => {
      const { url, environment, seen, stop } = await directServer(1);
      expect(await send({ url, early: 1 }, environment)).toMatchObject({ status: 200 });
      stop();
      expect(seen).toEqual({ connections: 1, requests: 1 });
    });

    test('that the server has closed meanwhile is replaced', async () => {
      const { url, environment, server, seen, stop } = await directServer(1);
      server.once('secureConnection', (socket: Socket) => socket.destroy());
      expect(await send({ url, early: 500 }, environment)).toMatchObject({ status: 200 });
      stop();
      expect(seen).toEqual({ connections: 2, requests: 1 });
    });

    test('is not made when there is a proxy', async () => {
      const { url, environment, seen, stop } = await directServer(1);
      const proxied = { ...environment, NO_PROXY: '', no_proxy: '', https_proxy: 'http://127.0.0.1:1' };
      const elsewhere = url.replace('localhost', 'direct.example');
      const addresses = [{ address: '127.0.0.1', family: 4 }];
      expect(await send({ url: elsewhere, addresses, early: 300 }, proxied)).toMatchObject({
        code: 'NETWORK',
      });
      stop();
      expect(seen.connections).toBe(0);
    });

    test.each([1, 300])(
      'to a server that is not trusted fails with the request, after %i ms',
      async (early) => {
        const { url, environment, seen, stop } = await directServer(-1);
        const answer = await send({ url, early }, environment);
        stop();
        expect(answer).toMatchObject({ message: expect.stringContaining('CERT_HAS_EXPIRED') });
        expect(seen.requests).toBe(0);
      },
    );
  });
});
