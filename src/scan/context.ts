// What is around a place of a file: the blocks it stands in, their organization, and what its variables hold.
import { namesOtherHost, organizationsIn, speaksOfAzureDevOps } from './addresses.js';
import type { Use } from './finding.js';
import type { Pair, Range, Reading, Source } from './reading.js';
import { useOfFile } from './uses.js';
import { type Lookup, type Value, valueIn } from './value.js';

export interface Context extends Reading {
  /** Texts of the blocks, from the innermost to the whole file. */
  around(offset: number): readonly string[];
  /** Whether the nearest host that is named around the place is one of Azure DevOps. */
  speaksAt(offset: number): boolean;
  /** Of the innermost block that names one; null where that names several. */
  organizationAt(offset: number): string | null;
  /** The pair that gives a variable its value there. */
  pairFor(name: string, offset: number): Pair | undefined;
  lookupAt(offset: number): Lookup;
  /** Its settings, which no other program reads. */
  readonly isOfOneTool: boolean;
  /** Files beside it that name the registries of the tool. */
  registriesOf(use: Use): readonly string[];
  readonly path: string;
}

const REGISTRY_FILES: Partial<Record<Use, readonly string[]>> = {
  npm: ['.npmrc', '.yarnrc.yml', '.yarnrc', 'bunfig.toml'],
  nuget: ['nuget.config', 'NuGet.Config', 'NuGet.config'],
  python: ['pyproject.toml', 'uv.toml', 'pip.conf', 'requirements.txt'],
  maven: ['pom.xml', '.mvn/settings.xml'],
  gradle: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
  cargo: ['.cargo/config.toml', '.cargo/config'],
};

/** A variable set from a variable, and so on. */
const LONGEST_CHAIN = 6;

export function contextOf(reading: Reading, expand: (text: string) => string, source: Source): Context {
  const { text, blocks } = reading;
  const byName = groupedByName(reading.pairs);
  const issued = issuedByPatless(text);
  const file = { start: 0, end: text.length };
  const rangesAround = (offset: number) =>
    [...blocks.filter(({ start, end }) => start <= offset && offset < end), file].sort(
      (a, b) => a.end - a.start - (b.end - b.start),
    );

  const around = (offset: number) => rangesAround(offset).map(({ start, end }) => text.slice(start, end));

  /** Of a block that names a host; a file's commands ask for the same blocks again and again. */
  const speaksIn = remembered((range: Range) => {
    const block = text.slice(range.start, range.end);
    if (speaksOfAzureDevOps(expand(block))) return true;
    return namesOtherHost(block) ? false : undefined;
  });
  const organizationsOf = remembered(({ start, end }: Range) =>
    organizationsIn(expand(text.slice(start, end))),
  );

  function speaksAt(offset: number): boolean {
    return (
      rangesAround(offset)
        .map(speaksIn)
        .find((speaks) => speaks !== undefined) ?? false
    );
  }

  function organizationAt(offset: number): string | null {
    for (const range of rangesAround(offset)) {
      const names = organizationsOf(range);
      const [name = null] = names;
      if (names.size > 0) return names.size === 1 ? name : null;
    }
    return null;
  }

  function pairFor(name: string, offset: number): Pair | undefined {
    const pairs = mostAlike(byName.get(name.toLowerCase()) ?? [], name);
    if (pairs.length < 2) return pairs[0];
    for (const { start, end } of rangesAround(offset)) {
      const inside = pairs.filter((pair) => start <= pair.offset && pair.offset < end);
      const found = inside.findLast((pair) => pair.offset <= offset) ?? inside.at(0);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function lookupAt(offset: number, left = LONGEST_CHAIN): Lookup {
    return (name) => {
      const pair = pairFor(name, offset);
      if (pair === undefined && issued.has(name.toLowerCase())) return { kind: 'short-lived' };
      // `A: $(A)` and `A=${A:-}` say nothing new.
      if (pair === undefined || left === 0) return undefined;
      const value = valueIn(pair.written, (inner) =>
        inner.toLowerCase() === name.toLowerCase() ? undefined : lookupAt(pair.offset, left - 1)(inner),
      );
      return saysNothing(value, name) ? undefined : value;
    };
  }

  return {
    ...reading,
    around,
    speaksAt,
    organizationAt,
    pairFor,
    lookupAt,
    isOfOneTool: useOfFile(source.path) !== undefined,
    registriesOf: (use) => source.nearby(REGISTRY_FILES[use] ?? []),
    path: source.path,
  };
}

function remembered<T>(judge: (range: Range) => T): (range: Range) => T {
  const known = new Map<Range, T>();
  return (range) => {
    if (!known.has(range)) known.set(range, judge(range));
    return known.get(range) as T;
  };
}

function groupedByName(pairs: readonly Pair[]): ReadonlyMap<string, readonly Pair[]> {
  const grouped = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = pair.name.toLowerCase();
    const pairs = grouped.get(key);
    if (pairs === undefined) grouped.set(key, [pair]);
    else pairs.push(pair);
  }
  return grouped;
}

/** Without those that pass on what they are set to anyway; agents and Windows know no case. */
function mostAlike(pairs: readonly Pair[], name: string): readonly Pair[] {
  if (pairs.length < 2) return pairs;
  const telling = pairs.filter(({ written }) => !saysNothing(valueIn(written), name));
  const exact = telling.filter((pair) => pair.name === name);
  return exact.length > 0 ? exact : telling;
}

/** Variables that a step of patless in the same file fills, in lower case: what reads them is migrated. */
function issuedByPatless(text: string): ReadonlySet<string> {
  if (!/\buses:[^\n]*patless|\btask:\s*['"]?Patless@|\bpatless exec\b/.test(text)) return new Set();
  const exported = [...text.matchAll(/\bexport-?env['"]?\s?:([^\n]*(?:\n\s+[A-Z][A-Z0-9_]*,?(?=\n|$))*)/gi)];
  const names = exported.flatMap(([, list = '']) => list.match(/[A-Za-z_]\w*/g) ?? []);
  const configured = /\bconfigure['"]?\s?:/.test(text)
    ? ['AZURE_DEVOPS_EXT_PAT', 'AZDO_PERSONAL_ACCESS_TOKEN']
    : [];
  return new Set([...names, ...configured].map((name) => name.toLowerCase()));
}

function saysNothing(value: Value, name: string): boolean {
  return (
    value.kind === 'nothing' || (value.kind === 'variable' && value.name.toLowerCase() === name.toLowerCase())
  );
}
