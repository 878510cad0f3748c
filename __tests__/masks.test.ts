import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Masker } from '../local-cloud/runner/masker.js';
import { accessTokenForms, jwtForms } from '../src/masks.js';
import { Secret } from '../src/secret.js';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const values = (secrets: readonly Secret[]) => secrets.map((secret) => secret.reveal());

describe('an access token', () => {
  test('is masked whole, by its signature, and in Base64 whatever stands before it (F5, F6, F7)', () => {
    const [whole, signature, patless, nobody, ...base64] = values(accessTokenForms(new Secret(TOKEN)));
    expect([whole, signature]).toEqual([TOKEN, TOKEN.split('.')[2]]);
    const basic = ['patless', ''].map((user) => Buffer.from(`${user}:${TOKEN}`).toString('base64'));
    expect([patless, nobody]).toEqual(basic);
    for (const before of ['', ':', 'x:', 'patless:', 'VssSessionToken:', '{"token":"']) {
      const encoded = Buffer.from(`${before}${TOKEN}`).toString('base64');
      const left = base64.reduce((text, form) => text.replace(form, ''), encoded);
      expect(left.length).toBeLessThan(Buffer.from(before).toString('base64').length + 8);
    }
  });

  test('on GitHub, its encodings are hidden too (F4, F6)', () => {
    const masker = new Masker();
    for (const value of values(accessTokenForms(new Secret(TOKEN)))) masker.add(value);
    for (const user of ['', 'x', 'patless', 'contoso', 'WorkloadIdentityFederation']) {
      expect(masker.mask(Buffer.from(`${user}:${TOKEN}`).toString('base64'))).toContain('***');
    }
    expect(masker.hides(encodeURIComponent(TOKEN))).toBe(true);
  });
});

describe('what no host can mask is said in the README (F8)', () => {
  const readme = readFileSync('README.md', 'utf8');
  const bytes = Buffer.from(TOKEN);
  test.each<[string, string]>([
    ['hex', bytes.toString('hex')],
    ['Base64 of Base64', Buffer.from(bytes.toString('base64')).toString('base64')],
    ['reversed', [...TOKEN].reverse().join('')],
    ['UTF-16', bytes.toString('utf16le')],
    ['compressed', gzipSync(bytes).toString('latin1')],
    ['split text', TOKEN.match(/.{1,10}/g)?.join('\n') ?? ''],
  ])('%s', (name, form) => {
    const masker = new Masker();
    for (const value of values(accessTokenForms(new Secret(TOKEN)))) masker.add(value);
    expect(masker.hides(form)).toBe(false);
    expect(readme.match(/^\| forms that the host cannot mask: .*$/m)?.[0]).toContain(name);
  });
});

test('six characters are the fewest that are masked', () => {
  expect(values(jwtForms(new Secret('123456')))).toEqual(['123456']);
  expect(values(jwtForms(new Secret('12345')))).toEqual([]);
});

test('an opaque token has no signature, and nothing short is ever masked (F17)', () => {
  expect(values(jwtForms(new Secret('opaque-token')))).toEqual(['opaque-token']);
  expect(values(jwtForms(new Secret('a.b.c')))).toEqual([]);
  expect(values(accessTokenForms(new Secret('')))).toEqual([]);
  // A host masks line by line: one letter in a line would black out every such letter in the log.
  expect(values(jwtForms(new Secret('e\na\nt\no\ni\nn')))).toEqual([]);
  expect(values(accessTokenForms(new Secret('long enough\re')))).toEqual([]);
});
