import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { folderFor, isOurs, remove, writeNew } from '../src/files.js';

const ID = '0a1b2c3d-1111-2222-3333-444455556666';
let temp = '';
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(temp, { recursive: true }));

test('a file is nobody else’s to read, a program to run; the last one takes the folder with it', () => {
  const [file, program] = ['npmrc', 'launcher'].map((name) => join(folderFor(temp, ID), name)) as [
    string,
    string,
  ];
  writeNew(file, 'text', false);
  writeNew(program, '#!/bin/sh', true);
  const modes = [file, program, folderFor(temp, ID)].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o600, 0o700, 0o700]);
  remove(file);
  expect(existsSync(program)).toBe(true);
  remove(program);
  remove(program);
  expect(readdirSync(temp)).toEqual([]);
});

test('a file or link in its place is never written to (H17)', () => {
  const path = join(folderFor(temp, ID), 'npmrc');
  mkdirSync(folderFor(temp, ID));
  writeFileSync(join(temp, 'target'), 'kept');
  symlinkSync(join(temp, 'target'), path);
  expect(() => writeNew(path, 'text', false)).toThrow('Cannot write to');
});

test.each([
  [`patless-${ID}/npmrc`, true],
  [`patless-${ID}/../npmrc`, false],
  [`patless-${ID}`, false],
  ['npmrc', false],
  [`x/patless-${ID}/npmrc`, false],
  [`patless-${ID}/a/b`, false],
  [`patless-x/npmrc`, false],
])('clean-up may remove %s: %s', (path, expected) => {
  expect(isOurs(join(temp, path), temp)).toBe(expected);
  expect(isOurs(`${temp}/${path}`, temp)).toBe(expected);
});

test('nothing elsewhere', () => {
  expect(isOurs(`/etc/patless-${ID}/passwd`, temp)).toBe(false);
  expect(isOurs(`${temp}/patless-${ID}/..`, temp)).toBe(false);
});
