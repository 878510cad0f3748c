import { expect, test } from '@jest/globals';
import { agentProxy } from '../../src/hosts/agent-proxy.js';

const HOSTS = ['login.microsoftonline.com', 'dev.azure.com'];
const proxy = (environment: Record<string, string>) => agentProxy(environment, HOSTS);
const AGENT_PROXYURL = 'http://proxy.example:8080';

test('without a proxy of the agent, the job’s own variables count', () => {
  expect(proxy({ HTTPS_PROXY: 'http://other.example', AGENT_PROXYBYPASSLIST: '[".*"]' })).toEqual({});
});

test('the proxy, and nobody goes without it', () => {
  expect(proxy({ AGENT_PROXYURL })).toEqual({
    https_proxy: AGENT_PROXYURL,
    no_proxy: '',
    NO_PROXY: '',
  });
});

test('with a user and no password, as in a script, the job’s own variables count', () => {
  expect(proxy({ AGENT_PROXYURL, AGENT_PROXYUSERNAME: 'me' })).toEqual({});
});

test('user and password become part of the URL, whatever characters they hold', () => {
  const given = { AGENT_PROXYURL, AGENT_PROXYUSERNAME: 'corp\\me', SECRET_AGENT_PROXYPASSWORD: 'p@ss:w/%rd' };
  const { https_proxy = '' } = proxy(given);
  const { username, password, host } = new URL(https_proxy);
  expect([username, password].map(decodeURIComponent)).toEqual(['corp\\me', 'p@ss:w/%rd']);
  expect(host).toBe('proxy.example:8080');
});

test.each([
  ['["dev\\\\.azure\\\\.com"]', 'dev.azure.com'],
  ['["^https://login\\\\."]', 'login.microsoftonline.com'],
  ['["LOGIN", "azure.com/$"]', 'login.microsoftonline.com,dev.azure.com'],
  ['["*invalid", "azure"]', 'dev.azure.com'],
  ['["nothing", 5, null]', ''],
  ['not JSON', ''],
])('the bypass list %s leaves out: %s', (AGENT_PROXYBYPASSLIST, no_proxy) => {
  expect(proxy({ AGENT_PROXYURL, AGENT_PROXYBYPASSLIST })).toMatchObject({ no_proxy, NO_PROXY: no_proxy });
});

test('what is no URL is passed on, for the check of the network settings to name it', () => {
  expect(
    proxy({ AGENT_PROXYURL: 'nonsense', AGENT_PROXYUSERNAME: 'me', SECRET_AGENT_PROXYPASSWORD: 'x' }),
  ).toMatchObject({
    https_proxy: 'nonsense',
  });
});
