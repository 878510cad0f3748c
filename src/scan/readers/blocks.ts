// Which lines of a text without a grammar of its own belong together.
import type { Range } from '../reading.js';
import { type Line, linesOf } from '../text.js';

const MOST_OPEN = 100;
/** More are a generated file's. */
const MOST = 10_000;

/** Brackets of programs, Terraform, Gradle and JSON; `${` and `{{` are a variable's. */
export function bracedBlocks(text: string): Range[] {
  const open: number[] = [];
  const blocks: Range[] = [];
  let line = 0;
  for (const { 0: found, index } of text.matchAll(/\n|(?<!\$|\{)\{(?!\{)|(?<!\})\}(?!\})/g)) {
    if (found === '\n') line = index + 1;
    // The line that opens it names it: `provider "azuredevops" {`, `"AzureDevOps": {`.
    if (found === '{' && open.length < MOST_OPEN) open.push(line);
    const start = found === '}' ? open.pop() : undefined;
    if (start !== undefined && blocks.length < MOST) blocks.push({ start, end: index + 1 });
  }
  return blocks;
}

/** From one heading, such as `[section]`, to the next. */
export function sections(text: string, heading: RegExp): Range[] {
  const starts = linesOf(text).filter((line) => heading.test(line.text));
  return starts.map((line, index) => ({ start: line.offset, end: starts[index + 1]?.offset ?? text.length }));
}

/** Between empty lines. */
export function paragraphs(lines: readonly Line[]): Range[] {
  const blocks: { start: number; end: number }[] = [];
  let isOpen = false;
  for (const { text, offset } of lines) {
    const end = offset + text.length;
    const last = blocks.at(-1);
    if (text.trim() === '') isOpen = false;
    else if (isOpen && last !== undefined) last.end = end;
    else {
      blocks.push({ start: offset, end });
      isOpen = true;
    }
  }
  return blocks;
}
