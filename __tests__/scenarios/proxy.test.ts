// Scenario: the runner reaches the world through a proxy only.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { errorOf, NODE, useCloud } from '../support/cloud.js';

const scenario = useCloud();
const NONE = { HTTPS_PROXY: '', https_proxy: '', HTTP_PROXY: '', http_proxy: '' };

function proxyUrl(credentials = ''): string {
  return (scenario.cloud.networkEnvironment().HTTPS_PROXY ?? '').replace('http://', `http://${credentials}`);
}

test.each(['HTTPS_PROXY', 'https_proxy'])('%s alone is enough', async (name) => {
  const result = await scenario.action(
    { organization: 'contoso' },
    { environment: { ...NONE, [name]: proxyUrl() } },
  );
  expect(result.exitCode).toBe(0);
});

test.each(['NO_PROXY', 'no_proxy'])('%s is honoured', async (name) => {
  const result = await scenario.action(
    { organization: 'contoso' },
    { environment: { [name]: '.azure.com' } },
  );
  // There is no direct way out of this machine, so going direct shows as a failure to reach the host.
  expect(errorOf(result)).toContain('NETWORK: Could not reach dev.azure.com');
  expect(scenario.cloud.requests.map(({ host }) => host)).not.toContain('dev.azure.com');
});

test('a proxy that is itself reached over TLS', async () => {
  const environment = { ...NONE, HTTPS_PROXY: scenario.cloud.tlsProxyUrl };
  expect((await scenario.action({ organization: 'contoso' }, { environment })).exitCode).toBe(0);
});

test('a variable that cannot be read is named, instead of going direct', async () => {
  const result = await scenario.action({}, { environment: { ...NONE, HTTPS_PROXY: 'localhost:3128' } });
  expect(errorOf(result)).toContain(
    'INPUT_INVALID: The variable HTTPS_PROXY cannot be read as the URL of a proxy.',
  );
  expect(scenario.cloud.requests).toEqual([]);
});

describe('a proxy with credentials', () => {
  const secret = 'p%40ss word-long';

  test('gets them, and they are masked in every form (B20)', async () => {
    scenario.cloud.demandProxyCredentials(`builder:${secret}`);
    const url = proxyUrl(`builder:${encodeURIComponent(secret)}@`);
    const result = await scenario.action({}, { environment: { ...NONE, HTTPS_PROXY: url } });
    expect(result.exitCode).toBe(0);
    const masks = result.commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data);
    expect(masks).toEqual(
      expect.arrayContaining([
        secret,
        encodeURIComponent(secret),
        Buffer.from(`builder:${secret}`).toString('base64'),
      ]),
    );
    expect(result.stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain('word-long');
    expect(result.stderr).toBe('');
  });

  test('wrong ones: the message says that the proxy refused', async () => {
    scenario.cloud.demandProxyCredentials('builder:right');
    const result = await scenario.action(
      {},
      { environment: { ...NONE, HTTPS_PROXY: proxyUrl('builder:wrong-one@') } },
    );
    expect(errorOf(result)).toContain('statusCode=407');
    expect(errorOf(result)).toContain('The proxy in HTTPS_PROXY refused the connection');
    expect(result.stderr).toBe('');
  });
});

describe('a certificate that Node does not trust by itself', () => {
  const untrusted = { NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '/dev/null', SSL_CERT_DIR: '/dev/null' };
  const readsSystemStore =
    execFileSync(NODE, ['-p', 'typeof tls.getCACertificates']).toString().trim() === 'function';

  test('and that is in no store: the message names NODE_EXTRA_CA_CERTS (B21)', async () => {
    const result = await scenario.action({}, { environment: untrusted });
    expect(errorOf(result)).toContain('set NODE_EXTRA_CA_CERTS');
    expect(result.log).not.toContain('next in');
  });

  test(`but the system does: ${readsSystemStore ? 'works' : 'this Node cannot read the store, and says so'}`, async () => {
    const { SSL_CERT_FILE = '' } = scenario.cloud.networkEnvironment();
    const result = await scenario.action(
      { organization: 'contoso' },
      { environment: { ...untrusted, SSL_CERT_FILE } },
    );
    if (readsSystemStore) expect(result.exitCode).toBe(0);
    else expect(errorOf(result)).toContain('set NODE_EXTRA_CA_CERTS');
  });

  test('is never taken without a check (B22)', async () => {
    const result = await scenario.action({}, { environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(errorOf(result)).toContain('INPUT_INVALID: NODE_TLS_REJECT_UNAUTHORIZED=0');
    expect(scenario.cloud.requests).toEqual([]);
  });
});
