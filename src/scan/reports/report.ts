// A report is written while the scan goes on, so that it needs no memory for what was found.
import type { Finding, Skipped } from '../finding.js';

export interface Report {
  finding(finding: Finding): void;
  skipped(skipped: Skipped): void;
  /** @param files How many were looked at. */
  end(files: number): void;
}

export type Write = (text: string) => void;
