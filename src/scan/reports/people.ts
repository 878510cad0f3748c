// For people: file by file, what was found and what to do, and at the end how much of it there is.
import { printable } from '../../printable.js';
import { CONFIDENCES, type Confidence, type Finding, type Skipped } from '../finding.js';
import { listing, type Report, type Write } from './report.js';

const MOST_SKIPPED = 10;

export function peopleReport(write: Write): Report {
  const counts = new Map<Confidence, number>();
  const withFindings = new Set<string>();
  const skipped: Skipped[] = [];
  let skippedCount = 0;
  let last = '';
  return {
    judged: listing((finding) => {
      if (finding.file !== last) write(`${last === '' ? '' : '\n'}${printable(finding.file)}\n`);
      last = finding.file;
      withFindings.add(finding.file);
      counts.set(finding.confidence, (counts.get(finding.confidence) ?? 0) + 1);
      write(linesOf(finding));
    }),
    skipped: (entry) => {
      skippedCount++;
      if (skipped.length < MOST_SKIPPED) skipped.push(entry);
    },
    end: (files) => {
      write(`${last === '' ? '' : '\n'}${closing(counts, withFindings.size, files)}\n`);
      if (skippedCount > 0) write(listOfSkipped(skipped, skippedCount));
    },
  };
}

function linesOf({ line, use, organization, confidence, message, replacement }: Finding): string {
  const where = organization === null ? use : `${use}, ${organization}`;
  const first = `  ${String(line).padStart(4)}  ${confidence}  ${printable(message)} (${where})\n`;
  return replacement === null ? first : `${first}        -> ${printable(replacement)}\n`;
}

function closing(counts: ReadonlyMap<Confidence, number>, withFindings: number, files: number): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return `No use of a PAT found in ${plural(files, 'file')}.`;
  const each = CONFIDENCES.filter((confidence) => counts.has(confidence)).map(
    (confidence) => `${counts.get(confidence)} ${confidence}`,
  );
  return `${plural(total, 'use')} of a PAT in ${withFindings} of ${plural(files, 'file')}: ${each.join(', ')}.`;
}

function listOfSkipped(skipped: readonly Skipped[], count: number): string {
  const lines = skipped.map(({ file, reason }) => `  ${printable(file)}: ${reason}`);
  const more =
    count > skipped.length ? [`  … and ${count - skipped.length} more (--format json lists them)`] : [];
  return `Not read, or not as what they are:\n${[...lines, ...more].join('\n')}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
