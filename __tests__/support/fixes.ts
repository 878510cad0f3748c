// The corpus of `patless scan --fix`: a workflow or pipeline before and after, and what is left in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { detect } from '../../src/scan/detect.js';
import { azurePipeline } from '../../src/scan/fix/azure-pipeline.js';
import { githubWorkflow } from '../../src/scan/fix/github-workflow.js';
import { type Rewrite, rewrite } from '../../src/scan/fix/rewrite.js';

const ROOT = '__tests__/scan/fixes';

export interface FixCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** `line  use  why`, sorted by line. */
  readonly left: readonly string[];
}

export function fixCases(): FixCase[] {
  return readdirSync(ROOT).map((name) => {
    const read = (file: string) => readFileSync(join(ROOT, name, file), 'utf8');
    const left = read('left.txt').split('\n').filter(Boolean);
    return { name, before: read('before.yml'), after: read('after.yml'), left };
  });
}

/** As if it were the workflow, or pipeline, of a project. */
export function rewritten(text: string): Rewrite {
  const { candidates, setting } = detect({ path: 'a.yml', text, nearby: () => [] });
  return rewrite(text, candidates, setting === 'github' ? githubWorkflow('./') : azurePipeline('ado'));
}

export function leftIn({ left }: Rewrite): string[] {
  return left.map(({ candidate: { line, use }, why }) => `${line}  ${use}  ${why}`);
}
