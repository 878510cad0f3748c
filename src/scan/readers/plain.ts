// Scripts, programs and settings, line by line: whatever has `NAME = value` and commands.
import { type Assignment, assignmentsIn } from '../assignments.js';
import { expanderOf } from '../expand.js';
import type { Pair, Range, Reading, Setting, Source } from '../reading.js';
import { type Command, commandsOf, linesOf } from '../text.js';
import { bracedBlocks, paragraphs, sections } from './blocks.js';
import { isGradle, withFeeds } from './gradle.js';

const DATA =
  /(?:^|\/)(?:\.?[\w.-]*(?:npmrc|yarnrc|pypirc|netrc|gitmodules|git-credentials|env)|\.env[\w.-]*|config|credentials)$|\.(?:ini|conf|cfg|toml|json|jsonc|properties|tf|tfvars|hcl|env)$/i;
const SECTIONED = /\.(?:ini|conf|cfg|toml)$|(?:pypirc|gitmodules|config|credentials)$/i;
/** `#` is no comment there. */
const BLOCK_COMMENTS =
  /\/\*[\s\S]{0,20000}?\*\/|<#[\s\S]{0,20000}?#>|<!--[\s\S]{0,20000}?-->|^[ \t]*("""|''')[\s\S]{0,20000}?\1/gm;

export function readPlain(source: Source): Reading {
  const text = withoutBlockComments(source.text);
  const lines = linesOf(text);
  const commands = isNetrc(source.path)
    ? sections(text, /^\s*(?:machine|default)\b/).flatMap((range) => folded(text, range))
    : commandsOf(lines, false, expanderOf(assignmentsIn(text)));
  const isData = DATA.test(source.path);
  const braced = bracedBlocks(text);
  const headed = SECTIONED.test(source.path) ? sections(text, /^\s*\[/) : [];
  const pairs = commands
    .flatMap((command) => pairsIn(command, isData))
    .map((pair) => withIndex(pair, source));
  return {
    setting: settingOf(source.path),
    text,
    commands,
    pairs: isGradle(source.path) ? withFeeds(pairs, text, braced) : pairs,
    blocks: [...braced, ...headed, ...(headed.length > 0 ? [] : paragraphs(lines))],
  };
}

/** The token of a Cargo registry belongs to the index that the configuration beside it names. */
function withIndex(pair: Pair, { path, text, nearby }: Source): Pair {
  if (pair.name !== 'token' || !/\bcredentials(?:\.toml)?$/.test(path)) return pair;
  const registry = /\[registries\.["']?([\w-]{1,100})["']?\][^[]*$/.exec(text.slice(0, pair.offset))?.[1];
  if (registry === undefined) return pair;
  const index = new RegExp(`\\b${registry}\\b[^[]{0,300}?\\bindex\\s*=\\s*"([^"]{1,300})"`);
  const configured = nearby(['config.toml', 'config', '.cargo/config.toml']).map(
    (found) => index.exec(found)?.[1],
  );
  const belongsTo = configured.find((url) => url !== undefined);
  return belongsTo === undefined ? pair : { ...pair, belongsTo };
}

export function pairsIn(command: Command, isData: boolean): Pair[] {
  return assignmentsIn(command.text).map((assignment) => pairOf(assignment, command, isData));
}

function pairOf({ name, written, index }: Assignment, command: Command, isData: boolean): Pair {
  const { line, offset } = command.at(index);
  return { name, written, line, lastLine: line, offset, isData };
}

/** Keeps lines and offsets. */
export function withoutBlockComments(text: string): string {
  return text.replace(BLOCK_COMMENTS, (comment) => comment.replace(/[^\n]/g, ' '));
}

function folded(text: string, { start, end }: Range): Command[] {
  const first = text.slice(0, start).split('\n').length;
  return commandsOf(linesOf(text.slice(start, end), first, start), true, (line) => line);
}

function isNetrc(path: string): boolean {
  return /(?:^|\/)[._]?netrc$/i.test(path);
}

function settingOf(path: string): Setting {
  return /(?:^|\/)(?:[\w.-]*Dockerfile|Containerfile)[\w.-]*$|\.dockerfile$/i.test(path) ? 'docker' : 'other';
}
