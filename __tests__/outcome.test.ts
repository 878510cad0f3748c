import { expect, test } from '@jest/globals';
import type { OrganizationToken } from '../src/azure-devops/verify.js';
import { systemClock } from '../src/clock.js';
import { logLines, outputs } from '../src/outcome.js';
import { tokenFor } from './support/tokens.js';

const token = {
  ...tokenFor('contoso'),
  expiresOn: new Date('2026-11-23T10:00:00.900Z'),
  objectId: 'O',
  tenantId: 'T',
};

test('times are whole seconds, UTC; what is left is rounded down (G8)', () => {
  const values = Object.fromEntries(
    outputs(
      token,
      { ...token, identityName: 'bot' },
      { ...systemClock, now: () => Date.parse('2026-11-23T09:59:00Z') },
    ).map((effect) => (effect.kind === 'output' ? [effect.name, effect.value] : [])),
  );
  expect(values).toMatchObject({
    'expires-on': '2026-11-23T10:00:00Z',
    'expires-in': '60',
    'identity-name': 'bot',
  });
});

test.each<[string, OrganizationToken | undefined, string, string]>([
  ['no organization', undefined, 'object ID O', 'none given, so Azure DevOps was not asked'],
  ['not asked', token, 'object ID O', 'https://dev.azure.com/contoso (not verified)'],
  [
    'a name',
    { ...token, identityName: 'bot' },
    '"bot", object ID O',
    'https://dev.azure.com/contoso, which knows this identity',
  ],
  [
    'asked, but without a name',
    { ...token, identityName: '' },
    'object ID O',
    'https://dev.azure.com/contoso, which knows this identity',
  ],
])('five lines: %s', (_, forOrganization, who, where) => {
  expect(logLines({ ...token, tokenId: 'uti' }, forOrganization, ['git', 'TOKEN'])).toEqual([
    `Signed in as ${who}, tenant T.`,
    `Organization: ${where}.`,
    'Valid until 2026-11-23T10:00:00Z.',
    'For later steps: outputs, git, TOKEN.',
    'In the Entra sign-in log: unique token identifier uti.',
  ]);
});

test('an opaque token tells nothing of itself', () => {
  const lines = logLines({ ...token, objectId: '', tokenId: '' }, undefined, []);
  expect(lines[0]).toBe('Signed in as object ID unknown, tenant T.');
  expect(lines.slice(3)).toEqual([
    'For later steps: outputs.',
    'In the Entra sign-in log: unique token identifier unknown.',
  ]);
});
