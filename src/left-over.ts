// Which variables a failed run empties: what it was to set, and what still holds an earlier token of this organization.
import type { Organization } from './azure-devops/organization.js';
import { isOurs } from './files.js';
import type { Host } from './hosts/host.js';

export interface Wanted {
  /** The user's choice. */
  readonly exported: readonly string[];
  readonly organization: Organization | undefined;
  /** Variables of the chosen tools that hold the token, and those that name a file which does. */
  readonly ofTools: readonly string[];
  readonly files: readonly string[];
}

/** What the host itself puts into the environment; no step reads it, and none can be emptied. */
const OF_THE_HOST = /^(?:SECRET|INPUT|STATE|ENDPOINT|VSTS)_/;
/** Shorter than any token, so that no value holds it by chance. */
const SHORTEST_TOKEN = 20;

export function leftOver({ exported, organization, ofTools, files }: Wanted, host: Host): string[] {
  const filled = exported.filter((name) => host.currentValue(name) !== '');
  if (organization === undefined) return filled;
  const values = Object.entries(host.environment).flatMap(([name, value]) =>
    value ? [{ name, value }] : [],
  );
  const token = host.environment[organization.tokenVariable] ?? '';
  const others = values.filter(
    ({ name }) => name.startsWith('PATLESS_TOKEN_') && name !== organization.tokenVariable,
  );
  const names = values
    .filter(({ name }) => !OF_THE_HOST.test(name))
    .filter(
      ({ name, value }) =>
        (token.length >= SHORTEST_TOKEN && value.includes(token)) ||
        name === organization.tokenVariable ||
        name === organization.folderVariable ||
        // Another organization's is not this run's to take away.
        (ofTools.includes(name) && others.every((other) => other.value !== value)) ||
        (files.includes(name) && isOurs(value, host.temp)),
    )
    .map(({ name }) => name);
  return [...new Set([...filled, ...names])];
}
