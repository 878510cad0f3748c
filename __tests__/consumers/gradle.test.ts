import { expect, test } from '@jest/globals';
import { gradle } from '../../src/consumers/gradle.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

const script = (organization: string) =>
  gradle
    .plan(tokenFor(organization), facts())
    .flatMap((effect) => (effect.kind === 'file' ? [String(effect.content)] : []))
    .join();

test('the script is the same for every organization, so that a second call takes nothing from the first', () => {
  expect(script('contoso')).toBe(script('fabrikam'));
  expect(script('contoso')).toContain(
    "'PATLESS_TOKEN_' + organization.toUpperCase(Locale.ROOT).replace('-', '_')",
  );
  expect(tokenFor('fabrikam-2').organization.tokenVariable).toBe('PATLESS_TOKEN_FABRIKAM_2');
});

test('the user name is the one that is masked together with the token', () => {
  expect(script('contoso')).toContain("username = 'patless'");
});
