// Which of a file's assignments a variable has its value from, and what that is.
import type { Blocks } from './blocks.js';
import type { Pair, Reading } from './reading.js';
import { type Lookup, type Value, valueIn, variablesIn } from './value.js';

/** A variable set from a variable, and so on. */
const LONGEST_CHAIN = 6;

export class Variables {
  readonly #pairs: ReadonlyMap<string, readonly Pair[]>;
  readonly #issued: ReadonlySet<string>;

  constructor(
    { pairs, text }: Pick<Reading, 'pairs' | 'text'>,
    private readonly blocks: Blocks,
  ) {
    this.#pairs = groupedByName(pairs);
    this.#issued = new Set([...issuedByPatless(text), ...issuedByTasks(text)]);
  }

  /** The pair that gives a variable its value at a place: in the innermost block that has one, the last before it. */
  pairFor(name: string, offset: number): Pair | undefined {
    const pairs = this.#pairs.get(name.toLowerCase()) ?? [];
    if (pairs.length < 2) return pairs[0];
    for (const { range } of this.blocks.around(offset)) {
      const inside = pairs.filter((pair) => range.start <= pair.offset && pair.offset < range.end);
      const telling = mostAlike(inside, name);
      const found = telling.findLast((pair) => pair.offset <= offset) ?? telling[0];
      if (found !== undefined) return found;
    }
    return undefined;
  }

  lookupAt(offset: number, left = LONGEST_CHAIN): Lookup {
    return (name) => {
      const pair = this.pairFor(name, offset);
      if (pair === undefined && this.#issued.has(name.toLowerCase())) return { kind: 'short-lived' };
      if (pair === undefined || left === 0) return undefined;
      const value = valueIn(pair.written, (inner) =>
        isSame(inner, name) ? undefined : this.lookupAt(pair.offset, left - 1)(inner),
      );
      return saysNothing(value, name) ? undefined : value;
    };
  }

  /** What variables, as a command names them, were set by, back to the first. */
  sourcesOf(names: readonly string[], offset: number): Set<Pair> {
    const sources = new Set<Pair>();
    const follow = (name: string, from: number) => {
      const pair = this.pairFor(name, from);
      if (pair === undefined || sources.has(pair)) return;
      sources.add(pair);
      for (const inner of variablesIn(pair.written)) follow(inner, pair.offset);
    };
    for (const name of names) follow(name, offset);
    return sources;
  }
}

function groupedByName(pairs: readonly Pair[]): ReadonlyMap<string, readonly Pair[]> {
  const grouped = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = pair.name.toLowerCase();
    const known = grouped.get(key);
    if (known === undefined) grouped.set(key, [pair]);
    else known.push(pair);
  }
  return grouped;
}

/** Without those that pass on what they are set to anyway; agents and Windows know no case. */
function mostAlike(pairs: readonly Pair[], name: string): readonly Pair[] {
  const telling = pairs.filter(({ written }) => !saysNothing(valueIn(written), name));
  const exact = telling.filter((pair) => pair.name === name);
  return exact.length > 0 ? exact : telling;
}

/** `A: $(A)` and `A=${A:-}` say nothing new. */
function saysNothing(value: Value, name: string): boolean {
  return value.kind === 'nothing' || (value.kind === 'variable' && isSame(value.name, name));
}

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

/** Variables that a step of patless in the same file fills, in lower case: what reads them is migrated. */
function issuedByPatless(text: string): ReadonlySet<string> {
  if (!/\buses:[^\n]*patless|\btask:\s*['"]?Patless@|\bpatless exec\b/.test(text)) return new Set();
  const exported = [...text.matchAll(/\bexport-?env['"]?\s?:([^\n]*(?:\n\s+[A-Z][A-Z0-9_]*,?(?=\n|$))*)/gi)];
  const names = exported.flatMap(([, list = '']) => list.match(/[A-Za-z_]\w*/g) ?? []);
  const isConfigured = /\bconfigure['"]?\s?:/.test(text);
  const configured = isConfigured ? ['AZURE_DEVOPS_EXT_PAT', 'AZDO_PERSONAL_ACCESS_TOKEN'] : [];
  return new Set([...names, ...configured].map((name) => name.toLowerCase()));
}

/** What the agent's task fills with the job's own token. */
function issuedByTasks(text: string): readonly string[] {
  return /\btask:\s*['"]?NuGetAuthenticate@/.test(text) ? ['vss_nuget_accesstoken'] : [];
}
