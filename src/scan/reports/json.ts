// JSON: `{ "findings": […], "skipped": […] }`, one finding a line.
import type { Finding, Skipped } from '../finding.js';
import { listing, type Report, type Write } from './report.js';

export function jsonReport(write: Write): Report {
  const skipped: Skipped[] = [];
  let separator = '\n';
  write('{\n"findings": [');
  return {
    judged: listing((finding) => {
      write(`${separator}${JSON.stringify(inContract(finding))}`);
      separator = ',\n';
    }),
    skipped: (entry) => void skipped.push(entry),
    end: () =>
      write(`\n],\n"skipped": [${skipped.map((entry) => `\n${JSON.stringify(entry)}`).join(',')}\n]\n}\n`),
  };
}

/** These members and no others, in this order. */
function inContract({ file, line, use, organization, confidence, message, replacement }: Finding): Finding {
  return { file, line, use, organization, confidence, message, replacement };
}
