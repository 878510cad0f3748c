// What may be a finding, before it is known what else the file says of the same place.
import type { Confidence, Detection, Use } from './finding.js';
import type { Setting } from './reading.js';
import { replacementFor } from './replacement.js';
import type { Value } from './value.js';

export interface Candidate {
  readonly line: number;
  readonly lastLine: number;
  readonly value: Value;
  readonly use: Use;
  readonly organization: string | null;
  readonly confidence: Confidence;
  /** Goes on where "The secret X" stops: "is the password in a URL". */
  readonly does: string;
  /** The variable or input that holds it. */
  readonly variable?: string;
  /** The variables that a command hands over, and those that they are made of, in lower case. */
  readonly reads?: readonly string[];
  /** Tool of `configure`, where it is not the use's own. */
  readonly configure?: string;
}

export function detectionOf(candidate: Candidate, setting: Setting): Detection {
  const { line, use, organization, confidence, value, does } = candidate;
  return {
    line,
    use: use === 'unknown' && setting === 'docker' ? 'docker' : use,
    organization,
    confidence,
    message: `${subject(value)} ${does}.`,
    replacement: replacementFor(candidate, setting),
  };
}

function subject(value: Value): string {
  switch (value.kind) {
    case 'secret':
      return `The secret ${value.name}`;
    case 'variable':
      return `The variable ${value.name}`;
    case 'literal':
      return value.lastFour === undefined ? 'A password' : `A PAT (…${value.lastFour})`;
    default:
      return 'A value that is not written here';
  }
}
