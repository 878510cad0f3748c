import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseOrganization } from '../../src/azure-devops/organization.js';

test.each([
  'Contoso-Dev',
  'https://dev.azure.com/contoso-dev',
  'https://DEV.azure.com/CONTOSO-dev/',
  'https://contoso-DEV.visualstudio.com/',
])('%s is the organization contoso-dev (A6)', (text) =>
  expect(parseOrganization(text)).toEqual({
    name: 'contoso-dev',
    url: 'https://dev.azure.com/contoso-dev',
    legacyHost: 'contoso-dev.visualstudio.com',
    folderVariable: 'PATLESS_FOLDER_CONTOSO_DEV',
    tokenVariable: 'PATLESS_TOKEN_CONTOSO_DEV',
  }),
);

test.each([
  '',
  '..',
  'a/b',
  'a?x',
  'a#x',
  'a b',
  '-a',
  'a-',
  'a_b',
  'ä',
  'x'.repeat(51),
  'http://dev.azure.com/contoso',
  'https://dev.azure.com',
  'https://dev.azure.com/',
  'https://dev.azure.com/contoso/project',
  'https://dev.azure.com//contoso',
  'https://dev.azure.com:443/contoso',
  'https://contoso@dev.azure.com/contoso',
  'https://dev.azure.com.evil.example/contoso',
  'https://dev.azure.com/contoso?x=y',
  'https://dev.azure.com/%63ontoso',
  'https://visualstudio.com',
  'https://a.b.visualstudio.com',
  'https://contoso.visualstudio.com.evil.example',
  'https://contoso.visualstudio.com/DefaultCollection',
  'contoso\nfabrikam',
])('%j is refused (A6)', (text) => expect(parseOrganization(text)).toBeUndefined());

test('whatever is accepted makes URLs on our two hosts, and nothing that a shell would read', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9.-]{1,60}$/)), (text) => {
      const organization = parseOrganization(text);
      if (organization === undefined) return;
      expect(new URL(organization.url).host).toBe('dev.azure.com');
      expect(new URL(`https://${organization.legacyHost}`).host).toMatch(/^[a-z0-9-]+\.visualstudio\.com$/);
      expect(organization.tokenVariable).toMatch(/^PATLESS_TOKEN_[A-Z0-9_]+$/);
    }),
  );
});
