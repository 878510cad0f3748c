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

/**
 * Takes entries out of a mapping in block style, line by line; comments of their own lines stay.
 * @returns undefined where that cannot be done so.
 */
export function removal(text: string, map: YAMLMap, keys: ReadonlySet<string>): Splice[] | undefined {
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
