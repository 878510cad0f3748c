import { describe, expect, test } from '@jest/globals';
import { checkNetworkSettings, proxyCredentials } from '../src/network-settings.js';

const forms = (url: string) => proxyCredentials({ HTTPS_PROXY: url }).map((secret) => secret.reveal());
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('credentials', () => {
  test.each([
    ['http://proxy:3128', []],
    ['http://proxy:3128/path@elsewhere', []],
    ['http://user:s3cr3t-pass@proxy:3128', ['s3cr3t-pass', 'user:s3cr3t-pass', base64('user:s3cr3t-pass')]],
    ['user:s3cr3t-pass@proxy', ['s3cr3t-pass', 'user:s3cr3t-pass', base64('user:s3cr3t-pass')]],
    ['http://a-user-alone@proxy', ['a-user-alone:', base64('a-user-alone:')]],
    ['http://u:s@proxy', [base64('u:s')].filter((form) => form.length >= 6)],
  ])('%s', (url, expected) => expect(forms(url)).toEqual(expected));

  test('with escapes are masked as written and as meant', () => {
    expect(forms('http://user:p%40ssw%C3%B6rd@proxy')).toEqual(
      expect.arrayContaining(['p%40ssw%C3%B6rd', 'p@sswörd']),
    );
    expect(forms('http://user:100%sure@proxy')).toContain('100%sure');
  });

  test.each(['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'])('are found in %s', (name) => {
    expect(proxyCredentials({ [name]: 'http://user:password@proxy' })).not.toEqual([]);
  });
});

describe('a proxy that the library would ignore, and go direct', () => {
  test.each([
    'localhost:3128',
    'junk junk',
    'http://',
    'socks5://proxy:1080',
    'user:pw@127.0.0.1:3128',
    'xhttp://proxy:1',
    'httpsx://proxy:1',
    'junk https://proxy',
    'http://u%zz:p@proxy:1',
    'http://u:p%zz@proxy:1',
  ])('%s is refused by the name of its variable', (value) => {
    const refuse = () => checkNetworkSettings({ https_proxy: value });
    expect(refuse).toThrow('The variable https_proxy cannot be read as the URL of a proxy.');
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        hint: expect.stringMatching(/^Write it as http:.*percent-encoded/),
      }),
    );
  });

  test.each(['', 'http://proxy', 'https://user:p%40ss@proxy:8443/', '127.0.0.1:3128', 'http://[::1]:3128'])(
    '%s is fine',
    (value) => {
      expect(() => checkNetworkSettings({ HTTPS_PROXY: value })).not.toThrow();
    },
  );
});

test('certificates that are not checked are refused, with the cure', () => {
  const check = (value: string) => () => checkNetworkSettings({ NODE_TLS_REJECT_UNAUTHORIZED: value });
  expect(check('0')).toThrow('switches the checks of certificates off');
  expect(check('0')).toThrow(
    expect.objectContaining({
      code: 'INPUT_INVALID',
      hint: expect.stringMatching(/^Unset it: .*NODE_EXTRA_CA_CERTS.*instead\.$/),
    }),
  );
  for (const value of ['', '1']) expect(check(value)).not.toThrow();
});
