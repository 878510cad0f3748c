// Whose feed a variable is for that tools of other registries read, too.
import { namesHost } from './addresses.js';
import type { Context } from './context.js';
import type { Use } from './finding.js';
import { isForeign, sureByName } from './names.js';
import type { Pair } from './reading.js';
import type { Value } from './value.js';

/** Whether a variable that tools of other registries read, too, is for one of Azure Artifacts here. */
export function leadsToFeed(pair: Pair, value: Value, use: Use, context: Context): boolean {
  if ('name' in value) {
    if (sureByName(value.name) !== undefined) return true;
    if (isForeign(value.name)) return isFeedForCertain(pair, value.name, context);
  }
  if (namesHost(pair.written)) return true;
  const isFeed = context.blocks.isFeedAt(pair.offset);
  return isFeed ?? context.registriesOf(use).some((text) => namesHost(text));
}

/**
 * The name of a secret may be wrong about where it goes, but tools have registries of their own that no file names:
 * only the step itself counts, and for NODE_AUTH_TOKEN the registry that was set up for it.
 */
function isFeedForCertain({ name, offset }: Pair, secret: string, { blocks }: Context): boolean {
  if (/github|gh(?:cr)?(?![a-z])/i.test(secret)) return false;
  if (/^NODE_AUTH_TOKEN$/i.test(name)) return blocks.isFeedAt(offset) === true;
  return blocks.isFeedOfStepAt(offset);
}
