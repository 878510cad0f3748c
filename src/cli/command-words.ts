// Messages name inputs as action.yml does; a command line has options in their place.
import { INPUT_NAMES } from '../input-names.js';

const IN_BACKTICKS = new RegExp(`\`(${INPUT_NAMES.join('|')})(?:: ([^\`]*))?\``, 'g');

export function inCommandWords(text: string): string {
  return text
    .replace(
      'Correct the `with:` block of this step; nothing was contacted.',
      'Correct the options; nothing was contacted. `--help` lists them.',
    )
    .replace('mistakes in the inputs:', 'mistakes in the options:')
    .replace(IN_BACKTICKS, (_, name: string, value?: string) =>
      value === undefined ? `--${name}` : `\`--${name} ${value}\``,
    );
}
