import { expect, test } from '@jest/globals';
import { inPipelineWords } from '../../src/hosts/pipelines-words.js';
import { inputTable } from '../../src/inputs.js';

test.each([
  ['Raise `timeout-seconds`, or', 'Raise `timeoutSeconds`, or'],
  ['set `allow-fork-trigger: true`.', 'set `allowForkTrigger: true`.'],
  ['`export-env` and `configure`', '`exportEnv` and `configure`'],
  ['Check `client-id`.', "Check the service connection's client ID."],
  ['the `with:` block', 'the `inputs:` block'],
  ['without quotes: timeout-seconds', 'without quotes: timeout-seconds'],
  ['another `some-name`', 'another `some-name`'],
])('%s', (text, expected) => expect(inPipelineWords(text)).toBe(expected));

test('no input keeps a name that the task does not know', () => {
  for (const { name } of Object.values(inputTable))
    expect(inPipelineWords(`\`${name}\``)).not.toMatch(/`.*-.*`/);
});
