import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLogCommand } from '../local-cloud/runner/log-commands.js';
import { printable } from '../src/printable.js';

describe('printable', () => {
  test.each([
    ['::add-mask::secret', ': :add-mask: :secret'],
    ['a ##[group]b', 'a # #[group]b'],
    ['##vso[task.setvariable variable=PATH]x', '# #vso[task.setvariable variable=PATH]x'],
    ['one\r\n::error::two', 'one : :error: :two'],
    ['\u001b[31mred\u202egnp.exe', '[31mred gnp.exe'],
    ['echo eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl!', 'echo ***!'],
    ['repo:contoso@1/widgets@2:ref:refs/heads/größe-☃', 'repo:contoso@1/widgets@2:ref:refs/heads/größe-☃'],
  ])('%j becomes %j', (text, expected) => expect(printable(text)).toBe(expected));

  test('is cut at 1000 characters', () => {
    expect(printable('x'.repeat(1000))).toBe('x'.repeat(1000));
    expect(printable('x'.repeat(5000))).toHaveLength(1001);
  });

  test.each(['eyJ-', ' ', ':', '#', 'a.eyJ'])('a megabyte of %j costs no more than its beginning', (unit) => {
    const hostile = unit.repeat(2 ** 20 / unit.length);
    expect(printable(hostile)).toBe(printable(hostile.slice(0, 16_000)));
  });

  test('never leaves a workflow command, a line break or an escape', () => {
    const pieces = [
      '::',
      '##',
      ':',
      '#',
      '[',
      ']',
      ' ',
      '\n',
      '\r',
      '\u001b',
      '\u0085',
      '\u2028',
      '%0A',
      'vso[',
      'add-mask',
      'x=y',
    ];
    const nasty = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
        const line = printable(text);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there.
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]|##vso\[/);
        expect(parseLogCommand(line)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});
