// Messages name inputs as action.yml does; here they get the names that the author of a pipeline knows.
import { inputTable } from '../inputs.js';

/** What is no input of the task, because the service connection holds it, or because it is YAML of the other host. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'client-id': "the service connection's client ID",
  'tenant-id': "the service connection's tenant ID",
  audience: "the service connection's audience",
  with: '`inputs:`',
};

const NAMES = [...Object.values(inputTable).map(({ name }) => name), 'with'];
const IN_BACKTICKS = new RegExp(`\`(${NAMES.join('|')})(:[^\`]*)?\``, 'g');

export function inPipelineWords(text: string): string {
  return text.replace(IN_BACKTICKS, (_, name: string, rest = '') => {
    const other = OTHER_WORDS[name];
    return other ?? `\`${taskInput(name)}${rest}\``;
  });
}

/** The name of an input in task.json. */
export function taskInput(name: string): string {
  return Object.entries(inputTable).find(([, row]) => row.name === name)?.[0] ?? name;
}
