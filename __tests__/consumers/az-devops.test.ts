import { describe, expect, test } from '@jest/globals';
import { azDevops } from '../../src/consumers/az-devops.js';
import type { Facts } from '../../src/consumers/consumer.js';
import { terraform } from '../../src/consumers/terraform.js';
import type { Effect } from '../../src/effects.js';
import { facts } from '../support/facts.js';
import { jwt, tokenFor } from '../support/tokens.js';

const names = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'environment' ? [effect.name] : []));
const values = (effects: readonly Effect[], variable: string) =>
  effects.flatMap((effect) =>
    effect.kind === 'environment' && effect.name === variable ? [String(effect.value)] : [],
  );

test('az devops: the token, and the organization that needs not be named', () => {
  const effects = azDevops.plan(tokenFor('contoso'), facts());
  expect(names(effects)).toEqual([
    'PATLESS_TOKEN_CONTOSO',
    'AZURE_DEVOPS_EXT_PAT',
    'AZURE_DEVOPS_EXT__DEFAULTS_ORGANIZATION',
  ]);
  expect(values(effects, 'AZURE_DEVOPS_EXT__DEFAULTS_ORGANIZATION')).toEqual([
    'https://dev.azure.com/contoso',
  ]);
});

test('terraform: the provider’s own two variables, and none that other providers read', () => {
  const effects = terraform.plan(tokenFor('contoso'), facts());
  expect(names(effects)).toEqual([
    'PATLESS_TOKEN_CONTOSO',
    'AZDO_PERSONAL_ACCESS_TOKEN',
    'AZDO_ORG_SERVICE_URL',
  ]);
  expect(values(effects, 'AZDO_ORG_SERVICE_URL')).toEqual(['https://dev.azure.com/contoso']);
});

test.each([
  ['a sign-in', '\uFEFF{"subscriptions":[{"id":"x"}]}', 1],
  ['none', '{"subscriptions":[]}', 0],
  ['no JSON', '<', 0],
])('an Azure CLI with %s: %s gives %d notes', (_, text, notes) => {
  const userFiles = { azureProfile: { path: '/home/x/.azure/azureProfile.json', text } };
  const effects = azDevops.plan(tokenFor('contoso'), facts({ userFiles }));
  expect(effects.filter(({ kind }) => kind === 'note')).toHaveLength(notes);
});

describe.each([azDevops, terraform])('$name twice in one job', (consumer) => {
  const [, variable] = names(consumer.plan(tokenFor('contoso'), facts()));
  const held = (token: string): Facts =>
    facts({ environment: { [variable ?? '']: token, PATLESS_TOKEN_CONTOSO: token } });
  const second = (objectId: string) => ({ ...tokenFor('fabrikam'), objectId });

  test('with another identity: refused, and the first is named', () => {
    expect(() => consumer.plan(second('bbb'), held(jwt({ oid: 'aaa' })))).toThrow(
      `and an earlier step of this job has set it up with another identity (its token is in PATLESS_TOKEN_CONTOSO).`,
    );
  });

  test('with the same identity, for the same organization, or over a stored PAT: fine', () => {
    expect(() => consumer.plan(second('aaa'), held(jwt({ oid: 'aaa' })))).not.toThrow();
    expect(() => consumer.plan(tokenFor('contoso'), held(jwt({ oid: 'aaa' })))).not.toThrow();
    const stored = facts({ environment: { [variable ?? '']: 'a stored PAT' } });
    expect(() => consumer.plan(second('bbb'), stored)).not.toThrow();
  });
});
