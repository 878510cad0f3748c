import { describe, expect, test } from '@jest/globals';
import { Masker } from '../local-cloud/runner/masker.js';
import { accessTokenForms, BASIC_USER_NAMES, jwtForms } from '../src/masks.js';
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
