// Finds every place where a PAT is used or stored, in files alone; with --fix, takes out those whose replacement is certain.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { PatlessError } from '../errors.js';
import { printable } from '../printable.js';
import { CONFIDENCES, type Confidence, type Finding, isAtLeast } from '../scan/finding.js';
import { csvReport } from '../scan/reports/csv.js';
import { fixReport } from '../scan/reports/fix.js';
import { jsonReport } from '../scan/reports/json.js';
import { peopleReport } from '../scan/reports/people.js';
import type { Report, Write } from '../scan/reports/report.js';
import { sarifReport } from '../scan/reports/sarif.js';
import { scan as scanBelow } from '../scan/scan.js';
import { type Command, DONE, FAILED } from './command.js';
import { progressOf } from './progress.js';
import type { Terminal } from './terminal.js';

const REPORTS: Readonly<Record<string, (write: Write) => Report>> = {
  json: jsonReport,
  csv: csvReport,
  sarif: sarifReport,
};
/** Between two changes of the line that shows progress. */
const FILES_PER_STATUS = 200;

export const scan: Command = {
  help: `
Usage: patless scan PATH... [--format json|csv|sarif] [--fail-on certain|likely|possible]
       patless scan PATH... --fix [--dry-run] [--uses ACTION] [--service-connection NAME]

Finds every place below the paths where an Azure DevOps personal access token (PAT) is used or stored.
It reads files only: nothing is sent, and a PAT is shown by its last four characters.

  --format   for programs; without it, the report is for people
  --fail-on  exit with 1 when something is found, or left, that is at least so sure

With --fix, workflows and pipelines get a step of patless in place of the PATs whose replacement is certain. Each
change is shown as a diff; files with uncommitted changes are not touched.

  --dry-run             show the changes, and write nothing
  --uses                the action, as workflows shall name it (OWNER/patless@main)
  --service-connection  what pipelines shall sign in with; without it, they are left as they are

Exit codes: 0 done, 1 found something that --fail-on names, 2 used wrongly.
`,

  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        'fail-on': { type: 'string' },
        fix: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        uses: { type: 'string' },
        'service-connection': { type: 'string' },
      },
    });
    const roots = rootsOf(positionals);
    const threshold = thresholdOf(values['fail-on']);
    const report = reportFor(values, terminal.write);
    return scanAll(roots, report, threshold, terminal);
  },
};

function scanAll(
  roots: readonly Root[],
  report: Report,
  threshold: Confidence | undefined,
  terminal: Terminal,
): number {
  const isOverThreshold = ({ confidence }: Finding) =>
    threshold !== undefined && isAtLeast(confidence, threshold);
  let [files, fails] = [0, false];
  const progress = progressOf(roots.map(({ path }) => path));
  for (const [index, { path, prefix }] of roots.entries()) {
    for (const scanned of scanBelow(path, prefix)) {
      if (scanned.kind === 'skipped') report.skipped(scanned.skipped);
      else if (scanned.kind === 'judged') fails = report.judged(scanned).some(isOverThreshold) || fails;
      else if (files++ % FILES_PER_STATUS === 0) {
        terminal.status(progress(index, scanned.file.slice(prefix.length), files));
      }
    }
  }
  terminal.status('');
  report.end(files);
  return fails ? FAILED : DONE;
}

interface Root {
  readonly path: string;
  readonly prefix: string;
}

/** Files are named below the path given; with several paths, the path stands before them. */
function rootsOf(paths: readonly string[]): Root[] {
  if (paths.length === 0) throw wrong('No path is given.', 'Name a folder, for example: patless scan .');
  const roots = paths.map((path) => {
    if (!existsSync(path)) {
      throw wrong(`There is no ${printable(path)}.`, 'Name a folder or a file that is there.');
    }
    const real = realpathSync(path);
    const folder = statSync(real).isFile() ? dirname(path) : path;
    const shown = folder.replaceAll('\\', '/').replace(/^(?:\.\/)+|\/+$/g, '');
    return { path: real, prefix: paths.length === 1 || shown === '.' || shown === '' ? '' : `${shown}/` };
  });
  return roots.filter(
    ({ path }, index) =>
      !roots.some((other, at) => holds(other.path, path) && (other.path !== path || at < index)),
  );
}

/** A path that another one holds is scanned with that one. */
function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

interface Options {
  readonly format?: string | undefined;
  readonly fix: boolean;
  readonly 'dry-run': boolean;
  readonly uses?: string | undefined;
  readonly 'service-connection'?: string | undefined;
}

function reportFor({ format, fix, ...options }: Options, write: Write): Report {
  if (fix) {
    if (format !== undefined)
      throw wrong('--fix has no --format.', 'Scan without --fix for JSON, CSV or SARIF.');
    return fixReport(write, {
      isDryRun: options['dry-run'],
      uses: options.uses,
      serviceConnection: options['service-connection'],
    });
  }
  const alone = (['dry-run', 'uses', 'service-connection'] as const).find((name) => options[name]);
  if (alone !== undefined) throw wrong(`--${alone} goes with --fix.`, 'Add --fix.');
  if (format === undefined) return peopleReport(write);
  const report = Object.hasOwn(REPORTS, format) ? REPORTS[format] : undefined;
  if (report === undefined) throw notOneOf('--format', format, Object.keys(REPORTS));
  return report(write);
}

function thresholdOf(text: string | undefined): Confidence | undefined {
  if (text === undefined) return undefined;
  const threshold = CONFIDENCES.find((confidence) => confidence === text);
  if (threshold === undefined) throw notOneOf('--fail-on', text, CONFIDENCES);
  return threshold;
}

function notOneOf(option: string, text: string, known: readonly string[]): PatlessError {
  return wrong(
    `${option} ${printable(text)} is none of ${known.join(', ')}.`,
    `Write one of these after ${option}.`,
  );
}

function wrong(message: string, hint: string): PatlessError {
  return new PatlessError('INPUT_INVALID', message, { hint });
}
