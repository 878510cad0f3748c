// The lines of a new step, written as those beside it are.
import { isMap, isScalar, stringify } from 'yaml';
import type { Step, StepList } from './dialect.js';
import { lineStart, type Splice } from './splice.js';

/** @param index The step that it comes before. @returns undefined where the steps are written in an unusual way. */
export function insertedStep(
  text: string,
  { steps }: StepList,
  index: number,
  step: Step,
): Splice | undefined {
  const next = steps.items[index];
  const start = isMap(next) || isScalar(next) ? next.range?.[0] : undefined;
  if (start === undefined) return undefined;
  const line = lineStart(text, start);
  const [, indent, gap] = /^( *)-( +)$/.exec(text.slice(line, start)) ?? [];
  if (indent === undefined || gap === undefined) return undefined;
  const at = aboveComments(text, line, indent);
  const isSpaced = /\n[ \t]*\n$/.test(text.slice(0, at));
  return { start: at, end: at, text: `${linesOf(step, indent, gap)}${isSpaced ? '\n' : ''}` };
}

/** A comment right above a step is about that step. */
function aboveComments(text: string, line: number, indent: string): number {
  let at = line;
  while (at > 0) {
    const before = lineStart(text, at - 1);
    if (!text.slice(before, at).startsWith(`${indent}#`)) break;
    at = before;
  }
  return at;
}

function linesOf(step: Step, indent: string, gap: string): string {
  const body = stringify(step, { lineWidth: 0 }).trimEnd().split('\n');
  const pad = `${indent} ${gap}`;
  return body.map((line, index) => `${index === 0 ? `${indent}-${gap}` : pad}${line}\n`).join('');
}
