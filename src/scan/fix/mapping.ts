// Mappings of a YAML document, with the places of their entries in the text.
import { isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { lineStart, nextLine, type Splice } from './splice.js';

export interface Entry {
  readonly key: string;
  readonly start: number;
  /** After its value, without a comment beside it. */
  readonly end: number;
  readonly pair: Pair;
}

export function entriesOf(node: unknown): Entry[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => {
    if (!isScalar(pair.key)) return [];
    const start = pair.key.range?.[0];
    const value = pair.value as { range?: readonly number[] | null } | null;
    const end = value?.range?.[1] ?? pair.key.range?.[1];
    return start === undefined || end === undefined
      ? []
      : [{ key: String(pair.key.value), start, end, pair }];
  });
}

export function valueOfKey(node: unknown, key: string): unknown {
  return entriesOf(node).find((entry) => entry.key === key)?.pair.value;
}

export function isBlockMap(node: unknown): node is YAMLMap {
  return isMap(node) && node.flow !== true && node.anchor === undefined;
}

export function isBlockSeq(node: unknown): node is YAMLSeq {
  return isSeq(node) && node.flow !== true && node.anchor === undefined;
}

export function isPlainScalar(node: unknown): node is Scalar {
  return isScalar(node) && node.anchor === undefined;
}

/** How far a key is indented, where nothing but spaces, or the dash of a list, stands before it. */
export function indentOf(text: string, entry: Entry): number | undefined {
  const before = text.slice(lineStart(text, entry.start), entry.start);
  return /^ *(?:- +)?$/.test(before) ? before.length : undefined;
}

/** Takes entries out of a mapping. @returns undefined where that cannot be done without a change of the rest. */
export function removal(text: string, map: YAMLMap, keys: ReadonlySet<string>): Splice[] | undefined {
  if (map.anchor !== undefined) return undefined;
  return map.flow === true ? flowRemoval(text, map, keys) : blockRemoval(text, map, keys);
}

/** `{ A: 1, B: 2 }`: with the comma after it, or the one before the last. */
function flowRemoval(text: string, map: YAMLMap, keys: ReadonlySet<string>): Splice[] | undefined {
  const entries = entriesOf(map);
  const [index, ...others] = entries.flatMap(({ key }, at) => (keys.has(key) ? [at] : []));
  const [entry, next, previous] = [
    entries[index ?? -1],
    entries[(index ?? 0) + 1],
    entries[(index ?? 0) - 1],
  ];
  if (entry === undefined || others.length > 0) return undefined;
  const start = next === undefined ? previous?.end : entry.start;
  const end = next?.start ?? entry.end;
  return start === undefined || text.slice(start, end).includes('#') ? undefined : [{ start, end, text: '' }];
}

/** Line by line; comments on lines of their own stay. */
function blockRemoval(text: string, map: YAMLMap, keys: ReadonlySet<string>): Splice[] | undefined {
  const entries = entriesOf(map);
  const splices = entries.map((entry, index): Splice | undefined | null => {
    if (!keys.has(entry.key)) return null;
    const before = text.slice(lineStart(text, entry.start), entry.start);
    if (/^ *$/.test(before)) {
      const [start, end] = [lineStart(text, entry.start), nextLine(text, lastOffset(entry))];
      return { start, end, text: commentsIn(text.slice(start, end)) };
    }
    // The first entry of a list's item stands behind the dash, where the next one has to go.
    const next = entries[index + 1];
    const between = next === undefined ? undefined : text.slice(lastOffset(entry) + 1, next.start);
    if (next === undefined || between === undefined || !/^ *-( +)$/.test(before) || between.trim() !== '')
      return undefined;
    return keys.has(next.key) ? undefined : { start: entry.start, end: next.start, text: '' };
  });
  if (splices.includes(undefined)) return undefined;
  return splices.filter((splice) => splice !== null && splice !== undefined);
}

function commentsIn(lines: string): string {
  return lines
    .split(/(?<=\n)/)
    .filter((line) => /^\s*#/.test(line))
    .join('');
}

/** A block scalar ends with its last line break, which is the next line's beginning. */
function lastOffset({ start, end }: Entry): number {
  return Math.max(start, end - 1);
}
