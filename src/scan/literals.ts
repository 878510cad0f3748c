// Literals with the shape of a PAT, wherever they stand: in comments, documents and programs too.
import { namesHost, organizationsIn } from './addresses.js';
import type { Candidate } from './candidate.js';
import type { Confidence } from './finding.js';
import { isForeign, saysPat, sureByName } from './names.js';
import { linesOf } from './text.js';
import { useOf } from './uses.js';
import { shapedIn } from './value.js';

/** Beyond this a line is data: a literal in it has no neighbourhood. */
export const LONGEST = 100_000;
const SOMETHING_ELSE =
  /\b(?:sha\d*|hash|digest|checksum|integrity|commit|revision|etag|nonce|thumbprint|fingerprint|signature)\b/i;

export function literalsIn(text: string, organizationAt: (offset: number) => string | null): Candidate[] {
  let before = '';
  return linesOf(text).flatMap((line) => {
    const around = `${before}\n${line.text}`;
    before = line.text.length > 500 ? '' : line.text;
    if (line.text.length > LONGEST || !/[A-Za-z0-9+/]{52}/.test(line.text)) return [];
    return shapedIn(line.text).flatMap(({ index, lastFour, isSigned }) => {
      const confidence = isSigned
        ? 'certain'
        : confidenceOf(line.text.slice(Math.max(0, index - 300), index), around);
      if (confidence === undefined) return [];
      const named = [...organizationsIn(around)];
      return [
        {
          line: line.number,
          lastLine: line.number,
          value: { kind: 'literal' as const, lastFour },
          use: useOf(line.text),
          organization: named.length === 1 ? (named[0] ?? null) : organizationAt(line.offset + index),
          confidence,
          does: 'is written here',
        },
      ];
    });
  });
}

/** Other things have 52 characters, too: only what is named, or stands beside an address of Azure DevOps, counts. */
function confidenceOf(before: string, around: string): Confidence | undefined {
  const name =
    /["']?([A-Za-z_][\w.-]{0,100})["']?\]?\s{0,10}(?:[:=]|=>|:=)\s{0,10}["'`]?[^\s"'`]{0,40}$/.exec(
      before,
    )?.[1] ?? '';
  if (isForeign(name) || SOMETHING_ELSE.test(name) || SOMETHING_ELSE.test(before)) return undefined;
  if (sureByName(name) !== undefined || saysPat(name)) return 'certain';
  if (/\bPATs?\b|personal[-_ ]access[-_ ]token/i.test(before)) return 'likely';
  return namesHost(around) ? 'possible' : undefined;
}
