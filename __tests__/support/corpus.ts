// The corpus of `patless scan`: small projects as a platform team finds them, and what has to be found in each.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { fix } from '../../src/scan/fix/fix.js';
import { findingsIn as findingsOf, type Judged, scan } from '../../src/scan/scan.js';

const ROOT = '__tests__/scan/corpus';
const EXPECTED = 'expected.txt';
const DIFF = 'expected.diff';

/** Invented, and put together here, so that no file of this repository holds anything that looks like a secret. */
const PAT52 = 'patless7corpus2'.repeat(4).slice(0, 52);
const PAT84 = `${'PATLESSCORPUS2027'.repeat(5).slice(0, 76)}AZDO2ABC`;
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  PAT52,
  PAT84,
  BASE64_OF_PAT52: Buffer.from(PAT52).toString('base64'),
  BASE64_OF_COLON_PAT52: Buffer.from(`:${PAT52}`).toString('base64'),
  PLACEHOLDER: 'x'.repeat(52),
};
export const SECRETS = [
  PAT52,
  PAT84,
  PLACEHOLDERS.BASE64_OF_PAT52,
  PLACEHOLDERS.BASE64_OF_COLON_PAT52,
] as string[];

export interface Case {
  readonly name: string;
  /** `file:line  use  organization  confidence`, `-` for an organization that cannot be told. */
  readonly expected: readonly string[];
  readonly found: readonly string[];
  /** What `--fix` changes, as a diff; empty where it changes nothing. */
  readonly expectedDiff: string;
  readonly diff: string;
}

export function casesOf(kind: 'uses' | 'decoys'): Case[] {
  return readdirSync(join(ROOT, kind)).map((name) => {
    const folder = join(ROOT, kind, name);
    const [comments, expected] = kind === 'uses' ? expectationOf(folder) : ['', []];
    const root = laidOut(folder, comments);
    const files = [...scan(root, '')].filter((scanned) => scanned.kind === 'judged');
    const one = {
      name,
      expected: [...expected].sort(),
      found: files.flatMap(findingsIn).sort(),
      expectedDiff: existsSync(join(folder, DIFF)) ? readFileSync(join(folder, DIFF), 'utf8') : '',
      diff: files.map(diffOf).join(''),
    };
    rmSync(root, { recursive: true });
    return one;
  });
}

function expectationOf(folder: string): [comments: string, lines: string[]] {
  const lines = readFileSync(join(folder, EXPECTED), 'utf8').trimEnd().split('\n');
  return [
    lines.filter((line) => line.startsWith('#')).join('\n'),
    lines.filter((line) => !line.startsWith('#')),
  ];
}

function findingsIn(judged: Judged): string[] {
  return findingsOf(judged).map(
    ({ file, line, use, organization, confidence }) =>
      `${file.replace('.git/', 'dot-git/')}:${line}  ${use}  ${organization ?? '-'}  ${confidence}`,
  );
}

function diffOf(judged: Judged): string {
  const { content, text } = fix(judged, { uses: './', serviceConnection: 'ado' });
  if (content === undefined) return '';
  const names = [`a/${judged.file}`, `b/${judged.file}`] as const;
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(...names, judged.text, text, undefined, undefined, options);
}

/** A copy with its placeholders filled in, and in the encoding that its expectation asks for. */
export function laidOut(folder: string, comments: string): string {
  const root = mkdtempSync(join(tmpdir(), 'patless-corpus-'));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const from = join(folder, name);
    if (name === EXPECTED || name === DIFF || statSync(from).isDirectory()) continue;
    const to = join(root, name.replace('dot-git', '.git'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, encoded(filledIn(readFileSync(from, 'utf8')), comments));
  }
  return root;
}

export function filledIn(text: string): string {
  return text.replace(/\{\{([A-Z0-9_]+)\}\}/g, (written, name: string) => PLACEHOLDERS[name] ?? written);
}

function encoded(text: string, comments: string): string | Buffer {
  if (comments.includes('utf16')) return Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le');
  return comments.includes('crlf') ? text.replaceAll('\n', '\r\n') : text;
}
