// One file as its commands and values are judged: what is around them, what its variables hold, and what lies beside it.
import { organizationsIn } from './addresses.js';
import { Blocks } from './blocks.js';
import type { Use } from './finding.js';
import type { Reading, Source } from './reading.js';
import type { Command } from './text.js';
import { useOfFile } from './uses.js';
import { variablesIn } from './value.js';
import { Variables } from './variables.js';

export interface Context extends Omit<Reading, 'blocks'> {
  readonly path: string;
  /** The one that reads the file, if only one does. */
  readonly tool: Use | undefined;
  readonly blocks: Blocks;
  readonly variables: Variables;
  /** The first command that reads a variable. */
  readerOf(name: string): Command | undefined;
  /** Files beside it that name the registries of a tool. */
  registriesOf(tool: Use): readonly string[];
  /** The only organization that these name. */
  organizationOf(tool: Use): string | null;
}

const REGISTRY_FILES: Partial<Record<Use, readonly string[]>> = {
  npm: ['.npmrc', '.yarnrc.yml', '.yarnrc', 'bunfig.toml'],
  nuget: ['nuget.config', 'NuGet.Config', 'NuGet.config'],
  python: ['pyproject.toml', 'uv.toml', 'pip.conf', 'requirements.txt'],
  maven: ['pom.xml', '.mvn/settings.xml'],
  gradle: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
  cargo: ['.cargo/config.toml', '.cargo/config'],
};

export function contextOf(reading: Reading, expand: (text: string) => string, source: Source): Context {
  const blocks = new Blocks(reading.text, reading.blocks, expand);
  const registriesOf = (tool: Use) => source.nearby(REGISTRY_FILES[tool] ?? []);
  let readers: ReadonlyMap<string, Command> | undefined;
  return {
    ...reading,
    path: source.path,
    tool: useOfFile(source.path),
    blocks,
    variables: new Variables(reading, blocks),
    readerOf: (name) => {
      readers ??= firstReaders(reading.commands);
      return readers.get(name.toLowerCase());
    },
    registriesOf,
    organizationOf: (tool) => {
      const [name, ...others] = new Set(registriesOf(tool).flatMap((text) => [...organizationsIn(text)]));
      return name === undefined || others.length > 0 ? null : name;
    },
  };
}

function firstReaders(commands: readonly Command[]): ReadonlyMap<string, Command> {
  const readers = new Map<string, Command>();
  for (const command of commands) {
    for (const name of variablesIn(command.text)) {
      if (!readers.has(name.toLowerCase())) readers.set(name.toLowerCase(), command);
    }
  }
  return readers;
}
