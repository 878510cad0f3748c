// One place, one finding: of what was found on a line, what says most about it.
import type { Candidate } from './candidate.js';

/** A value of more lines than these is a script, and its parts are findings of their own. */
const LONGEST_VALUE = 100;

/** @param kinds Each says more than those after it, and takes its lines. */
export function withoutRepeats(kinds: readonly (readonly Candidate[])[]): Candidate[] {
  const kept: Candidate[] = [];
  const byLine = new Map<number, { readonly candidate: Candidate; readonly kind: number }[]>();
  const on = (line: number) => byLine.get(line) ?? [];
  for (const [kind, candidates] of kinds.entries()) {
    for (const candidate of candidates) {
      const isTaken = linesOf(candidate).some((line) => on(line).some((other) => other.kind < kind));
      const isRepeat = on(candidate.line).some(
        ({ candidate: other }) => other.line < candidate.line || isSame(other, candidate),
      );
      if (isTaken || isRepeat) continue;
      kept.push(candidate);
      for (const line of linesOf(candidate)) byLine.set(line, [...on(line), { candidate, kind }]);
    }
  }
  return kept;
}

function linesOf({ line, lastLine }: Candidate): number[] {
  const count = Math.min(lastLine - line + 1, LONGEST_VALUE);
  return Array.from({ length: Math.max(1, count) }, (_, index) => line + index);
}

/** On one line, what differs is the use of it, or the organization. */
function isSame(one: Candidate, other: Candidate): boolean {
  const isVague = other.use === 'unknown' || one.use === 'rest' || other.use === 'rest';
  const isOther = other.organization !== null && one.organization !== other.organization;
  return (one.use === other.use || isVague) && !isOther;
}
