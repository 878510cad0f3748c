import { expect, test } from '@jest/globals';
import { isFeedOf, organizationOfFeed } from '../../src/azure-devops/feed-address.js';
import { tokenFor } from '../support/tokens.js';

const { organization } = tokenFor('contoso');

test.each([
  'https://pkgs.dev.azure.com/contoso/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/Contoso/My%20Project/_packaging/a@Release/maven/v1',
  'HTTPS://contoso@PKGS.dev.azure.com:443/contoso/_packaging/a/maven/v1/',
  'https://contoso.pkgs.visualstudio.com/_packaging/a/maven/v1',
  'https://contoso.pkgs.visualstudio.com/widgets/_packaging/a..b/maven/v1',
])('ours: %s', (url) => {
  expect(isFeedOf(organization, url)).toBe(true);
});

test.each([
  'http://pkgs.dev.azure.com/contoso/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com:8443/contoso/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/contoso2/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/contoso',
  'https://pkgs.dev.azure.com/contoso/../fabrikam/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/contoso/%2e%2E/fabrikam/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/contoso/..%2ffabrikam/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/contoso/..%5cfabrikam/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/contoso\\..\\fabrikam',
  'https://pkgs.dev.azure.com.evil.example/contoso/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com@evil.example/contoso/_packaging/a/maven/v1',
  'https://evil.example/@pkgs.dev.azure.com/contoso/',
  'https://evil.example\\@pkgs.dev.azure.com/contoso/',
  'https://evil.example?@pkgs.dev.azure.com/contoso/',
  'https://fabrikam.pkgs.visualstudio.com/contoso/_packaging/a/maven/v1',
  'https://pkgs.dev.azure.com/${org}/_packaging/a/maven/v1',
])('not ours: %s', (url) => {
  expect(isFeedOf(organization, url)).toBe(false);
});

test('an organization is found for plain addresses only', () => {
  const url = 'https://pkgs.dev.azure.com/contoso/_packaging/a/nuget/v3/index.json';
  expect(organizationOfFeed(url)?.name).toBe('contoso');
  expect(organizationOfFeed(url.replace('//', '//contoso@'))).toBeUndefined();
  expect(organizationOfFeed('https://pkgs.dev.azure.com@evil.example/contoso/')).toBeUndefined();
});
