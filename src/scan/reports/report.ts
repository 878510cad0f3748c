// A report is written while the scan goes on, so that it needs no memory for what was found.
import type { Finding, Skipped } from '../finding.js';
import { findingsIn, type Judged } from '../scan.js';

export interface Report {
  /** @returns what is there still. */
  judged(file: Judged): readonly Finding[];
  skipped(skipped: Skipped): void;
  /** @param files How many were looked at. */
  end(files: number): void;
}

export type Write = (text: string) => void;

/** For a report that lists findings. */
export function listing(add: (finding: Finding) => void): Report['judged'] {
  return (file) => {
    const findings = findingsIn(file);
    for (const finding of findings) add(finding);
    return findings;
  };
}
