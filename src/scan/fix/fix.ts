// One file that was judged: rewritten as far as that is certain, if its lines can be put back as they were.
import { readFileSync } from 'node:fs';
import type { Judged } from '../scan.js';
import { azurePipeline } from './azure-pipeline.js';
import type { Dialect } from './dialect.js';
import { githubWorkflow } from './github-workflow.js';
import { type Left, type Rewrite, rewrite } from './rewrite.js';
import { hasUncommittedChanges } from './version-control.js';

export interface FixOptions {
  /** The action, as workflows shall name it. */
  readonly uses: string;
  /** Of Azure Pipelines. */
  readonly serviceConnection: string | undefined;
}

export interface Fix extends Rewrite {
  /** What to write; undefined where nothing changes. */
  readonly content?: string;
}

export function fix(judged: Judged, options: FixOptions): Fix {
  const dialect = dialectOf(judged, options);
  if (typeof dialect === 'string') return nothingFixed(judged, dialect);
  const rewritten = rewrite(judged.text, judged.candidates, dialect);
  if (rewritten.fixed.length === 0) return rewritten;
  const content = inItsEncoding(judged, rewritten.text);
  if (content === undefined) return nothingFixed(judged, 'its line ends or its encoding would change');
  const isChanged = hasUncommittedChanges(judged.path);
  return isChanged ? nothingFixed(judged, 'the file has uncommitted changes') : { ...rewritten, content };
}

function dialectOf({ setting, file }: Judged, { uses, serviceConnection }: FixOptions): Dialect | string {
  if (!/\.ya?ml$/i.test(file)) return 'only workflows and pipelines are rewritten';
  if (setting === 'pipelines') return azurePipeline(serviceConnection);
  return setting === 'github' ? githubWorkflow(uses) : 'only workflows and pipelines are rewritten';
}

function nothingFixed({ text, candidates }: Judged, why: string): Fix {
  return { text, fixed: [], left: candidates.map((candidate): Left => ({ candidate, why })) };
}

function inItsEncoding({ path, text }: Judged, changed: string): string | undefined {
  const raw = readFileSync(path, 'utf8');
  if (raw === text) return changed;
  const withReturns = (lines: string) => lines.replaceAll('\n', '\r\n');
  return raw === withReturns(text) ? withReturns(changed) : undefined;
}
