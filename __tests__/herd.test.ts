// Five hundred jobs of a matrix start in the same instant, against services that limit or fail; on a virtual clock.
import { describe, expect, test } from '@jest/globals';
import { PatlessError } from '../src/errors.js';
import type { HttpRequest, HttpResponse } from '../src/http.js';
import { githubOidc } from '../src/identity/github-oidc.js';
import { mint } from '../src/mint.js';
import type { Session } from '../src/session.js';
import { seeded } from './support/seeded.js';
import { jwt } from './support/tokens.js';
import { type VirtualTime, virtualTime } from './support/virtual-time.js';

const CLIENTS = 500;
const LATENCY_MS = 80;
const RUN_SECONDS = 180;
const AUDIENCE = 'api://AzureADTokenExchange';
const CLIENT = { clientId: '11111111-2222-3333-4444-555555555555', tenantId: 'contoso.com' };

type Answer = (host: string) => Partial<HttpResponse> | undefined;

/** Answers as the services do, unless `limit` has another answer; writes down when each request came. */
function services(time: VirtualTime, limit: Answer) {
  const arrivals = new Map<string, number[]>();
  async function send({ url }: HttpRequest): Promise<HttpResponse> {
    const { host } = new URL(url);
    arrivals.set(host, [...(arrivals.get(host) ?? []), time.elapsed()]);
    const refused = limit(host);
    await time.clock.sleep(LATENCY_MS, new AbortController().signal);
    const exp = time.clock.now() / 1000 + 300;
    const body =
      host === 'runner.example'
        ? { value: jwt({ aud: AUDIENCE, exp }) }
        : { token_type: 'Bearer', expires_in: 3599, access_token: 'opaque-access-token-of-some-length' };
    return { status: 200, headers: {}, body: JSON.stringify(body), ...refused };
  }
  return { send, arrivals };
}

/** @returns for each client, when it was done and whether it has a token. */
async function herd(time: VirtualTime, send: Session['send']) {
  const environment = {
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example/',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
  };
  const outcomes = Array.from({ length: CLIENTS }, async () => {
    const deadline = time.clock.deadline(
      RUN_SECONDS * 1000,
      new PatlessError('TIMEOUT', 'late', { hint: '' }),
    );
    const session: Session = {
      clock: time.clock,
      deadline,
      endsAt: time.clock.monotonic() + RUN_SECONDS * 1000,
      propagationWaitSeconds: 0,
      send,
      skewSeconds: () => 0,
      log: () => undefined,
      mask: async () => undefined,
    };
    const hasToken = await mint(
      githubOidc(environment, { kind: 'trusted' }),
      AUDIENCE,
      async () => CLIENT,
      session,
    ).then(
      () => true,
      () => false,
    );
    return { hasToken, seconds: time.elapsed() / 1000 };
  });
  await time.run();
  return Promise.all(outcomes);
}

/** Allows so many requests to each host in each second, and sends the rest away with Retry-After: 1. */
function rateLimit(time: VirtualTime, perSecond: number): Answer {
  const counts = new Map<string, number>();
  return (host) => {
    const key = `${host} ${Math.floor(time.elapsed() / 1000)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > perSecond ? { status: 429, headers: { 'retry-after': '1' }, body: '{}' } : undefined;
  };
}

/** The most requests in any second after the first. */
function peakAfterFirstSecond(arrivals: readonly number[]): number {
  const perSecond = new Map<number, number>();
  for (const arrival of arrivals) {
    const second = Math.floor(arrival / 1000);
    if (second > 0) perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  return Math.max(0, ...perSecond.values());
}

describe(`${CLIENTS} clients at once`, () => {
  test('against services that take 50 requests a second: all succeed, and the peak stays within 1.5 times the limit (J1)', async () => {
    const time = virtualTime(seeded(1));
    const { send, arrivals } = services(time, rateLimit(time, 50));
    const outcomes = await herd(time, send);
    expect(outcomes.filter(({ hasToken }) => !hasToken)).toEqual([]);
    expect(Math.max(...outcomes.map(({ seconds }) => seconds))).toBeLessThan(120);
    for (const times of arrivals.values()) expect(peakAfterFirstSecond(times)).toBeLessThanOrEqual(75);
  }, 120_000);

  test('when Entra sends everybody away for 30 s with Retry-After: 60: none comes earlier, all succeed, spread out (J2)', async () => {
    const time = virtualTime(seeded(2));
    const { send, arrivals } = services(time, (host) =>
      host === 'login.microsoftonline.com' && time.elapsed() < 30_000
        ? { status: 429, headers: { 'retry-after': '60' }, body: '{}' }
        : undefined,
    );
    const outcomes = await herd(time, send);
    expect(outcomes.filter(({ hasToken }) => !hasToken)).toEqual([]);
    const second = (arrivals.get('login.microsoftonline.com') ?? []).slice(CLIENTS);
    expect(second).toHaveLength(CLIENTS);
    expect(Math.min(...second)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...second) - Math.min(...second)).toBeGreaterThan(0.9 * 0.25 * 60_000);
  }, 120_000);

  test('in a total outage: each ends inside its limit, after at most five attempts (J3)', async () => {
    const time = virtualTime(seeded(3));
    const { send, arrivals } = services(time, () => ({ status: 503, body: '' }));
    const outcomes = await herd(time, send);
    expect(outcomes.some(({ hasToken }) => hasToken)).toBe(false);
    expect(Math.max(...outcomes.map(({ seconds }) => seconds))).toBeLessThan(RUN_SECONDS);
    expect([...arrivals.keys()]).toEqual(['runner.example']);
    expect(arrivals.get('runner.example')).toHaveLength(5 * CLIENTS);
  }, 120_000);
});
