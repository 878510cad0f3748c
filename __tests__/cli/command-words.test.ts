// Messages about inputs, as somebody reads them who has typed options.
import { expect, test } from '@jest/globals';
import { inCommandWords } from '../../src/cli/command-words.js';

test.each([
  ['`client-id` must be a GUID', '--client-id must be a GUID'],
  ['set `allow-fork-trigger: true`.', 'set `--allow-fork-trigger true`.'],
  ['`git` and `az login` stay', '`git` and `az login` stay'],
  ['`organizations` stays', '`organizations` stays'],
])('%s: %s', (said, here) => expect(inCommandWords(said)).toBe(here));
