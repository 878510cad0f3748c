// CSV as in RFC 4180, for a spreadsheet; findings alone.
import type { Finding } from '../finding.js';
import type { Report, Write } from './report.js';

const COLUMNS = ['file', 'line', 'use', 'organization', 'confidence', 'message', 'replacement'] as const;

export function csvReport(write: Write): Report {
  const row = (cells: readonly (string | number | null)[]) => write(`${cells.map(cellOf).join(',')}\r\n`);
  row(COLUMNS);
  return {
    finding: (finding: Finding) => row(COLUMNS.map((column) => finding[column])),
    skipped: () => undefined,
    end: () => undefined,
  };
}

function cellOf(value: string | number | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
