// Gradle: what stands in `credentials { … }` belongs to the repository whose URL is beside that.
import type { Pair, Range } from '../reading.js';

const CREDENTIALS = /\bcredentials\b[^{\n]{0,60}\{/;
const URL = /\b(?:set)?url\b[\s=(]{0,20}(?:(?:new )?uri[\s(]{1,5})?["'](https:\/\/[^"'\s]{1,300})["']/i;

export function isGradle(path: string): boolean {
  return /\.gradle(?:\.kts)?$/.test(path);
}

/** @param blocks Those in braces, of the same text. */
export function withFeeds(pairs: readonly Pair[], text: string, blocks: readonly Range[]): Pair[] {
  const smallestFirst = blocks.toSorted((a, b) => a.end - a.start - (b.end - b.start));
  return pairs.map((pair) => {
    if (!/^(?:username|password)$/.test(pair.name)) return pair;
    const around = smallestFirst.filter(({ start, end }) => start <= pair.offset && pair.offset < end);
    const [credentials = '', repository = ''] = around.map(({ start, end }) => text.slice(start, end));
    const url = CREDENTIALS.test(credentials) ? URL.exec(repository)?.[1] : undefined;
    return url === undefined ? pair : { ...pair, written: asVariable(pair, text), belongsTo: url };
  });
}

/** A word without quotes is a variable of the program, written here as those of shells are. */
function asVariable({ name, written, offset }: Pair, text: string): string {
  const line = text.slice(offset, text.indexOf('\n', offset) + 1 || undefined);
  const isWord = new RegExp(`\\b${name}\\b[\\s=]{1,20}${/^\w+$/.test(written) ? written : '(?!)'}\\b`);
  return isWord.test(line) ? `\${${written}}` : written;
}
