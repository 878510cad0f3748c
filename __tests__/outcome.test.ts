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

const UNTIL = 'tenant T, until 2026-11-23T10:00:00Z.';
test.each<[string, OrganizationToken | undefined, string]>([
  ['no organization', undefined, `Signed in as object ID O, ${UNTIL}`],
  ['not asked', token, `Signed in to https://dev.azure.com/contoso (not verified) as object ID O, ${UNTIL}`],
  [
    'a name',
    { ...token, identityName: 'bot' },
    `Signed in to https://dev.azure.com/contoso as "bot" (object ID O), ${UNTIL}`,
  ],
  [
    'asked, but without a name',
    { ...token, identityName: '' },
    `Signed in to https://dev.azure.com/contoso as object ID O, ${UNTIL}`,
  ],
])('%s', (_, verified, line) => expect(logLines(token, verified, [])[0]).toBe(line));

test('what was set up and where to find the sign-in are lines of their own', () => {
  expect(logLines({ ...token, tokenId: 'uti' }, undefined, ['git', 'TOKEN']).slice(1)).toEqual([
    'For later steps: git, TOKEN.',
    'In the Entra sign-in log, this sign-in has the unique token identifier uti.',
  ]);
});
