import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { claimsOf } from '../src/jwt.js';

const part = (text: string | Buffer) => Buffer.from(text).toString('base64url');
const jwt = (payload: string | Buffer) => `${part('{"alg":"none"}')}.${part(payload)}.c2ln`;

describe('claimsOf (C4)', () => {
  test('reads the claims', () => expect(claimsOf(jwt('{"sub":"größe"}'))).toEqual({ sub: 'größe' }));

  test.each([
    ['nothing', ''],
    ['two parts', 'a.b'],
    ['four parts', 'a.b.c.d'],
    ['an empty part', 'a..c'],
    ['a payload that is no JSON', jwt('secret-text')],
    ['a payload of bytes', jwt(Buffer.from([0xff, 0xfe, 0x00]))],
    ['an array', jwt('[1]')],
    ['null', jwt('null')],
    ['a line break', `${jwt('{}')}\n`],
    ['ten thousand levels', jwt('['.repeat(10_000))],
  ])('%s gives no claims and no error', (_, token) => expect(claimsOf(token)).toBeUndefined());

  test('a member called __proto__ is only a member', () => {
    const claims = claimsOf(jwt('{"__proto__":{"oid":"x"}}'));
    expect((claims as { oid?: string }).oid).toBeUndefined();
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void claimsOf(text)));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void claimsOf(jwt(text))));
  });
});
