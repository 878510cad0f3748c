import { describe, expect, test } from '@jest/globals';
import { cargo } from '../../src/consumers/cargo.js';
import { Secret } from '../../src/secret.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

const PROVIDERS = 'CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS';
const folder = (digit: number) => `/temp/patless-${String(digit).repeat(8)}-0000-0000-0000-000000000000`;

function providersAfter(existing: string, digit = 2): unknown {
  const effects = cargo.plan(
    tokenFor('contoso'),
    facts({ folder: folder(digit), environment: existing === '' ? {} : { [PROVIDERS]: existing } }),
  );
  return effects.flatMap((effect) =>
    effect.kind === 'environment' && effect.name === PROVIDERS ? [effect] : [],
  );
}

test.each([
  ['', `cargo:token ${folder(2)}/cargo-credential`],
  ['cargo:token', `cargo:token ${folder(2)}/cargo-credential`],
  [' theirs  cargo:libsecret ', `theirs cargo:libsecret ${folder(2)}/cargo-credential`],
  [`theirs ${folder(1)}/cargo-credential`, `theirs ${folder(2)}/cargo-credential`],
  [`cargo:token ${folder(1)}/cargo-credential other`, `cargo:token other ${folder(2)}/cargo-credential`],
])('after the providers %j ours is asked first', (existing, value) => {
  expect(providersAfter(existing)).toEqual([{ kind: 'environment', name: PROVIDERS, value, restore: true }]);
});

test('the token is in its variable only, and the launcher is a program without it', () => {
  const [variable, file] = cargo.plan(tokenFor('contoso'), facts());
  expect(variable).toMatchObject({ name: 'PATLESS_TOKEN_CONTOSO', restore: false });
  expect(variable).toHaveProperty('value', expect.any(Secret));
  expect(file).toMatchObject({ kind: 'file', isProgram: true });
});

describe('a folder with a space, which Cargo would split', () => {
  test('is refused', () => {
    expect(() => cargo.plan(tokenFor('contoso'), facts({ folder: '/my agent/patless-0' }))).toThrow(
      /path with spaces: \/my agent/,
    );
  });
});
