import { describe, expect, test } from '@jest/globals';
import type { Facts } from '../../src/consumers/consumer.js';
import { npm } from '../../src/consumers/npm.js';
import type { Effect } from '../../src/effects.js';
import { Secret } from '../../src/secret.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

const plan = (found: Partial<Facts> = {}, organization = 'contoso') =>
  npm.plan(tokenFor(organization), facts(found));

function fileOf(effects: readonly Effect[], name: string): string {
  const found = effects.find((effect) => effect.kind === 'file' && effect.path.endsWith(`/${name}`));
  if (found?.kind !== 'file') throw new Error(name);
  return found.content instanceof Secret ? found.content.reveal() : found.content;
}

function npmrc(found: Partial<Facts> = {}, organization = 'contoso'): string[] {
  return fileOf(plan(found, organization), 'npmrc').split('\n');
}

const keys = (found: Partial<Facts> = {}) =>
  npmrc(found)
    .filter((line) => line.endsWith(':_authToken=${PATLESS_TOKEN_CONTOSO}'))
    .map((line) => line.replace(/:_authToken.*/, ''));

const project = (text: string, path = '/work/.npmrc') => ({ workspaceFiles: [{ path, text }] });

test('one entry for the organization at each host, and one that stops npm from lending it to another', () => {
  expect(npmrc()).toEqual([
    '//pkgs.dev.azure.com/contoso/:_authToken=${PATLESS_TOKEN_CONTOSO}',
    '//contoso.pkgs.visualstudio.com/:_authToken=${PATLESS_TOKEN_CONTOSO}',
    '//pkgs.dev.azure.com/Contoso/:_authToken=${PATLESS_TOKEN_CONTOSO}',
    '//pkgs.dev.azure.com/CONTOSO/:_authToken=${PATLESS_TOKEN_CONTOSO}',
    '//pkgs.dev.azure.com/:certfile=/temp/patless-00000000-0000-0000-0000-000000000000/npm-no-certificate',
    '//pkgs.dev.azure.com/:keyfile=/temp/patless-00000000-0000-0000-0000-000000000000/npm-no-certificate',
    '',
  ]);
});

describe('exact entries', () => {
  test('for each feed of the organization, at both hosts, with spaces as written and as in a URL', () => {
    const feeds = [
      { name: 'packages', project: undefined },
      { name: 'tools', project: 'My Project' },
    ];
    expect(keys({ feeds })).toEqual(
      expect.arrayContaining([
        '//pkgs.dev.azure.com/contoso/_packaging/packages/npm/',
        '//pkgs.dev.azure.com/contoso/_packaging/packages/npm/registry/',
        '//pkgs.dev.azure.com/contoso/My Project/_packaging/tools/npm/registry/',
        '//contoso.pkgs.visualstudio.com/My%20Project/_packaging/tools/npm/registry/',
      ]),
    );
  });

  test.each([
    ['registry=https://pkgs.dev.azure.com/ConToso/_packaging/p@Local/npm/registry/', '/work/.npmrc'],
    ['registry "https://pkgs.dev.azure.com/ConToso/_packaging/p@Local/npm/registry"', '/work/.yarnrc'],
    [
      '{"publishConfig":{"registry":"https://pkgs.dev.azure.com/ConToso/_packaging/p@Local/npm/registry/"}}',
      '/work/a/package.json',
    ],
    [
      'npmRegistryServer: "https://me@pkgs.dev.azure.com/ConToso/_packaging/p@Local/npm/registry"',
      '/work/.yarnrc.yml',
    ],
  ])('for what the project names, in its letter case: %s', (text, path) => {
    expect(keys(project(text, path))).toEqual(
      expect.arrayContaining([
        '//pkgs.dev.azure.com/ConToso/',
        '//pkgs.dev.azure.com/ConToso/_packaging/p@Local/npm/registry/',
      ]),
    );
  });

  test.each([
    'https://pkgs.dev.azure.com/contoso/../fabrikam/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com/contoso/%2e%2E/fabrikam/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com/contoso/\\..\\..\\fabrikam/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com/contoso2/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com.evil.example/contoso/_packaging/p/npm/registry/',
    'https://pkgsXdev.azure.com/contoso/_packaging/p/npm/registry/',
    'https://evil.example/pkgs.dev.azure.com/contoso/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com:8443/contoso/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com/contoso/a=b/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com/contoso/${HOME}/_packaging/p/npm/registry/',
    'https://pkgs.dev.azure.com/contoso/a;b/_packaging/p/npm/registry/',
    'https://fabrikam-contoso.pkgs.visualstudio.com/_packaging/p/npm/registry/',
  ])('none for %s', (url) => {
    expect(keys(project(`registry=${url}`))).toEqual(keys());
  });

  test('hostile text holds nobody up', () => {
    const start = performance.now();
    keys(project(`//pkgs.dev.azure.com/contoso${'/_packaging/a'.repeat(20_000)}`));
    keys(project('//'.repeat(120_000)));
    keys(project('//a:'.repeat(60_000)));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("the user's own file", () => {
  const own = (text: string) => ({ userFiles: { npmrc: { path: '/home/.npmrc', text } } });

  test('comes first, with or without a new line at its end', () => {
    expect(npmrc(own('registry=https://own.example/')).slice(0, 2)).toEqual([
      'registry=https://own.example/',
      '//pkgs.dev.azure.com/contoso/:_authToken=${PATLESS_TOKEN_CONTOSO}',
    ]);
    expect(npmrc(own('a=b\n\n')).slice(0, 3)).toEqual(['a=b', '', expect.stringContaining('contoso')]);
  });

  test('is that of an earlier call: another organization is added, the same one is not repeated', () => {
    const first = fileOf(plan(), 'npmrc');
    expect(fileOf(plan(own(first)), 'npmrc')).toBe(first);
    const both = npmrc(own(first), 'fabrikam').join('\n');
    expect(both).toContain(first);
    expect(both).toContain('//pkgs.dev.azure.com/fabrikam/:_authToken=${PATLESS_TOKEN_FABRIKAM}');
  });

  test('is not found for sure when npm_config_userconfig is set in small letters', () => {
    expect(() => plan({ environment: { npm_config_userconfig: '/x' } })).toThrow(
      'npm_config_userconfig is set',
    );
  });
});

test.each([
  ['', '/work/.yarnrc'],
  ['# THIS IS AN AUTOGENERATED FILE.\n# yarn lockfile v1\n', '/work/yarn.lock'],
  ['{ "packageManager": "yarn@1.22.22" }', '/work/package.json'],
])('always-auth is there when Yarn 1 is: %j in %s', (text, path) => {
  expect(npmrc(project(text, path))).toContain('always-auth=true');
  expect(npmrc(project('__metadata:\n', '/work/yarn.lock'))).not.toContain('always-auth=true');
});

test('the plugin of Yarn 4 is added to those that the job has', () => {
  const variables = (environment: Record<string, string>) =>
    plan({ environment }).flatMap((effect) =>
      effect.kind === 'environment' && effect.name === 'YARN_PLUGINS' ? [String(effect.value)] : [],
    );
  expect(variables({})[0]).toMatch(/^[^;]*yarn-plugin\.cjs$/);
  expect(variables({ YARN_PLUGINS: '/own.cjs' })[0]).toMatch(/^\/own\.cjs;[^;]*yarn-plugin\.cjs$/);
});

describe('a line of the project is refused, by file and line', () => {
  const FEED = '//pkgs.dev.azure.com/Contoso/_packaging/p/npm/registry/';

  test.each([
    [`${FEED}:_password=c2VjcmV0`, 'holds a credential'],
    [`${FEED}:_authToken = "secret"`, 'holds a credential'],
    ['//contoso.pkgs.visualstudio.com/:_auth=c2VjcmV0', 'holds a credential'],
    [
      'registry=https://me:secret@pkgs.dev.azure.com/contoso/_packaging/p/npm/registry/',
      'holds a credential',
    ],
    ['registry=http://pkgs.dev.azure.com/contoso/_packaging/p/npm/registry/', 'by http://'],
  ])('%s', (line, text) => {
    expect(() => plan(project(`; first\n${line}\n`))).toThrow(text);
    expect(() => plan(project(`; first\n${line}\n`))).toThrow('/work/.npmrc, line 2,');
    expect(() => plan(project(`; first\n${line}\n`))).not.toThrow('secret');
  });

  test.each([
    `${FEED}:_authToken=\${NPM_TOKEN}`,
    `; ${FEED}:_password=c2VjcmV0`,
    '//pkgs.dev.azure.com/fabrikam/_packaging/p/npm/registry/:_authToken=x',
    '//registry.npmjs.org/:_authToken=x',
    'registry=https://contoso@pkgs.dev.azure.com/contoso/_packaging/p/npm/registry/',
  ])('but not %s', (line) => {
    expect(() => plan(project(line))).not.toThrow();
  });
});

test.each([
  ['.npmrc', 'registry=HTTP://pkgs.dev.azure.com/contoso/_packaging/a/npm/registry/'],
  ['.npmrc', 'registry=http://pkgs.dev.azure.com:80/contoso/_packaging/a/npm/registry/'],
  ['.npmrc', 'registry=http:/pkgs.dev.azure.com/contoso/_packaging/a/npm/registry/'],
  [
    'package.json',
    '{"homepage":"http://example.com","publishConfig":{"registry":"http://pkgs.dev.azure.com/contoso/_packaging/a/npm/registry/"}}',
  ],
  [
    'npm-shrinkwrap.json',
    '"resolved": "http://contoso.pkgs.visualstudio.com/_packaging/a/npm/registry/x.tgz"',
  ],
])('a feed by http is refused however it is written: %s %s', (name, text) => {
  const found = { workspaceFiles: [{ path: `/w/${name}`, text }] };
  expect(() => npm.plan(tokenFor('contoso'), facts(found))).toThrow('names a feed of contoso by http://');
});

test('also where the user or a variable names it', () => {
  const text = 'registry=http://pkgs.dev.azure.com/contoso/_packaging/a/npm/registry/';
  const own = { userFiles: { npmrc: { path: '/home/.npmrc', text } } };
  expect(() => npm.plan(tokenFor('contoso'), facts(own))).toThrow('/home/.npmrc, line 1');
  const variable = { environment: { npm_config_registry: text.slice(9) } };
  expect(() => npm.plan(tokenFor('contoso'), facts(variable))).toThrow('the variable npm_config_registry');
});

test('our lines come before the first section of the user’s file, or npm would not see them', () => {
  const own = { userFiles: { npmrc: { path: '/home/.npmrc', text: 'a=b\n[section]\nc=d\n' } } };
  const [file] = npm.plan(tokenFor('contoso'), facts(own)).filter((effect) => effect.kind === 'file');
  const content = file?.kind === 'file' && file.content instanceof Secret ? file.content.reveal() : '';
  expect(content.indexOf('_authToken')).toBeLessThan(content.indexOf('[section]'));
  expect(content).toMatch(/^a=b\n/);
  expect(content).toContain('[section]\nc=d\n');
});
