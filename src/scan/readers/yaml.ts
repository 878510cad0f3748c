// YAML: every scalar is a named value and a command, and every collection a block.
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { assignmentsIn } from '../assignments.js';
import { expanderOf } from '../expand.js';
import type { Pair, Range, Reading, Setting, Source } from '../reading.js';
import { type Command, commandsOf, type Line, linesOf } from '../text.js';
import { pairsIn, readPlain } from './plain.js';

/** Deeper nesting is nobody's workflow, and would not fit on the stack. */
const DEEPEST = 200;

interface Scalars {
  readonly pairs: Pair[];
  readonly scripts: { readonly lines: readonly Line[]; readonly isFolded: boolean }[];
  readonly blocks: Range[];
}

export function readYaml(source: Source): Reading {
  const setting = settingOf(source);
  const scalars = scalarsOf(source.text);
  // Templates of other tools are YAML in name only: as lines of text they still show what they hold.
  if (typeof scalars === 'string') return { ...readPlain(source), setting, problem: scalars };
  const expand = expanderOf([...scalars.pairs, ...assignmentsIn(source.text)]);
  const commands: Command[] = scalars.scripts.flatMap(({ lines, isFolded }) =>
    commandsOf(lines, isFolded, expand),
  );
  return {
    setting,
    text: source.text,
    commands,
    pairs: [...scalars.pairs, ...commands.flatMap((command) => pairsIn(command, false))],
    blocks: scalars.blocks,
  };
}

function settingOf({ path, text }: Source): Setting {
  if (/(?:^|\/)\.github\//.test(path) || /^[ \t]+runs-on:|^[ \t]+using: ["']?composite/m.test(text))
    return 'github';
  if (/(?:^|\/)[\w.-]*compose[\w.-]*$/.test(path)) return 'docker';
  const isPipelines =
    /^[ \t]*(?:- *)?(?:task|script|bash|pwsh|powershell|checkout|template|stage|job|deployment):/m;
  return isPipelines.test(text) || /azure-?pipelines/i.test(path) ? 'pipelines' : 'other';
}

/** @returns what is wrong with it where it is no YAML. */
function scalarsOf(text: string): Scalars | string {
  const counter = new LineCounter();
  const documents = documentsIn(text, counter);
  if (typeof documents === 'string') return documents;
  const scalars: Scalars = { pairs: [], scripts: [], blocks: [] };
  const collect = collectorInto(scalars, text, counter);
  for (const { contents } of documents) collect(contents, undefined, undefined, 0);
  return scalars;
}

function documentsIn(text: string, counter: LineCounter) {
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: counter,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    const all = Array.isArray(documents) ? documents : [];
    const [error] = all.flatMap(({ errors }) => errors);
    if (error === undefined) return all;
    return `malformed YAML, line ${counter.linePos(error.pos[0]).line}; read as plain text`;
  } catch {
    // Also a nesting so deep that the stack does not hold it.
    return 'malformed YAML; read as plain text';
  }
}

/** Why it is no YAML, if it is not. */
export function problemInYaml(text: string): string | undefined {
  const documents = documentsIn(text, new LineCounter());
  return typeof documents === 'string' ? documents : undefined;
}

interface Key {
  readonly name: string;
  readonly offset: number;
}

function collectorInto({ pairs, scripts, blocks }: Scalars, text: string, counter: LineCounter) {
  const lineOf = (offset: number) => counter.linePos(offset).line;

  return function collect(node: unknown, key: Key | undefined, parent: Key | undefined, depth: number): void {
    if (depth > DEEPEST || isAlias(node)) return;
    if (isScalar(node)) add(node, key);
    if (!isMap(node) && !isSeq(node)) return;
    blocks.push(rangeOf(node, key));
    if (isSeq(node)) {
      for (const item of node.items) collect(item, undefined, key, depth + 1);
      return;
    }
    const reference = secretBeside(node);
    if (reference !== undefined) addReference(node, reference);
    const beside = nameBeside(node.items) ?? key?.name ?? parent?.name;
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const written = String(pair.key.value);
      const name = /^(?:value|default)$/.test(written) && beside !== undefined ? beside : written;
      collect(pair.value, { name, offset: pair.key.range?.[0] ?? 0 }, key, depth + 1);
    }
  };

  /** Written as a stored secret of the hosts is. */
  function addReference(node: YAMLMap, secret: string): void {
    const [offset = 0, end = 0] = node.range ?? [];
    const name = nameBeside(node.items);
    if (name === undefined) return;
    const lastLine = Math.max(lineOf(offset), lineOf(end) - 1);
    pairs.push({ name, written: secret, line: lineOf(offset), lastLine, offset, isData: true });
  }

  function add(node: Scalar, key: Key | undefined): void {
    const [start, end] = node.range ?? [0, 0];
    const value = node.value === null ? '' : String(node.value);
    const source = text.slice(start, end);
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    const isLong = source.trimEnd().includes('\n');
    const body = isBlock ? source.indexOf('\n') + 1 : 0;
    const first = lineOf(start + body);
    if (key !== undefined) {
      const line = lineOf(key.offset);
      const lastLine = isLong ? lineOf(start + source.trimEnd().length) : Math.max(line, lineOf(start));
      pairs.push({ name: key.name, written: value, line, lastLine, offset: key.offset, isData: true });
    }
    scripts.push({
      lines: isLong
        ? linesOf(source.slice(body), first, start + body)
        : [{ text: value, number: first, offset: start }],
      isFolded: isLong && node.type !== 'BLOCK_LITERAL',
    });
  }
}

/** Of `- name: X` with a value or a default beside it. */
function nameBeside(items: readonly unknown[]): string | undefined {
  const name = items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === 'name');
  return isPair(name) && isScalar(name.value) && typeof name.value.value === 'string'
    ? name.value.value
    : undefined;
}

/** Of Kubernetes: `valueFrom: { secretKeyRef: { name: X, key: Y } }`. */
function secretBeside(node: Node): string | undefined {
  if (!isMap(node)) return undefined;
  const [name, key] = ['name', 'key'].map((part) => node.getIn(['valueFrom', 'secretKeyRef', part]));
  return name === undefined || key === undefined ? undefined : `secrets['${name}.${key}']`;
}

/** With its key: `"//pkgs.dev.azure.com/contoso/": { … }`. */
function rangeOf(node: Node, key: Key | undefined): Range {
  const [start = 0, , end = 0] = node.range ?? [];
  return { start: key?.offset ?? start, end };
}
