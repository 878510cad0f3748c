// One workflow or pipeline without the PATs whose replacement is certain, and what is left for people.
import { isMap, LineCounter, parseDocument } from 'yaml';
import type { Candidate } from '../candidate.js';
import { type Cure, cureFor, type File } from './cure.js';
import type { Dialect } from './dialect.js';
import { written } from './write.js';

export interface Left {
  readonly candidate: Candidate;
  /** The end of "left, since …". */
  readonly why: string;
}

export interface Rewrite {
  /** The same text where nothing could be done. */
  readonly text: string;
  readonly fixed: readonly Candidate[];
  readonly left: readonly Left[];
}

export function rewrite(text: string, candidates: readonly Candidate[], dialect: Dialect): Rewrite {
  const lines = new LineCounter();
  const { contents: root, errors } = parseDocument(text, { lineCounter: lines });
  if (errors.length > 0 || !isMap(root))
    return leftAll(text, candidates, 'the file is no YAML that can be read');
  const file: File = { text, root, lists: dialect.stepLists(text, root), lines, dialect };
  if (file.lists.length === 0)
    return leftAll(text, candidates, 'there is no list of steps that a sign-in could be added to');
  const judged = candidates.map((candidate) => ({ candidate, cure: cureFor(candidate, file) }));
  const cures = judged.flatMap(({ cure }) => (typeof cure === 'string' ? [] : [cure]));
  if (cures.length === 0) return { text, fixed: [], left: leftOf(judged, cures) };
  const result = written(file, cures);
  if (result === undefined)
    return leftAll(text, candidates, 'no change of it would leave all the rest as it is');
  const left = leftOf(judged, cures);
  const fixed = candidates.filter((candidate) => !left.some((other) => other.candidate === candidate));
  return { text: result, fixed, left };
}

function leftAll(text: string, candidates: readonly Candidate[], why: string): Rewrite {
  return { text, fixed: [], left: candidates.map((candidate) => ({ candidate, why })) };
}

/** A command that reads a variable goes on as it is, when that is filled with a token. */
function leftOf(
  judged: readonly { candidate: Candidate; cure: Cure | string }[],
  cures: readonly Cure[],
): Left[] {
  const filled = new Set(cures.flatMap(({ variable }) => variable?.name.toLowerCase() ?? []));
  return judged.flatMap(({ candidate, cure }) => {
    const isFilled = candidate.value.kind === 'secret' && candidate.reads?.some((name) => filled.has(name));
    return typeof cure !== 'string' || isFilled ? [] : [{ candidate, why: cure }];
  });
}
