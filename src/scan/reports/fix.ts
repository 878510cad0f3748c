// What `--fix` does and shows: each change as a unified diff, then what is left for people, and why.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { printable } from '../../printable.js';
import { detectionOf } from '../candidate.js';
import { fix } from '../fix/fix.js';
import { overwrite } from '../fix/overwrite.js';
import type { Left } from '../fix/rewrite.js';
import type { Judged } from '../scan.js';
import { withoutPats } from '../value.js';
import type { Report, Write } from './report.js';

/** The README says what OWNER stands for. */
const EXAMPLE = 'OWNER/patless@main';

export interface FixOptions {
  readonly isDryRun: boolean;
  readonly uses: string | undefined;
  readonly serviceConnection: string | undefined;
}

export function fixReport(write: Write, { isDryRun, uses = EXAMPLE, serviceConnection }: FixOptions): Report {
  const left: string[] = [];
  let [fixed, files, workflows] = [0, 0, 0];
  return {
    judged: (file) => {
      const result = fix(file, { uses, serviceConnection });
      if (result.content !== undefined) {
        write(diffOf(file.file, file.text, result.text));
        if (!isDryRun) overwrite(file.path, result.content);
        [fixed, files] = [fixed + result.fixed.length, files + 1];
        if (file.setting === 'github') workflows++;
      }
      left.push(...result.left.map((entry) => leftLine(file, entry)));
      const there = isDryRun ? file.candidates : result.left.map(({ candidate }) => candidate);
      return there.map((candidate) => ({ file: file.file, ...detectionOf(candidate, file.setting) }));
    },
    skipped: () => undefined,
    end: () => {
      if (files > 0 && left.length > 0) write('\n');
      write(left.join(''));
      const did = isDryRun ? 'would be replaced; nothing was written' : 'replaced';
      write(
        `${files + left.length > 0 ? '\n' : ''}${plural(fixed, 'use')} of a PAT in ${plural(files, 'file')} ${did}; ${left.length} left.\n`,
      );
      if (workflows > 0) write(toDo(uses));
    },
  };
}

function diffOf(file: string, before: string, after: string): string {
  const [from, to] = [`a/${printable(file)}`, `b/${printable(file)}`];
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return withoutPats(createTwoFilesPatch(from, to, before, after, undefined, undefined, options));
}

function leftLine({ file, setting }: Judged, { candidate, why }: Left): string {
  const { line, message } = detectionOf(candidate, setting);
  return `${printable(file)}:${line}  ${printable(message)}\n        left: ${printable(why)}\n`;
}

function toDo(uses: string): string {
  const owner =
    uses === EXAMPLE ? `Put the place of your copy for ${EXAMPLE} (or name it with --uses), and set` : 'Set';
  const permissions =
    'A job without `permissions` got what is the default (contents and packages: read): add what yours needs.\n';
  return `${permissions}${owner} the variable AZURE_CLIENT_ID of the repository or organization: docs/SETUP.md.\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
