// Scenario: identities of many repositories are set up from one CSV, by the script of docs/MIGRATING.md and a stand-in for `az`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PROJECT } from '../support/hosts.js';

const SCRIPT = join(PROJECT, 'examples/set-up-identities.sh');
const EXAMPLE = readFileSync(join(PROJECT, 'examples/identities.csv'), 'utf8');
const HEADER = 'identity,repository,subject,organization,project,group';
const APP = 'repo:contoso@11/app@22';
const SITE = 'repo:contoso/site';

interface State {
  apps: { displayName: string; appId: string; credentials: { subject: string; name: string }[] }[];
  members: { organization: string }[];
  joined: string[];
  calls: { words: string; wrote: boolean }[];
  groups: { organization: string; project: string; displayName: string; descriptor: string }[];
  licences?: number;
}

let folder: string;
let prefixes: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identities-'));
  symlinkSync(join(PROJECT, 'local-cloud/stateful-azure-cli.mjs'), join(folder, 'az'));
  prefixes = { 'contoso/app': APP, 'contoso/site': SITE };
  const group = (displayName: string) => ({
    organization: 'contoso',
    project: 'widgets',
    displayName,
    descriptor: `vssgp.${displayName}`,
  });
  keep({ apps: [], members: [], joined: [], calls: [], groups: ['Contributors', 'Readers'].map(group) });
});

afterEach(() => rmSync(folder, { recursive: true }));

const keep = (state: State) => writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
const state = (): State => JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as State;
const written = () => state().calls.filter(({ wrote }) => wrote).length;
const subjects = (identity: string) =>
  state()
    .apps.filter(({ displayName }) => displayName === identity)
    .flatMap(({ credentials }) => credentials.map(({ subject }) => subject))
    .sort();

function setUp(csv: string) {
  writeFileSync(join(folder, 'identities.csv'), csv);
  const known = Object.entries(prefixes).map(([name, prefix]) => `  repos/${name}/*) echo '${prefix}' ;;\n`);
  writeFileSync(
    join(folder, 'gh'),
    `#!/bin/sh\ncase $2 in\n${known.join('')}  *) echo 'gh: Not Found (HTTP 404)' >&2; exit 1 ;;\nesac\n`,
    { mode: 0o755 },
  );
  const path = [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, join(folder, 'identities.csv')], {
    encoding: 'utf8',
    env: { PATH: path, AZ_STATE: join(folder, 'state.json') },
  });
  return { status, stdout, stderr };
}

const csv = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;

test('the example: applications, credentials with the subjects that GitHub gives, memberships, groups', () => {
  const { status, stdout, stderr } = setUp(EXAMPLE);
  expect([stderr.match(/^ERROR.*/gm), status]).toEqual([null, 0]);
  expect(subjects('ci-widgets')).toEqual([`${SITE}:ref:refs/heads/main`, `${APP}:environment:production`]);
  expect(subjects('ci-restore')).toEqual([`${APP}:ref:refs/heads/main`]);
  expect(state().members).toHaveLength(2);
  expect(
    state()
      .joined.map((membership) => membership.replace(/^.*\//, ''))
      .sort(),
  ).toEqual(['vssgp.Contributors', 'vssgp.Readers']);
  const widgets = state().apps.find(({ displayName }) => displayName === 'ci-widgets');
  expect(stdout.split('\n')[0]).toBe('identity,client-id,object-id,organization');
  expect(stdout).toMatch(new RegExp(`^ci-widgets,${widgets?.appId},[0-9a-f-]{36},contoso$`, 'm'));
});

test('the second time changes nothing, and says the same', () => {
  const first = setUp(EXAMPLE);
  const before = written();
  const second = setUp(EXAMPLE);
  expect([second.status, second.stderr, written() - before]).toEqual([0, '', 0]);
  expect(second.stdout).toBe(first.stdout);
});

test('a row more adds what is missing and nothing else', () => {
  setUp(EXAMPLE);
  const before = written();
  const { stderr } = setUp(
    `${EXAMPLE}ci-widgets,contoso/site,environment:production,contoso,widgets,Readers\n`,
  );
  expect(stderr).toBe(
    `+ ci-widgets may be: ${SITE}:environment:production\n+ ci-widgets in the group Readers of contoso/widgets\n`,
  );
  expect(written() - before).toBe(2);
});

test('what has stopped half-way is finished by the next run', () => {
  keep({ ...state(), licences: 0 });
  const stopped = setUp(EXAMPLE);
  expect([stopped.status, stopped.stdout]).toEqual([1, 'identity,client-id,object-id,organization\n']);
  expect(stopped.stderr).toContain('is there a Basic licence left');
  keep({ ...state(), licences: 9 });
  expect(setUp(EXAMPLE).status).toBe(0);
  expect([state().apps.length, state().members.length]).toEqual([2, 2]);
});

test('a CSV as spreadsheets write it: byte order mark, CRLF, empty lines at the end', () => {
  const { status } = setUp(`\ufeff${EXAMPLE.replaceAll('\n', '\r\n')}\r\n,,,,,\r\n`);
  expect(status).toBe(0);
  expect(subjects('ci-restore')).toEqual([`${APP}:ref:refs/heads/main`]);
});

test('a whole subject is taken as it is, without asking GitHub; a colon in a name is written as GitHub writes it', () => {
  const custom = 'repository_owner_id:11:repository_id:22:ref:refs/heads/main';
  const { status } = setUp(
    csv(`a,contoso/unknown,${custom},contoso,,`, 'a,contoso/app,environment:eu:west,contoso,,'),
  );
  expect(status).toBe(0);
  expect(subjects('a')).toEqual([`${APP}:environment:eu%3Awest`, custom]);
});

describe('refused before anything is written', () => {
  const many = Array.from({ length: 21 }, (_, i) => `a,contoso/app,ref:refs/heads/${i},contoso,,`);
  test.each([
    ['no header', 'a,contoso/app,environment:x,contoso,,\n', 'line 1: the first line must be'],
    ['an empty file', '', 'line 1: the first line must be'],
    ['no row', csv(), 'there is no row'],
    ['too few fields', csv('a,contoso/app,environment:x,contoso'), 'line 2: must have six fields'],
    [
      'quotes',
      csv('a,contoso/app,"environment:x",contoso,,'),
      'line 2: must have six fields, without quotes',
    ],
    [
      'an identity that is none',
      csv("a'b,contoso/app,environment:x,contoso,,"),
      "the identity cannot be 'a'b'",
    ],
    ['a repository without owner', csv('a,app,environment:x,contoso,,'), "the repository cannot be 'app'"],
    [
      'an organization by its address',
      csv('a,contoso/app,environment:x,https://dev.azure.com/contoso,,'),
      'the organization cannot be',
    ],
    [
      'a subject of pull requests',
      csv('a,contoso/app,repo:contoso/app:pull_request,contoso,,'),
      'whoever can open a pull request',
    ],
    ['a wildcard', csv('a,contoso/app,ref:refs/heads/*,contoso,,'), 'no wildcards'],
    [
      'a subject that is none',
      csv('a,contoso/app,production,contoso,,'),
      'the subject must be environment:NAME',
    ],
    [
      'a group without a project',
      csv('a,contoso/app,environment:x,contoso,,Readers'),
      'names a group without a project',
    ],
    [
      'a row twice',
      csv(...Array(2).fill('a,contoso/app,environment:x,contoso,,')),
      'line 3: is a row that was there before',
    ],
    [
      'a repository that GitHub does not know',
      csv('a,contoso/none,environment:x,contoso,,'),
      'line 2: GitHub does not tell',
    ],
    [
      'a group that is not there',
      csv('a,contoso/app,environment:x,contoso,widgets,Reader'),
      'there is no group Reader in the project widgets of contoso',
    ],
    ['21 subjects of one identity', csv(...many), 'a would have more than 20 federated credentials'],
  ])('%s', (_, text, message) => {
    const { status, stdout, stderr } = setUp(text);
    expect([status, stdout, written()]).toEqual([1, '', 0]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/Nothing was written\.\n$/);
  });

  test('every mistake is told in one go, by its line', () => {
    const { stderr } = setUp(csv('a,app,environment:x,contoso,,', 'a,contoso/app,production,contoso,,'));
    expect(stderr.match(/^line \d/gm)).toEqual(['line 2', 'line 3']);
  });

  test('credentials that are there already count', () => {
    setUp(csv(...many.slice(0, 20)));
    const before = written();
    const { status, stderr } = setUp(csv('a,contoso/site,environment:x,contoso,,'));
    expect([status, written() - before]).toEqual([1, 0]);
    expect(stderr).toContain('more than 20');
  });

  test('two applications of one name', () => {
    const app = { displayName: 'ci-widgets', credentials: [] };
    keep({
      ...state(),
      apps: [
        { ...app, appId: '1' },
        { ...app, appId: '2' },
      ],
    });
    expect(setUp(EXAMPLE)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('several app registrations'),
    });
  });

  test('a question that Microsoft Entra does not answer is not taken for a no', () => {
    writeFileSync(join(folder, 'broken'), '#!/bin/sh\necho "ERROR: please run az login" >&2\nexit 1\n', {
      mode: 0o755,
    });
    rmSync(join(folder, 'az'));
    symlinkSync(join(folder, 'broken'), join(folder, 'az'));
    const { status, stdout, stderr } = setUp(EXAMPLE);
    expect([status === 0, stdout]).toEqual([false, '']);
    expect(stderr).toBe('ERROR: please run az login\n');
  });
});

const shellcheck = ['/usr/bin/shellcheck', '/usr/local/bin/shellcheck'].find((path) => existsSync(path));
(shellcheck === undefined ? test.skip : test)('shellcheck has nothing to say', () => {
  expect(spawnSync(shellcheck ?? '', [SCRIPT], { encoding: 'utf8' }).stdout).toBe('');
});
