import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { folderFor, isOurFolder, isOurs, remove, replace, writeNew } from '../src/files.js';

const ID = '0a1b2c3d-1111-2222-3333-444455556666';
let temp = '';
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(temp, { recursive: true }));

test('a file is nobody else’s to read, a program to run; they go with their folder', () => {
  const [file, program] = ['npmrc', 'launcher'].map((name) => join(folderFor(temp, ID), name)) as [
    string,
    string,
  ];
  writeNew(file, { content: 'text' });
  writeNew(program, { content: '#!/bin/sh', isProgram: true });
  const modes = [file, program, folderFor(temp, ID)].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o600, 0o700, 0o700]);
  remove(folderFor(temp, ID));
  remove(folderFor(temp, ID));
  expect(readdirSync(temp)).toEqual([]);
});

test('a file is replaced as a whole: nobody else can read it, and nothing is left beside it', () => {
  const path = join(folderFor(temp, ID), 'current');
  writeNew(path, { content: 'old', modified: new Date(1000) });
  replace(path, { content: 'new', modified: new Date(2_000_000) });
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect([statSync(path).mode & 0o777, statSync(path).mtimeMs]).toEqual([0o600, 2_000_000]);
  expect(readdirSync(folderFor(temp, ID))).toEqual(['current']);
});

test('a file or link in its place is never written to (H17)', () => {
  const path = join(folderFor(temp, ID), 'npmrc');
  mkdirSync(folderFor(temp, ID));
  writeFileSync(join(temp, 'target'), 'kept');
  symlinkSync(join(temp, 'target'), path);
  expect(() => writeNew(path, { content: 'text' })).toThrow('Cannot write to');
});

test.each([
  [`patless-${ID}/npmrc`, true],
  [`patless-${ID}/../npmrc`, false],
  [`patless-${ID}`, false],
  ['npmrc', false],
  [`x/patless-${ID}/npmrc`, false],
  [`patless-${ID}/a/b`, false],
  [`patless-x/npmrc`, false],
])('%s is a file of ours: %s', (path, expected) => {
  expect(isOurs(join(temp, path), temp)).toBe(expected);
  expect(isOurs(`${temp}/${path}`, temp)).toBe(expected);
});

test('clean-up may remove a folder of ours, and nothing elsewhere', () => {
  expect(isOurFolder(join(temp, `patless-${ID}`), temp)).toBe(true);
  for (const path of ['', 'patless-x', `x/patless-${ID}`, `patless-${ID}/..`, `patless-${ID}/x`])
    expect(isOurFolder(`${temp}/${path}`, temp)).toBe(false);
  expect(isOurs(`/etc/patless-${ID}/passwd`, temp)).toBe(false);
  expect(isOurs(`${temp}/patless-${ID}/..`, temp)).toBe(false);
});
