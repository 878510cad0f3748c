// Addresses of repositories and feeds: what they name, and what is none.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseResourceAddress, withoutUser } from '../../src/azure-devops/resource-address.js';

/** "git contoso: widgets/app" */
function said(address: string): string | undefined {
  const found = parseResourceAddress(address);
  return found && `${found.kind} ${found.organization.name}: ${found.project ?? '-'}/${found.name}`;
}

test.each([
  ['https://dev.azure.com/contoso/widgets/_git/app', 'git contoso: widgets/app'],
  ['https://Contoso@dev.azure.com/Contoso/widgets/_git/app', 'git contoso: widgets/app'],
  ['https://dev.azure.com:443/contoso/widgets/_git/app/', 'git contoso: widgets/app'],
  ['https://dev.azure.com/contoso/My%20Project/_git/My%20App%20(2)', 'git contoso: My Project/My App (2)'],
  ['https://dev.azure.com/contoso/widgets/_git/app.v2', 'git contoso: widgets/app.v2'],
  ['https://dev.azure.com/contoso/_git/widgets', 'git contoso: widgets/widgets'],
  ['https://contoso.visualstudio.com/widgets/_git/app', 'git contoso: widgets/app'],
  ['https://contoso.visualstudio.com/DefaultCollection/widgets/_git/app', 'git contoso: widgets/app'],
  ['https://contoso.visualstudio.com/_git/widgets', 'git contoso: widgets/widgets'],
  ['https://pkgs.dev.azure.com/contoso/_packaging/tools/npm/registry/', 'feed contoso: -/tools'],
  ['https://pkgs.dev.azure.com/contoso/_packaging/tools', 'feed contoso: -/tools'],
  [
    'https://pkgs.dev.azure.com/contoso/My%20Project/_packaging/tools@Local/nuget/v3/index.json',
    'feed contoso: My Project/tools',
  ],
  ['https://contoso.pkgs.visualstudio.com/_packaging/tools/pypi/simple/', 'feed contoso: -/tools'],
  [
    'https://contoso.pkgs.visualstudio.com/DefaultCollection/widgets/_packaging/tools/maven/v1',
    'feed contoso: widgets/tools',
  ],
])('%s', (address, expected) => expect(said(address)).toBe(expected));

describe('no address of a repository or feed', () => {
  test.each([
    '',
    'widgets/app',
    'http://dev.azure.com/contoso/widgets/_git/app',
    'https://dev.azure.com/contoso/widgets',
    'https://dev.azure.com/contoso/widgets/_git/',
    'https://dev.azure.com/contoso/widgets/_git/app?version=GBmain',
    'https://dev.azure.com/contoso/widgets/extra/_git/app',
    'https://dev.azure.com/contoso/widgets/_packaging/tools/npm/registry/',
    'https://pkgs.dev.azure.com/contoso/widgets/_git/app',
    'https://dev.azure.com/contoso/../fabrikam/widgets/_git/app',
    'https://dev.azure.com/contoso/%2e%2e/_git/app',
    'https://dev.azure.com/contoso/wid%2fgets/_git/app',
    'https://dev.azure.com/contoso/widgets/_git/app%0a',
    'https://dev.azure.com/contoso/widgets/_git/app%',
    'https://dev.azure.com/contoso/My Project/_git/app',
    'https://dev.azure.com.example/contoso/widgets/_git/app',
    'https://example.com/dev.azure.com/contoso/widgets/_git/app',
    'https://a.b.visualstudio.com/widgets/_git/app',
    'https://user:secret@dev.azure.com/contoso/widgets/_git/app',
    'https://dev.azure.com:8443/contoso/widgets/_git/app',
    'git@ssh.dev.azure.com:v3/contoso/widgets/app',
    'https://github.com/contoso/app.git',
  ])('%s', (address) => expect(said(address)).toBeUndefined());
});

test('whatever the names are, they come out as they went in', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/[/\\@?#%]|^\.{1,2}$|^DefaultCollection$|^_/i.test(text))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are refused.
    .filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
  fc.assert(
    fc.property(name, name, (project, repository) => {
      const path = `${encodeURIComponent(project)}/_git/${encodeURIComponent(repository)}`;
      expect(said(`https://dev.azure.com/contoso/${path}`)).toBe(`git contoso: ${project}/${repository}`);
      const feed = `${encodeURIComponent(project)}/_packaging/${encodeURIComponent(repository)}/npm/registry/`;
      expect(said(`https://contoso.pkgs.visualstudio.com/${feed}`)).toBe(
        `feed contoso: ${project}/${repository}`,
      );
    }),
  );
});

test('no text breaks the parser, and what it takes is of one of our hosts', () => {
  const piece = fc.constantFrom(
    'https://',
    'dev.azure.com',
    'pkgs.',
    '/',
    '_git',
    '_packaging',
    '%',
    '@',
    '..',
    'a',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 14 }), (pieces) => {
      const address = pieces.join('');
      if (said(address) !== undefined) {
        expect(new URL(address).host).toMatch(/^(?:pkgs\.)?dev\.azure\.com$|\.visualstudio\.com$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a password in front of the host is not shown again', () => {
  expect(withoutUser('https://user:secret@dev.azure.com/contoso')).toBe('https://dev.azure.com/contoso');
  expect(withoutUser('https://dev.azure.com/contoso/a@b')).toBe('https://dev.azure.com/contoso/a@b');
});
