import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { Secret } from '../src/secret.js';

test('a secret shows *** in every way of printing it, and its value only to reveal() (F11)', () => {
  const secret = new Secret('value');
  const error = new Error(`failed with ${secret}`, { cause: secret });
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { depth: 10 }),
    inspect(error),
  ];
  for (const text of shown) expect(text).not.toContain('value');
  expect(shown.slice(0, 3)).toEqual(['***', '{"secret":"***"}', '{ deep: { secret: *** } }']);
  expect(secret.reveal()).toBe('value');
});
