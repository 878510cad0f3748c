import { delimiter } from 'node:path';
import { expect, test } from '@jest/globals';
import { pip } from '../../src/consumers/pip.js';
import { PatlessError } from '../../src/errors.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

const FEED = 'pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/';

function variables(environment: Record<string, string>): Record<string, string> {
  const effects = pip.plan(tokenFor('contoso'), facts({ folder: '/temp/run', environment }));
  return Object.fromEntries(
    effects.flatMap((effect) => (effect.kind === 'environment' ? [[effect.name, String(effect.value)]] : [])),
  );
}

function refusal(name: string, text: string): string {
  try {
    pip.plan(tokenFor('contoso'), facts({ workspaceFiles: [{ path: `/work/${name}`, text }] }));
    return '';
  } catch (error) {
    if (error instanceof PatlessError) return error.message;
    throw error;
  }
}

test('its folder comes before what PYTHONPATH held', () => {
  expect(variables({}).PYTHONPATH).toBe('/temp/run');
  expect(variables({ PYTHONPATH: '/own' }).PYTHONPATH).toBe(`/temp/run${delimiter}/own`);
});

test('pip is told to ask the module, also where it was told to ask the program', () => {
  expect(variables({ PIP_KEYRING_PROVIDER: 'subprocess' }).PIP_KEYRING_PROVIDER).toBe('import');
  expect(() => variables({ PIP_KEYRING_PROVIDER: 'disabled' })).toThrow('PIP_KEYRING_PROVIDER');
});

test.each([
  ['requirements.txt', `--index-url https://user:secret@${FEED}`],
  ['pip.conf', `[global]\nindex-url = https://:secret@${FEED.toUpperCase().replace('PKGS', 'pkgs')}`],
  [
    'constraints.txt',
    'demo @ https://u:secret@contoso.pkgs.visualstudio.com/_packaging/x/pypi/download/d/1/d.whl',
  ],
])('a password in a URL of %s is refused, and not repeated', (name, text) => {
  const line = text.split('\n').length;
  expect(refusal(name, text)).toBe(
    `/work/${name}, line ${line}, holds a URL of contoso with a password in it.`,
  );
});

test.each([
  ['without a password', 'requirements.txt', `--index-url https://${FEED}`],
  ['with a user name alone', 'requirements.txt', `--index-url https://user@${FEED}`],
  [
    'with a variable that the job fills in',
    'requirements.txt',
    `--index-url https://user:\${AZURE_PAT}@${FEED}`,
  ],
  ['in a comment', 'requirements.txt', `  # --index-url https://user:secret@${FEED}`],
  [
    'of another organization',
    'requirements.txt',
    `--index-url https://user:secret@${FEED.replace('contoso', 'contoso2')}`,
  ],
  [
    'of another host',
    'requirements.txt',
    `--index-url https://user:secret@${FEED.replace('.com', '.com.example')}`,
  ],
  ['in a file that pip does not read', 'settings.xml', `https://user:secret@${FEED}`],
])('a URL %s is left alone', (_, name, text) => expect(refusal(name, text)).toBe(''));

test('a file of 256 KiB that looks like URLs is read in no time', () => {
  const started = performance.now();
  expect(refusal('requirements.txt', 'https://a:'.repeat(26_000))).toBe('');
  expect(refusal('requirements.txt', `https://${':'.repeat(260_000)}`)).toBe('');
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each([
  '--index-url https://pkgs.dev.azure.com/contoso/_packaging/a/pypi/simple/ --extra-index-url https://u:secret@pkgs.dev.azure.com/contoso/_packaging/b/pypi/simple/',
  '--index-url http://u:secret@pkgs.dev.azure.com/contoso/_packaging/a/pypi/simple/',
])('a password in the second URL of a line, or in one without TLS, is found too: %s', (text) => {
  const workspaceFiles = [{ path: '/w/requirements.txt', text }];
  expect(() => pip.plan(tokenFor('contoso'), facts({ workspaceFiles }))).toThrow(
    '/w/requirements.txt, line 1',
  );
});
