// The small runner reads what real actions write, and hides what GitHub hides.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { interpolate, isTrue } from '../../local-cloud/runner/expressions.js';
import { parseKeyValueFile } from '../../local-cloud/runner/file-commands.js';
import { parseLogCommand } from '../../local-cloud/runner/log-commands.js';
import { Masker } from '../../local-cloud/runner/masker.js';
import { runWorkflow } from '../../local-cloud/runner/workflow.js';

const folder = mkdtempSync(join(tmpdir(), 'runner-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('file commands', () => {
  test('what @actions/core writes is read back, whatever the value (G3)', () => {
    const file = join(folder, 'output');
    process.env.GITHUB_OUTPUT = file;
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r'));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const value = lines.join('\n');
        writeFileSync(file, '');
        core.setOutput('name', value);
        core.setOutput('next', 'x');
        expect(Object.fromEntries(parseKeyValueFile(readFileSync(file, 'utf8')))).toEqual({
          name: value,
          next: 'x',
        });
      }),
    );
  });

  test.each([
    ['a=b=c', { a: 'b=c' }],
    ['a=b<<c', { a: 'b<<c' }],
    ['a<<E\n1=2\n\nE\nb=2\n', { a: '1=2\n', b: '2' }],
  ])('%j', (text, expected) => expect(Object.fromEntries(parseKeyValueFile(text))).toEqual(expected));

  test.each([
    ['nonsense', /Invalid format/],
    ['=x', /Name must not be empty/],
    ['a<<E\nx', /Matching delimiter not found/],
    ['a<<', /delimiter must not be empty/],
  ])('%j is refused', (text, error) => expect(() => parseKeyValueFile(text)).toThrow(error));
});

describe('workflow commands', () => {
  test.each([
    ['::add-mask::a%0Ab', { name: 'add-mask', properties: {}, data: 'a\nb' }],
    [
      '  ::error file=a%3Ab,line=1::text',
      { name: 'error', properties: { file: 'a:b', line: '1' }, data: 'text' },
    ],
    ['log ##[group]x', { name: 'group', properties: {}, data: 'x' }],
  ])('%s', (line, expected) => expect(parseLogCommand(line)).toEqual(expected));
  test.each(['a ::error::b', ':: error::', 'plain'])('%s is no command', (line) =>
    expect(parseLogCommand(line)).toBeUndefined(),
  );
});

test('the masker hides the encodings that GitHub derives, and no others', () => {
  const masker = new Masker();
  masker.add('se"cr&et-value');
  for (const text of [
    'se"cr&et-value',
    'se\\"cr&et-value',
    'se%22cr%26et-value',
    'se&quot;cr&amp;et-value',
  ]) {
    expect(masker.mask(`<${text}>`)).toBe('<***>');
  }
  for (const prefix of ['', 'x', 'xy', 'xyz:']) {
    expect(masker.hides(Buffer.from(`${prefix}se"cr&et-value`).toString('base64'))).toBe(true);
  }
  expect(masker.hides(Buffer.from('se"cr&et-value').toString('hex'))).toBe(false);
});

describe('expressions', () => {
  const contexts = { vars: { A: 'x' }, steps: { one: { outputs: { 'a-b': '1' } } } };
  test.each([
    ['${{ vars.A }}-${{ vars.B }}', 'x-'],
    ['${{ steps.one.outputs.a-b }}', '1'],
    ["${{ vars.A == 'x' && 'yes' || 'no' }}", 'yes'],
  ])('%s', (text, expected) => expect(interpolate(text, contexts)).toBe(expected));

  test.each([
    ['success()', false, true],
    ['success()', true, false],
    ['always()', true, true],
    ['failure()', true, true],
    ["vars.A == 'x'", false, true],
    ["vars.A == 'x'", true, false],
    ['${{ !cancelled() }}', true, true],
  ])('if: %s after failure %s is %s', (text, failed, expected) =>
    expect(isTrue(text, contexts, failed)).toBe(expected),
  );
});

test('jobs: an if, needs that failed, and a pipe that only a named shell looks into', async () => {
  const file = join(folder, 'workflow.yml');
  writeFileSync(
    file,
    `jobs:
  unnamed: { steps: [{ run: 'false | true' }] }
  named: { steps: [{ shell: bash, run: 'false | true' }] }
  other: { if: github.event_name == 'pull_request', steps: [{ run: exit 1 }] }
  after: { needs: [unnamed, named], steps: [{ run: exit 1 }] }
  always: { needs: named, if: always(), steps: [{ run: 'true' }] }
`,
  );
  const runs = await runWorkflow(file, { actionFolder: '.', environment: {}, identity: {}, variables: {} });
  const conclusions = Object.entries(runs).map(([id, { conclusion }]) => [id, conclusion]);
  expect(Object.fromEntries(conclusions)).toEqual({
    unnamed: 'success',
    named: 'failure',
    other: 'skipped',
    after: 'skipped',
    always: 'success',
  });
});
