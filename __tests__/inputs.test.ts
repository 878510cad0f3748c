import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tools } from '../src/consumers/register.js';
import { PatlessError } from '../src/errors.js';
import { parseInputs, wanted } from '../src/inputs.js';
import { recordingHost } from './support/recording.js';

const KNOWN = tools.map(({ name }) => name).join(', ');

const GUID = '11111111-2222-3333-4444-555555555555';
const TENANT = 'aaaaaaaa-2222-3333-4444-555555555555';
const parse = (inputs: Record<string, string>) =>
  parseInputs(recordingHost({ inputs: { 'client-id': GUID, 'tenant-id': TENANT, ...inputs } }));

function mistakeIn(inputs: Record<string, string>): string {
  try {
    parse(inputs);
  } catch (error) {
    if (error instanceof PatlessError && error.code === 'INPUT_INVALID') return error.message;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(inputs)}`);
}

test('defaults', () => {
  expect(parse({})).toEqual({
    clientId: GUID,
    tenantId: TENANT,
    organization: undefined,
    configure: [],
    exportEnv: [],
    verify: true,
    expectedObjectId: undefined,
    identity: 'auto',
    tokenFile: undefined,
    managedIdentityClientId: undefined,
    audience: 'api://AzureADTokenExchange',
    allowForkTrigger: false,
    timeoutSeconds: 180,
    propagationWaitSeconds: 0,
  });
});

describe('client-id (A2)', () => {
  test.each([
    'abc',
    `{${GUID}}`,
    `${GUID}\n${GUID}`,
    '１1111111-2222-3333-4444-555555555555',
    'x'.repeat(10_000),
  ])('%.60s is refused, and echoed by its beginning only', (text) => {
    const mistake = mistakeIn({ 'client-id': text });
    expect(mistake).toContain('`client-id` must be a GUID');
    expect(mistake.length).toBeLessThan(100);
  });
});

describe('tenant-id (A3, A4)', () => {
  test.each([
    '../x',
    'common',
    'organizations',
    'consumers',
    'contoso.com/..',
    '%2e%2e',
    'contoso.com:443',
    'a@contoso.com',
    'login.microsoftonline.com.',
    '$(TENANT)',
  ])('%s is refused', (text) => expect(mistakeIn({ 'tenant-id': text })).toContain('`tenant-id` must be'));
  test.each([['Contoso.onmicrosoft.com', 'contoso.onmicrosoft.com']])('%s is a domain', (text, tenantId) =>
    expect(parse({ 'tenant-id': text }).tenantId).toBe(tenantId),
  );
});

describe('lists', () => {
  test('take commas and new lines, spaces around, and drop repetitions', () => {
    expect(parse({ 'export-env': ' A ,B\n\nA\r\n C' }).exportEnv).toEqual(['A', 'B', 'C']);
  });
  test('configure is read without letter case', () => {
    expect(
      parse({ organization: 'contoso', configure: 'GIT, git' }).configure.map(({ name }) => name),
    ).toEqual(['git']);
  });
});

describe('export-env (A11)', () => {
  test.each([
    'PATH',
    'Path',
    'LD_PRELOAD',
    'DYLD_INSERT_LIBRARIES',
    'NODE_OPTIONS',
    'BASH_ENV',
    'GITHUB_TOKEN',
    'GITHUB_ENV',
    'RUNNER_TEMP',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'GIT_SSH_COMMAND',
    'PYTHONPATH',
    'https_proxy',
    'HOME',
    'A=B',
    '1A',
    'A-B',
    'Ä',
    'SHELLOPTS',
    'PS4',
    'MAVEN_OPTS',
    'DOTNET_STARTUP_HOOKS',
    '__proto__',
  ])('%s is refused', (name) => expect(mistakeIn({ 'export-env': name })).toContain('`export-env`'));
  test.each([
    'AZURE_DEVOPS_EXT_PAT',
    'SYSTEM_ACCESSTOKEN',
    'VSCE_PAT',
    'ADO_TOKEN',
    'NPM_TOKEN',
    'NODE_AUTH_TOKEN',
    'GIT_TOKEN',
  ])('%s is fine', (name) => expect(parse({ 'export-env': name }).exportEnv).toEqual([name]));
});

test('mistakes in every item, every input and their combination come together', () => {
  const mistake = mistakeIn({
    'client-id': 'bad',
    'tenant-id': '',
    configure: 'git, gti',
    'export-env': 'PATH, 1x',
  });
  for (const part of [
    '`client-id`',
    '`tenant-id` is required',
    '"gti"',
    '`organization` is required',
    '"PATH"',
    '"1x"',
  ]) {
    expect(mistake).toContain(part);
  }
});

test.each(['a'.repeat(52), `${'a1B2'.repeat(19)}AZDO${'x9Yz'}`])(
  'a personal access token is called one, and not repeated',
  (pat) => {
    for (const name of ['client-id', 'tenant-id', 'organization', 'export-env']) {
      expect(() => parse({ [name]: pat })).toThrow(
        `\`${name}\` was given what looks like a personal access token`,
      );
      expect(() => parse({ [name]: pat })).not.toThrow(pat.slice(0, 10));
    }
  },
);

test('a secret pasted in place of an ID is not repeated', () => {
  expect(mistakeIn({ 'client-id': 'abc8Q~0123456789abcdefghijklmnopqrstuvw' })).not.toContain(
    'abcdefghijklmnopqrstuvw',
  );
});

describe('booleans and numbers (A9, A10)', () => {
  test.each(['true', 'True', 'TRUE'])('%s', (text) => expect(parse({ verify: text }).verify).toBe(true));
  test.each(['false', 'False', 'FALSE'])('%s', (text) => expect(parse({ verify: text }).verify).toBe(false));
  test.each(['yes', '1', 'tRUE', 'on', 'ture'])('%s is refused', (text) =>
    expect(mistakeIn({ verify: text })).toContain('`verify`'),
  );
  test.each(['-1', '0', '29', '601', '1e9', 'NaN', '5m', '60.5'])(
    'timeout-seconds %s is refused, with the range',
    (text) => expect(mistakeIn({ 'timeout-seconds': text })).toContain('from 30 to 600'),
  );
});

test.each(['ghadelimiter_x', 'a%0A::set-env name=PATH::x', 'a;b', 'a]b', 'a<<E\nb\nE'])(
  '%j breaks out of no file command: no input that reaches one takes it (A12)',
  (text) => {
    const inputs = { organization: text, 'tenant-id': text, 'export-env': `${text}-` };
    expect(() => parse(inputs)).toThrow(/tenant-id.*\n.*organization.*\n.*export-env/);
  },
);

test('whatever is typed, the answer is inputs or one INPUT_INVALID of printable lines', () => {
  const names = [
    'client-id',
    'tenant-id',
    'organization',
    'configure',
    'export-env',
    'audience',
    'timeout-seconds',
  ];
  const anyInputs = fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 80 }));
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      try {
        parse(inputs);
      } catch (error) {
        expect((error as PatlessError).code).toBe('INPUT_INVALID');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: only line breaks of our own may be there.
        expect((error as PatlessError).message).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|^::/m);
      }
    }),
  );
});

describe('the sentence for each mistake', () => {
  test.each([
    ['client-id', '', 'is required: a GUID such as 00000000-0000-0000-0000-000000000000.'],
    ['client-id', 'x'.repeat(20), `must be a GUID (36 characters with hyphens), not "${'x'.repeat(20)}".`],
    ['client-id', 'x'.repeat(21), `must be a GUID (36 characters with hyphens), not "${'x'.repeat(20)}…".`],
    [
      'tenant-id',
      'a b',
      'must be the directory (tenant) ID, a GUID, or a verified domain of the tenant, not "a b".',
    ],
    [
      'organization',
      'a b',
      'must be a name, https://dev.azure.com/NAME or https://NAME.visualstudio.com (without a project), not "a b".',
    ],
    ['configure', 'gti', `knows no tool "gti"; did you mean git? known: ${KNOWN}.`],
    ['export-env', 'A-B', 'takes names of environment variables (letters, digits, _), not "A-B".'],
    [
      'export-env',
      'PATH',
      'may not set "PATH": it steers the runner, the shell or a tool; choose another name.',
    ],
    ['verify', 'xtrue', 'must be true or false, not "xtrue".'],
    ['verify', 'truex', 'must be true or false, not "truex".'],
    ['verify', 'xfalse', 'must be true or false, not "xfalse".'],
    ['verify', 'falsex', 'must be true or false, not "falsex".'],
    ['identity', 'x', 'must be one of auto, github-oidc, not "x".'],
    ['identity', 'toString', 'must be one of auto, github-oidc, not "toString".'],
    ['audience', 'a b', 'must be a URI without spaces, not "a b".'],
    ['audience', 'ä', 'must be a URI without spaces, not "ä".'],
    ['audience', 'x'.repeat(301), `must be a URI without spaces, not "${'x'.repeat(20)}…".`],
    ['timeout-seconds', '601', 'must be a whole number from 30 to 600, not "601".'],
  ])('%s: %j', (name, text, sentence) => {
    const organization = name === 'configure' ? { organization: 'contoso' } : {};
    expect(mistakeIn({ ...organization, [name]: text })).toBe(`\`${name}\` ${sentence}`);
  });

  test('several come as a list, with the cure once', () => {
    const wrong = () => parse({ 'client-id': 'x', verify: 'x' });
    expect(wrong).toThrow(/^2 mistakes in the inputs:\n- `client-id` .*\n- `verify` .*$/);
    expect(wrong).toThrow(
      expect.objectContaining({ hint: 'Correct the `with:` block of this step; nothing was contacted.' }),
    );
  });
});

test('the ends of each range are in it', () => {
  expect(parse({ 'timeout-seconds': '30' }).timeoutSeconds).toBe(30);
  expect(parse({ 'timeout-seconds': '600' }).timeoutSeconds).toBe(600);
  expect(parse({ audience: 'x'.repeat(300) }).audience).toHaveLength(300);
  expect(parse({ 'client-id': GUID.replace('1', 'A') }).clientId).toBe(GUID.replace('1', 'a'));
});

test('white space alone is nothing given', () => {
  expect(mistakeIn({ 'tenant-id': ' ', organization: ' ' })).toContain('`tenant-id` is required when');
  expect(parse({ 'export-env': ' , A ,\n ,' }).exportEnv).toEqual(['A']);
});

test('one ID pasted for the other is told before anybody is asked', () => {
  expect(mistakeIn({ 'tenant-id': ` ${GUID.toUpperCase()}` })).toBe(
    '`client-id` and `tenant-id` are the same ID: one of them was pasted for the other.',
  );
});

test.each([
  ['export-env', `X,${'a'.repeat(52)}`],
  ['configure', `git\n${'a'.repeat(52)}`],
  ['organization', `https://${'a'.repeat(52)}@dev.azure.com/contoso`],
])('a personal access token inside %s is not repeated', (name, text) => {
  expect(mistakeIn({ [name]: text })).not.toContain('aaaaaaaaaaaaaaaaaaaa');
});

test('a bug in a host is no mistake of the user', () => {
  const host = recordingHost({
    input: () => {
      throw new TypeError('a bug');
    },
  });
  expect(() => parseInputs(host)).toThrow(TypeError);
});

describe('wanted: what a run is to set, though its inputs are wrong', () => {
  test.each([
    [{}, []],
    [{ 'export-env': 'A, B' }, ['A', 'B']],
    [{ 'export-env': 'A', organization: 'Con-toso' }, ['A']],
    [{ configure: 'git', organization: 'Con-toso' }, ['PATLESS_TOKEN_CON_TOSO']],
    [{ configure: 'git' }, []],
    [{ configure: 'gti', organization: 'contoso', 'export-env': '1x' }, []],
    [
      { configure: 'gti, git', organization: 'contoso', 'export-env': '1x, A, PATH' },
      ['A', 'PATLESS_TOKEN_CONTOSO'],
    ],
    [{ configure: 'git', organization: 'a b', 'export-env': 'A', 'client-id': '' }, ['A']],
  ])('%j gives %j', (inputs, expected) => {
    const { exported, organization } = wanted(recordingHost({ inputs }));
    expect([...exported, ...(organization ? [organization.tokenVariable] : [])]).toEqual(expected);
  });
});
