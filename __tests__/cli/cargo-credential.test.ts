// The credential provider, as Cargo speaks with it: the bundle as a process, and each answer.
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { cargoCredential } from '../../src/cli/cargo-credential.js';
import { main } from '../../src/cli/main.js';
import type { Terminal } from '../../src/cli/terminal.js';

const TOKENS = { PATLESS_TOKEN_CONTOSO: 'one', PATLESS_TOKEN_FABRIKAM_2: 'two', PATLESS_TOKEN_EMPTY: '' };

interface Recording extends Terminal {
  readonly written: string[];
  readonly told: string[];
}

function terminal(lines: readonly string[] = []): Recording {
  const [written, told]: [string[], string[]] = [[], []];
  return {
    written,
    told,
    environment: TOKENS,
    lines: (async function* () {
      yield* lines;
    })(),
    write: (text) => void written.push(text),
    tell: (line) => void told.push(line),
    status: () => undefined,
  };
}

async function answersTo(...requests: unknown[]): Promise<unknown[]> {
  const { written, ...rest } = terminal(requests.map((request) => JSON.stringify(request)));
  await cargoCredential.run(['--cargo-plugin'], { ...rest });
  return written.map((text) => JSON.parse(text) as unknown);
}

const get = (index: string, more: object = {}) => ({
  v: 1,
  kind: 'get',
  operation: 'read',
  registry: { 'index-url': index, name: 'any', headers: ['WWW-Authenticate: Basic'] },
  args: [],
  ...more,
});
const FEED = 'sparse+https://pkgs.dev.azure.com/contoso/p/_packaging/f/Cargo/index/';
const ok = (token: string) => ({
  Ok: { kind: 'get', token: `Bearer ${token}`, cache: 'session', operation_independent: true },
});

test('says hello before it is asked', async () => {
  expect(await answersTo()).toEqual([{ v: [1] }]);
});

test.each(['read', 'publish', 'yank', 'owners'])('gives the token for %s', async (operation) => {
  expect((await answersTo(get(FEED, { operation })))[1]).toEqual(ok('one'));
});

test.each([
  [FEED, 'one'],
  ['sparse+https://PKGS.dev.azure.com/Contoso/_packaging/f/Cargo/index/', 'one'],
  ['sparse+https://pkgs.dev.azure.com:443/contoso/_packaging/f@Release/Cargo/index/', 'one'],
  ['sparse+https://contoso.pkgs.visualstudio.com/My%20Project/_packaging/f/Cargo/index/', 'one'],
  ['sparse+https://pkgs.dev.azure.com/fabrikam-2/_packaging/f/Cargo/index/', 'two'],
])('%s is a feed of an organization that the job has a token for', async (index, token) => {
  expect((await answersTo(get(index)))[1]).toEqual(ok(token));
});

test.each([
  'sparse+https://index.crates.io/',
  'https://github.com/rust-lang/crates.io-index',
  'https://pkgs.dev.azure.com/contoso/_packaging/f/Cargo/index/',
  'sparse+http://pkgs.dev.azure.com/contoso/_packaging/f/Cargo/index/',
  'sparse+https://pkgs.dev.azure.com:8443/contoso/_packaging/f/Cargo/index/',
  'sparse+https://user@pkgs.dev.azure.com/contoso/_packaging/f/Cargo/index/',
  'sparse+https://pkgs.dev.azure.com/contoso',
  'sparse+https://pkgs.dev.azure.com/contoso@evil.example/_packaging/',
  'sparse+https://pkgs.dev.azure.com.evil.example/contoso/_packaging/',
  'sparse+https://evil.example/https://pkgs.dev.azure.com/contoso/',
  'sparse+https://dev.azure.com/contoso/_packaging/',
  'sparse+https://contoso.visualstudio.com/_packaging/',
  'sparse+https://a.contoso.pkgs.visualstudio.com/_packaging/',
  'sparse+https://pkgs.dev.azure.com/contoso/../fabrikam/_packaging/',
  'sparse+https://pkgs.dev.azure.com/contoso/./../fabrikam/_packaging/',
  'sparse+https://pkgs.dev.azure.com/contoso/%2E%2e/fabrikam/_packaging/',
  'sparse+https://pkgs.dev.azure.com/contoso/..%2Ffabrikam/_packaging/',
  'sparse+https://pkgs.dev.azure.com/contoso/..%5cfabrikam/_packaging/',
  'sparse+https://pkgs.dev.azure.com/contoso/..\\fabrikam/_packaging/',
  'sparse+https://pkgs.dev.azure.com/contoso/\n/_packaging/',
  '',
  5,
])('%j is nothing it knows: Cargo asks the next provider', async (index) => {
  expect((await answersTo(get(index as string)))[1]).toEqual({ Err: { kind: 'url-not-supported' } });
});

describe('no token', () => {
  test.each(['nobody', 'empty'])('for an organization without one (%s)', async (name) => {
    const [, answer] = await answersTo(get(FEED.replace('contoso', name)));
    expect(answer).toMatchObject({ Err: { kind: 'not-found' } });
  });

  test.each([{ kind: 'login', token: 'x' }, { kind: 'logout' }, { operation: 'something new' }])(
    'for %j, which it does not do',
    async (more) => {
      expect((await answersTo(get(FEED, more)))[1]).toMatchObject({
        Err: { kind: 'operation-not-supported' },
      });
    },
  );

  test('and logging in to a registry of somebody else is left to the next provider', async () => {
    const login = get('sparse+https://registry.example/', { kind: 'login', token: 'x' });
    expect((await answersTo(login))[1]).toEqual({ Err: { kind: 'url-not-supported' } });
  });

  test.each([{ ...get(FEED), v: 2 }, [], 'text', null])(
    'for %j, which is another protocol',
    async (request) => {
      expect((await answersTo(request))[1]).toMatchObject({ Err: { kind: 'other' } });
    },
  );
});

test('arguments it does not know are refused, with the usage', async () => {
  const recording = terminal();
  expect(await main(['cargo-credential', '--wrong'], recording)).toBe(2);
  expect(recording.told.join('\n')).toMatch(/'--wrong'.*\nSee: patless cargo-credential --help/s);
  expect(recording.written).toEqual([]);
});

test.each([[[]], [['nonsense']]])('without a known sub-command (%j) the usage is shown', async (args) => {
  const recording = terminal();
  expect(await main(args, recording)).toBe(2);
  expect(recording.told.join()).toContain('  cargo-credential');
});

test('the bundle does the same as a process, and ends with its input', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['dist/cli/index.js', 'cargo-credential', '--cargo-plugin'],
    { input: `${JSON.stringify(get(FEED))}\n`, env: TOKENS, encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`{"v":[1]}\n${JSON.stringify(ok('one'))}\n`);
});
