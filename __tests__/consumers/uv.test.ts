// uv itself is not run: what its documentation says of netrc files is held here (docs/concepts/authentication/http.md of uv 0.12).
import { describe, expect, test } from '@jest/globals';
import { uv } from '../../src/consumers/uv.js';
import { Secret } from '../../src/secret.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

/** What NETRC leads to, after the user's own file or that of an earlier call. */
function netrc(organization = 'contoso', token = 't0ken', text?: string): string {
  const userFiles = text === undefined ? {} : { netrc: { path: '/home/ci/.netrc', text } };
  const effects = uv.plan(tokenFor(organization, token), facts({ folder: '/temp/run', userFiles }));
  expect(effects).toMatchObject([
    { kind: 'environment', name: `PATLESS_TOKEN_${organization.toUpperCase()}` },
    { kind: 'file', path: '/temp/run/netrc', content: expect.any(Secret), isProgram: false },
    { kind: 'environment', name: 'NETRC', value: '/temp/run/netrc' },
  ]);
  const [, file] = effects;
  return file?.kind === 'file' && file.content instanceof Secret ? file.content.reveal() : '';
}

const CONTOSO = `machine pkgs.dev.azure.com login patless password t0ken
machine contoso.pkgs.visualstudio.com login patless password t0ken
`;

test('one entry for each of our hosts', () => expect(netrc()).toBe(CONTOSO));

test("the user's entries follow, so that theirs for all other hosts stays the last", () => {
  const own = 'machine registry.example\n  login me\n  password mine\ndefault login x password y\n';
  expect(netrc('contoso', 't0ken', own)).toBe(CONTOSO + own);
});

test('a later call for the same organization puts the new token in the place of the earlier one', () => {
  const own = 'machine registry.example login me password mine\n';
  expect(netrc('contoso', 'newer', netrc('contoso', 't0ken', own))).toBe(
    CONTOSO.replaceAll('t0ken', 'newer') + own,
  );
});

test('a later call for another organization fails, and names the first', () => {
  expect(() => netrc('fabrikam', 'newer', CONTOSO)).toThrow('uv is set up for contoso in this job');
});

describe("an entry of the user's for one of our hosts is refused", () => {
  test.each([
    'machine pkgs.dev.azure.com login me password mine',
    'machine\n  "PKGS.dev.azure.com"\n  login me password mine',
    'machine x login y password z machine contoso.pkgs.visualstudio.com login me password mine',
  ])('%j', (text) =>
    expect(() => netrc('contoso', 't0ken', text)).toThrow(/^\/home\/ci\/\.netrc has an entry for /),
  );

  test('others are left alone', () => {
    const text =
      'machine fabrikam.pkgs.visualstudio.com login a password b\nmachine pkgs.dev.azure.com.example login a password b\n';
    expect(netrc('contoso', 't0ken', text)).toBe(CONTOSO + text);
  });
});

test('a password in an index of pyproject.toml is refused, with its line', () => {
  const text = `[[tool.uv.index]]\nname = "feed"\nurl = "https://user:secret@pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/"\n`;
  const workspaceFiles = [{ path: '/work/pyproject.toml', text }];
  expect(() => uv.plan(tokenFor('contoso'), facts({ workspaceFiles }))).toThrow(
    '/work/pyproject.toml, line 3, holds a URL of contoso with a password in it.',
  );
});
