// Which lines of a text without a grammar of its own belong together.
import type { Range } from '../reading.js';
import { type Line, linesOf } from '../text.js';

const MOST_OPEN = 100;

/** Brackets of programs, Terraform, Gradle and JSON; `${` is a variable's. */
export function bracedBlocks(text: string): Range[] {
  const open: number[] = [];
  const blocks: Range[] = [];
  for (const { 0: bracket, index } of text.matchAll(/(?<!\$|\{)\{(?!\{)|(?<!\})\}(?!\})/g)) {
    if (bracket === '{' && open.length < MOST_OPEN) open.push(index);
    const start = bracket === '}' ? open.pop() : undefined;
    // The line that opens it names it: `provider "azuredevops" {`, `"AzureDevOps": {`.
    if (start !== undefined) blocks.push({ start: text.lastIndexOf('\n', start) + 1, end: index + 1 });
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
