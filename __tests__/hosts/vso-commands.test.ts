import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setVariable, vsoCommand } from '../../src/hosts/vso-commands.js';

test.each([
  [['task.setsecret', {}, 'abc'], '##vso[task.setsecret]abc\n'],
  [
    ['task.setvariable', { variable: 'A', isoutput: 'true' }, '50%\r\n'],
    '##vso[task.setvariable variable=A;isoutput=true;]50%AZP25%0D%0A\n',
  ],
  [['task.logissue', { type: 'a]b;c' }, 'x]y'], '##vso[task.logissue type=a%5Db%3Bc;]x]y\n'],
] as const)('%j', ([name, properties, data], line) => expect(vsoCommand(name, properties, data)).toBe(line));

/** As the agent reads it: microsoft/azure-pipelines-agent, Command.cs. */
function read(line: string) {
  const start = line.indexOf('##vso[');
  const end = line.indexOf(']', start);
  const [, properties = ''] = /^\S+ ?(.*)$/s.exec(line.slice(start + 6, end)) ?? [];
  const unescaped = (text: string) =>
    text
      .replaceAll('%3B', ';')
      .replaceAll('%5D', ']')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%AZP25', '%');
  const pairs = properties.split(';').filter(Boolean);
  return {
    properties: Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1))]),
    ),
    data: unescaped(line.slice(end + 1, -1)),
  };
}

test('whatever the text, the agent reads back what was meant, from one line (A12, F16)', () => {
  const text = fc.string({ unit: fc.constantFrom(...'a%]\r\n;=5D3B0AZP2 #vso[') });
  fc.assert(
    fc.property(text, text, (property, data) => {
      // The agent takes a property without value for none at all.
      fc.pre(property !== '');
      const line = vsoCommand('task.setvariable', { variable: property }, data);
      expect(line.slice(0, -1)).not.toMatch(/[\r\n]/);
      expect(read(line)).toEqual({ properties: { variable: property }, data });
    }),
  );
});

test('a variable keeps the case of its name', () => {
  expect(setVariable('TOKEN', 'x')).toBe('##vso[task.setvariable variable=TOKEN;]x\n');
  expect(setVariable('Token', 'x')).toBe('##vso[task.setvariable variable=Token;preservecase=true;]x\n');
});
