import { describe, expect, test } from '@jest/globals';
import { Masker } from '../local-cloud/runner/masker.js';
import { accessTokenForms, BASIC_USER_NAMES, jwtForms, proxyUrlForms } from '../src/masks.js';
import { Secret } from '../src/secret.js';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const values = (secrets: readonly Secret[]) => secrets.map((secret) => secret.reveal());

describe('an access token', () => {
  test('is masked whole, by its signature, and in Basic for every user name in use', () => {
    const basic = BASIC_USER_NAMES.map((user) => Buffer.from(`${user}:${TOKEN}`).toString('base64'));
    expect(values(accessTokenForms(new Secret(TOKEN)))).toEqual([TOKEN, TOKEN.split('.')[2], ...basic]);
  });

  test('on GitHub, its encodings are hidden too; the README lists what cannot be', () => {
    const masker = new Masker();
    for (const value of values(accessTokenForms(new Secret(TOKEN)))) masker.add(value);
    for (const user of ['', 'x', 'patless', 'contoso', 'WorkloadIdentityFederation']) {
      expect(masker.mask(Buffer.from(`${user}:${TOKEN}`).toString('base64'))).toContain('***');
    }
    expect(masker.hides(encodeURIComponent(TOKEN))).toBe(true);
    expect(masker.hides(Buffer.from(TOKEN).toString('hex'))).toBe(false);
  });
});

test('an opaque token has no signature, and nothing short is ever masked', () => {
  expect(values(jwtForms(new Secret('opaque-token')))).toEqual(['opaque-token']);
  expect(values(jwtForms(new Secret('a.b.c')))).toEqual([]);
  expect(values(accessTokenForms(new Secret('')))).toEqual([]);
});

describe('a proxy URL', () => {
  test.each([
    ['http://proxy:3128', []],
    ['http://user:s3cr3t-pass@proxy:3128', ['s3cr3t-pass', 'user:s3cr3t-pass', 'dXNlcjpzM2NyM3QtcGFzcw==']],
    ['user:s3cr3t-pass@proxy', ['s3cr3t-pass', 'user:s3cr3t-pass', 'dXNlcjpzM2NyM3QtcGFzcw==']],
    ['http://u:s@proxy', []],
  ])('%s', (url, expected) => expect(values(proxyUrlForms(url))).toEqual(expected));

  test('with escapes is masked as written and as meant', () => {
    expect(values(proxyUrlForms('http://user:p%40ssw%C3%B6rd@proxy'))).toEqual(
      expect.arrayContaining(['p%40ssw%C3%B6rd', 'p@sswörd']),
    );
    expect(values(proxyUrlForms('http://user:100%sure@proxy'))).toContain('100%sure');
  });
});
