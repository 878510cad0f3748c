import { describe, expect, test } from '@jest/globals';
import type { Facts, FoundFile } from '../../src/consumers/consumer.js';
import { nuget } from '../../src/consumers/nuget.js';
import { facts } from '../support/facts.js';
import { jwt, tokenFor } from '../support/tokens.js';

const TOKEN = jwt({ oid: 'me', tid: 'here', uti: '1' });
const SAME_IDENTITY = jwt({ oid: 'me', tid: 'here', uti: '2' });
const PREFIXES = 'https://pkgs.dev.azure.com/contoso/;https://contoso.pkgs.visualstudio.com/';
const FEED = 'https://pkgs.dev.azure.com/contoso/_packaging/f/nuget/v3/index.json';
const INSTALLED = { executables: new Set(['nuget-plugin-microsoft-artifacts-credential-provider']) };

/** Name and value of every variable; the token as "TOKEN". */
function variables(found: Partial<Facts> = {}): Record<string, string> {
  return Object.fromEntries(
    nuget.plan(tokenFor('contoso', TOKEN), facts(found)).flatMap((effect) => {
      if (effect.kind === 'note') return [];
      if (effect.kind !== 'environment') throw new Error(effect.kind);
      const value = typeof effect.value === 'string' ? effect.value : effect.value.reveal();
      return [[effect.name, value.replace(TOKEN, 'TOKEN')]];
    }),
  );
}

function config(sources: Record<string, string>, more = '', path = '/w/nuget.config'): FoundFile {
  const list = Object.entries(sources).map(([name, url]) => `    <add key="${name}" value="${url}" />`);
  const text = `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <clear />
${list.join('\n')}
  </packageSources>
${more}</configuration>
`;
  return { path, text };
}

function credentials(name: string, key: string, value: string): string {
  return `  <packageSourceCredentials>
    <${name}>
      <add key="Username" value="any" />
      <add key="${key}" value="${value}" />
    </${name}>
  </packageSourceCredentials>
`;
}

const notesOf = (found: Partial<Facts>) =>
  nuget
    .plan(tokenFor('contoso'), facts(found))
    .flatMap((effect) => (effect.kind === 'note' ? [effect.text] : []));

const bySource = (found: Partial<Facts>) =>
  Object.entries(variables(found)).filter(([name]) => name.startsWith('NuGetPackageSourceCredentials_'));

test('both pairs of variables of the credential provider, for every feed of the organization', () => {
  expect(variables(INSTALLED)).toEqual({
    PATLESS_TOKEN_CONTOSO: 'TOKEN',
    ARTIFACTS_CREDENTIALPROVIDER_URI_PREFIXES: PREFIXES,
    ARTIFACTS_CREDENTIALPROVIDER_ACCESSTOKEN: 'TOKEN',
    VSS_NUGET_URI_PREFIXES: PREFIXES,
    VSS_NUGET_ACCESSTOKEN: 'TOKEN',
  });
});

describe('a token that is there already', () => {
  const existing = (
    token: string,
    prefixes = 'https://pkgs.dev.azure.com/fabrikam/',
    begin = 'VSS_NUGET',
  ) => ({
    environment: { [`${begin}_ACCESSTOKEN`]: token, [`${begin}_URI_PREFIXES`]: prefixes },
  });

  test.each(['VSS_NUGET', 'ARTIFACTS_CREDENTIALPROVIDER'])(
    'of another identity (%s) is named, and nothing is planned',
    (begin) => {
      for (const token of [
        'a-personal-access-token',
        jwt({ oid: 'other', tid: 'here' }),
        jwt({ uti: '1' }),
      ]) {
        expect(() => variables(existing(token, undefined, begin))).toThrow(
          `${begin}_ACCESSTOKEN, for https://pkgs.dev.azure.com/fabrikam/.`,
        );
      }
    },
  );

  test('is another identity’s for our own organization, too', () => {
    expect(() => variables(existing('a-personal-access-token', PREFIXES))).toThrow('another identity');
  });

  test('of the same identity: its prefixes are kept', () => {
    const after = variables(existing(SAME_IDENTITY, 'https://pkgs.dev.azure.com/fabrikam/;;'));
    expect(after.VSS_NUGET_URI_PREFIXES).toBe(`${PREFIXES};https://pkgs.dev.azure.com/fabrikam/`);
    expect(after.ARTIFACTS_CREDENTIALPROVIDER_URI_PREFIXES).toBe(after.VSS_NUGET_URI_PREFIXES);
    expect(variables(existing(SAME_IDENTITY, PREFIXES)).VSS_NUGET_URI_PREFIXES).toBe(PREFIXES);
  });

  test('prefixes without a token, or emptied after a job, would give ours to strangers: they are dropped', () => {
    expect(variables(existing('', 'https://nuget.example/')).VSS_NUGET_URI_PREFIXES).toBe(PREFIXES);
    expect(variables(existing('old', '')).VSS_NUGET_URI_PREFIXES).toBe(PREFIXES);
  });
});

describe('without the provider', () => {
  test('each source of the organization gets its variable, and no other source', () => {
    const workspaceFiles = [
      config({
        mine: FEED,
        'My-Feed-2': 'https://contoso.pkgs.visualstudio.com/p/_packaging/f/nuget/v3/index.json',
        'with space': FEED,
        'evil\n': FEED,
        'nuget.org': 'https://api.nuget.org/v3/index.json',
        theirs: 'https://pkgs.dev.azure.com/fabrikam/_packaging/f/nuget/v3/index.json',
        lookalike: 'https://pkgs.dev.azure.com.evil.example/contoso/_packaging/f/nuget/v3/index.json',
        dots: 'https://pkgs.dev.azure.com/contoso/../fabrikam/_packaging/f/nuget/v3/index.json',
        plain: FEED.replace('https', 'http'),
      }),
    ];
    expect(bySource({ workspaceFiles })).toEqual([
      ['NuGetPackageSourceCredentials_mine', 'Username=patless;Password=TOKEN'],
      ['NuGetPackageSourceCredentials_My-Feed-2', 'Username=patless;Password=TOKEN'],
    ]);
  });

  test('a name that any file gives to another address gets none', () => {
    const workspaceFiles = [
      config({ feed: FEED }),
      config({ Feed: 'https://nuget.example/' }, '', '/w/a/nuget.config'),
    ];
    expect(bySource({ workspaceFiles })).toEqual([]);
    const userFiles = { user: config({ feed: 'https://nuget.example/' }) };
    expect(bySource({ workspaceFiles: [config({ feed: FEED })], userFiles })).toEqual([]);
  });

  test("the user's own password for a source stays in force", () => {
    const userFiles = { user: config({ feed: FEED }, credentials('feed', 'ClearTextPassword', 'theirs')) };
    expect(bySource({ workspaceFiles: [config({ feed: FEED })], userFiles })).toEqual([]);
  });

  test.each([
    ['is installed as a tool', INSTALLED],
    [
      'is in the plugins folder',
      { userPaths: new Set(['.nuget/plugins/netcore/CredentialProvider.Microsoft']) },
    ],
    [
      'is named by a variable',
      { environment: { NUGET_PLUGIN_PATHS: '/x/CredentialProvider.Microsoft.dll' } },
    ],
  ])('does not count when it %s: no variable for a source, and no note', (_, found) => {
    const given = { workspaceFiles: [config({ mine: FEED })], ...found };
    expect(bySource(given)).toEqual([]);
    expect(notesOf(given)).toEqual([]);
  });

  test('the note says how to install it, and which sources do without', () => {
    const notes = (workspaceFiles: FoundFile[]) => notesOf({ workspaceFiles }).join();
    expect(notes([])).toMatch(
      /no source .* dotnet tool install --global Microsoft\.Artifacts\.CredentialProvider/,
    );
    expect(notes([config({ mine: FEED, 'with space': FEED })])).toContain('only mine can do without it');
  });
});

describe('passwords that the project commits', () => {
  test.each(['ClearTextPassword', 'Password'])('%s is named with file and line', (key) => {
    const workspaceFiles = [config({ mine: FEED }, credentials('mine', key, 'secret'))];
    const plan = () => variables({ ...INSTALLED, workspaceFiles });
    expect(plan).toThrow('in place of the token: /w/nuget.config:10 (source mine).');
    expect(plan).not.toThrow('secret');
  });

  test('a name that cannot stand in XML is read as NuGet writes it', () => {
    const workspaceFiles = [
      config({ 'my feed': FEED }, credentials('my_x0020_feed', 'ClearTextPassword', 'secret')),
    ];
    expect(() => variables({ workspaceFiles })).toThrow('(source my feed)');
  });

  test('those of other sources are not ours to judge', () => {
    const more = credentials('other', 'ClearTextPassword', 'secret');
    const workspaceFiles = [config({ mine: FEED, other: 'https://nuget.example/' }, more)];
    expect(variables({ ...INSTALLED, workspaceFiles })).toHaveProperty('VSS_NUGET_ACCESSTOKEN');
  });

  test('a placeholder is no secret; the variable of the source outranks it, with a provider, too', () => {
    const workspaceFiles = [config({ mine: FEED }, credentials('mine', 'ClearTextPassword', '%AZURE_PAT%'))];
    expect(bySource({ ...INSTALLED, workspaceFiles })).toEqual([
      ['NuGetPackageSourceCredentials_mine', 'Username=patless;Password=TOKEN'],
    ]);
  });
});

test.each([
  '<configuration>',
  '',
  '<a/>',
  '<configuration><packageSources><add/></packageSources></configuration>',
])('a file that reads %j says nothing', (text) => {
  expect(bySource({ workspaceFiles: [{ path: '/w/nuget.config', text }] })).toEqual([]);
});

test('a password in the URL of a source is refused, and the source of an address with a user name is known', () => {
  const withUser = FEED.replace('https://', 'https://contoso@');
  expect(bySource({ workspaceFiles: [config({ mine: withUser })] })).toHaveLength(1);
  const withPassword = FEED.replace('https://', 'https://contoso:secret@');
  expect(() => variables({ workspaceFiles: [config({ mine: withPassword })] })).toThrow(
    'the URL of source mine',
  );
});
