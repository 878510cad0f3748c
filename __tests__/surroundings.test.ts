import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Need } from '../src/consumers/consumer.js';
import type { HttpResponse } from '../src/http.js';
import { factsFor, gather } from '../src/surroundings.js';
import { recordingSession } from './support/recording.js';
import { tokenFor } from './support/tokens.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'surroundings-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const facts = (
  needs: Need[],
  environment: Record<string, string | undefined> = {},
  session = recordingSession(),
) => gather(needs, tokenFor('contoso'), { environment, temp: '/temp' }, session, root);

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('a consumer sees the variables it asked for, and no others', async () => {
  const environment = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: undefined, SECRET: 'x' };
  expect((await facts([{ kind: 'environment', names: /^GIT_CONFIG_/ }], environment)).environment).toEqual({
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: '',
  });
  expect((await facts([], environment)).environment).toEqual({});
});

test('each run has a folder of its own below the host’s', async () => {
  const [one, two] = [await facts([]), await facts([])];
  expect(one.folder).toMatch(/^\/temp\/patless-[0-9a-f-]{36}$/);
  expect(one.folder).not.toBe(two.folder);
});

test('the user’s file is at the path that the variable holds, else below HOME', async () => {
  const need: Need = { kind: 'user-file', name: 'npmrc', variable: 'USERCONFIG', path: '.npmrc' };
  write('.npmrc', 'home');
  write('other', 'elsewhere');
  const at = async (environment: Record<string, string>) => (await facts([need], environment)).userFiles;
  expect(await at({ HOME: root })).toEqual({ npmrc: { path: join(root, '.npmrc'), text: 'home' } });
  expect(await at({ HOME: root, USERCONFIG: join(root, 'other') })).toMatchObject({
    npmrc: { text: 'elsewhere' },
  });
  expect(await at({ HOME: join(root, 'nowhere') })).toEqual({});
  const inFolder: Need = { ...need, inFolder: 'other' };
  expect((await facts([inFolder], { USERCONFIG: root })).userFiles).toMatchObject({
    npmrc: { text: 'elsewhere' },
  });
});

test('files of the workspace are found by name; links, huge files and installed packages are not', async () => {
  const need: Need = { kind: 'workspace-files', names: ['.npmrc'] };
  write('.npmrc', 'root');
  write('packages/a/.npmrc', 'a');
  write('node_modules/x/.npmrc', 'installed');
  write('deep/1/2/3/4/5/6/7/8/9/.npmrc', 'too deep');
  write('huge/.npmrc', 'x'.repeat(1_100_000));
  write('secret', 'outside');
  mkdirSync(join(root, 'link'));
  symlinkSync(join(root, 'secret'), join(root, 'link/.npmrc'));
  symlinkSync(root, join(root, 'loop'));
  expect((await facts([need])).workspaceFiles.map(({ text }) => text)).toEqual(['root', 'a']);
});

test('a program is found on the PATH', async () => {
  const need: Need = { kind: 'executable', name: 'tool' };
  writeFileSync(join(root, 'tool'), '', { mode: 0o755 });
  expect([...(await facts([need], { PATH: root })).executables]).toEqual(['tool']);
  expect([...(await facts([need], { PATH: '/nowhere:' })).executables]).toEqual([]);
});

test('a file of the installation that a program on the PATH belongs to is found through its link', async () => {
  write('maven/bin/mvn', '#!/bin/sh');
  write('maven/conf/settings.xml', '<settings/>');
  mkdirSync(join(root, 'path'));
  chmodSync(join(root, 'maven/bin/mvn'), 0o755);
  symlinkSync(join(root, 'maven/bin/mvn'), join(root, 'path/mvn'));
  const need: Need = { kind: 'beside-program', name: 'conf', program: 'mvn', path: '../conf/settings.xml' };
  const { userFiles } = await facts([need], { PATH: join(root, 'path') });
  expect(userFiles.conf).toMatchObject({ text: '<settings/>' });
  expect((await facts([need], { PATH: '/nowhere' })).userFiles).toEqual({});
});

test('feeds are listed once, when somebody needs them; names that could break a file are left out', async () => {
  const value = [
    { name: 'packages' },
    { name: 'tools', project: { name: 'My Project' } },
    { name: 'a\nb' },
    { name: 'x', project: { name: 'y"z' } },
    { name: 5 },
    null,
  ];
  const session = recordingSession((): Partial<HttpResponse> => ({ body: JSON.stringify({ value }) }));
  expect((await facts([{ kind: 'feeds' }, { kind: 'feeds' }], {}, session)).feeds).toEqual([
    { name: 'packages', project: undefined },
    { name: 'tools', project: 'My Project' },
  ]);
  expect(session.requests.map(({ url }) => url)).toEqual([
    'https://feeds.dev.azure.com/contoso/_apis/packaging/feeds?api-version=7.1',
  ]);
});

test('whoever may not list them goes without, and the log says so', async () => {
  const session = recordingSession(() => ({ status: 403 }));
  expect((await facts([{ kind: 'feeds' }], {}, session)).feeds).toEqual([]);
  expect(session.lines).toEqual([
    "Note: the list of feeds could not be read: feeds.dev.azure.com answered 403. Give the identity the role Feed Reader, or name the feeds in the project's own files.",
  ]);
});

test('whether something is there below HOME, file or folder', async () => {
  write('plugins/netcore/x.dll', '');
  const needs: Need[] = ['plugins/netcore', 'plugins/netfx'].map((path) => ({ kind: 'user-path', path }));
  expect([...(await facts(needs, { HOME: root })).userPaths]).toEqual(['plugins/netcore']);
});

test('a consumer sees what it asked for, and not what another one did', async () => {
  write('package.json', 'git+ssh://git@ssh.dev.azure.com/v3/contoso/x/y');
  write('.gitmodules', 'modules');
  write('.npmrc', 'own');
  const git: Need[] = [{ kind: 'workspace-files', names: ['.gitmodules'] }];
  const npm: Need[] = [
    { kind: 'workspace-files', names: ['package.json'] },
    { kind: 'user-file', name: 'npmrc', variable: 'X', path: '.npmrc' },
    { kind: 'environment', names: /^NPM_/ },
    { kind: 'executable', name: 'npm' },
  ];
  const all = await facts([...git, ...npm], { HOME: root, NPM_TOKEN: 'x' });
  expect(factsFor(npm, all)).toEqual({ ...all, workspaceFiles: all.workspaceFiles.slice(1) });
  expect(factsFor(git, all)).toMatchObject({ environment: {}, userFiles: {}, executables: new Set() });
  expect(factsFor(git, all).workspaceFiles.map(({ text }) => text)).toEqual(['modules']);
});

test('many files of one name do not crowd out another one, and the log says what was not read', async () => {
  for (let index = 0; index < 205; index++) write(`p${index}/package.json`, '{}');
  write('z/pom.xml', '<project/>');
  const session = recordingSession();
  const found = await facts([{ kind: 'workspace-files', names: ['package.json', 'pom.xml'] }], {}, session);
  expect(found.workspaceFiles).toHaveLength(201);
  expect(found.workspaceFiles.at(-1)?.text).toBe('<project/>');
  expect(session.lines).toEqual(['Note: of 205 files named package.json, 200 are read.']);
});

test('the user’s file may be a link, as dotfile managers and mounted secrets have it; one that cannot be read fails the run', async () => {
  const need: Need = { kind: 'user-file', name: 'npmrc', variable: 'USERCONFIG', path: '.npmrc' };
  write('dotfiles/npmrc', 'linked');
  symlinkSync(join(root, 'dotfiles/npmrc'), join(root, '.npmrc'));
  expect((await facts([need], { HOME: root })).userFiles).toMatchObject({ npmrc: { text: 'linked' } });
  write('huge', 'x'.repeat(1_100_000));
  await expect(facts([need], { USERCONFIG: join(root, 'huge') })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: `The configuration file ${join(root, 'huge')} cannot be read.`,
  });
});
