// CSV as in RFC 4180, for a spreadsheet; findings alone.
import { listing, type Report, type Write } from './report.js';

const COLUMNS = ['file', 'line', 'use', 'organization', 'confidence', 'message', 'replacement'] as const;

export function csvReport(write: Write): Report {
  const row = (cells: readonly (string | number | null)[]) => write(`${cells.map(cellOf).join(',')}\r\n`);
  row(COLUMNS);
  return {
    judged: listing((finding) => row(COLUMNS.map((column) => finding[column]))),
    skipped: () => undefined,
    end: () => undefined,
  };
}

function cellOf(value: string | number | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
