// Whose repository a host and a path name: ours only where no server can read them in another way.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { organizationOfRepository } from '../../src/azure-devops/repository-address.js';

describe('an organization’s', () => {
  test.each([
    ['dev.azure.com', 'contoso/widgets/_git/app'],
    ['dev.azure.com', 'Contoso/My Project/_git/app'],
    ['DEV.azure.com:443', 'contoso'],
    ['contoso.visualstudio.com', 'widgets/_git/app'],
    ['Contoso.VisualStudio.com', ''],
  ])('%s %s', (host, path) => expect(organizationOfRepository(host, path)?.name).toBe('contoso'));
});

describe('nobody’s', () => {
  test.each([
    ['dev.azure.com', ''],
    ['dev.azure.com:8443', 'contoso/x'],
    ['dev.azure.com', 'contoso/../fabrikam/x'],
    ['dev.azure.com', 'contoso\\..\\fabrikam'],
    ['dev.azure.com', '../contoso'],
    ['dev.azure.com.evil.example', 'contoso/x'],
    ['xdev.azure.com', 'contoso/x'],
    ['a.contoso.visualstudio.com', 'x'],
    ['github.com', 'contoso/x'],
    ['', 'contoso/x'],
  ])('%s %s', (host, path) => expect(organizationOfRepository(host, path)).toBeUndefined());
});

test('whatever stands before a dot segment, the path gets no answer', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      expect(organizationOfRepository('dev.azure.com', `contoso/${before}/../${after}`)).toBeUndefined();
    }),
  );
});
