import { expect, test } from '@jest/globals';
import { REFUSALS as AZURE_DEVOPS } from '../../src/azure-devops/refusals.js';
import { REFUSALS as ENTRA } from '../../src/entra/refusal-table.js';
import { inPipelineWords } from '../../src/hosts/pipelines-words.js';
import { inputTable } from '../../src/inputs.js';
import { tokenFor } from '../support/tokens.js';

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

const everyText = [
  ...Object.values(ENTRA).flatMap(({ happened, cure }) => [happened, cure]),
  ...Object.values(AZURE_DEVOPS).map(({ cure }) =>
    cure(tokenFor('contoso'), tokenFor('contoso').organization),
  ),
];

test('the cures of Entra and Azure DevOps that differ, as the author of a pipeline reads them', () => {
  const changed = everyText.filter((text) => inPipelineWords(text) !== text).map(inPipelineWords);
  expect(new Set(changed)).toMatchSnapshot();
  for (const text of everyText.map(inPipelineWords))
    expect(text).not.toMatch(/the input the|leave (?:it|that input) out/i);
});
