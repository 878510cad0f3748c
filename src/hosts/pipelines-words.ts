// Messages name inputs as action.yml does; here they get the names, and the cures, that the author of a pipeline has.
import { inputTable } from '../inputs.js';

/** Client, tenant and audience are the service connection's, so that sentences about them differ. A test knows each. */
const SENTENCES: readonly (readonly [said: string | RegExp, here: string])[] = [
  [
    /The audience of the credential and the input `audience` must be the same/,
    'The audience of the credential must be the usual one',
  ],
  [
    /Leave the input `audience` out: federated credentials have (\S+), unless you made one otherwise\./,
    'The audience of the credential must be $1.',
  ],
  [' (or leave that input out)', ''],
  [
    ' Leave it out and give `organization`: then patless finds it.',
    ' Make the service connection again with the right one.',
  ],
  ['a variable in it may be empty or not expanded', 'it may have been typed by hand'],
  ['The proxy in HTTPS_PROXY', "The proxy (the agent's own, or that in HTTPS_PROXY)"],
  [
    '(HTTPS_PROXY and NO_PROXY are honoured)',
    "(the agent's own proxy settings are honoured, else HTTPS_PROXY and NO_PROXY)",
  ],
  ['Check the spelling of `organization`, or give `tenant-id`.', 'Check the spelling of `organization`.'],
];
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'client-id': "the service connection's client ID",
  'tenant-id': "the service connection's tenant ID",
  audience: "the service connection's audience",
  with: '`inputs:`',
};

const NAMES = [...Object.values(inputTable).map(({ name }) => name), 'with'];
const IN_BACKTICKS = new RegExp(`\`(${NAMES.join('|')})(:[^\`]*)?\``, 'g');

export function inPipelineWords(text: string): string {
  const replaced = SENTENCES.reduce((before, [said, here]) => before.replace(said, here), text);
  return replaced.replace(IN_BACKTICKS, (_, name: string, rest = '', at = 0) => {
    const words = OTHER_WORDS[name] ?? `\`${taskInput(name)}${rest}\``;
    const beginsSentence = /(?:^|[.:] |\n)$/.test(replaced.slice(0, at));
    return beginsSentence ? words.replace(/^t/, 'T') : words;
  });
}

/** The name of an input in task.json. */
export function taskInput(name: string): string {
  return Object.entries(inputTable).find(([, row]) => row.name === name)?.[0] ?? name;
}
