// Workflows of GitHub: a job needs a step, and the permission to ask for its ID token.
import { isMap, isScalar, type YAMLMap } from 'yaml';
import type { Dialect, Step, StepList } from './dialect.js';
import { entriesOf, isBlockMap, isBlockSeq, valueOfKey } from './mapping.js';
import { withIdToken } from './permissions.js';

/** @param uses The action, as the workflow shall name it. */
export function githubWorkflow(uses: string): Dialect {
  return {
    scripts: ['run'],
    stepLists: (text, root) =>
      entriesOf(valueOfKey(root, 'jobs')).flatMap(({ key, pair }) =>
        isMap(pair.value)
          ? [stepListOf(text, root, pair.value, key)].filter((list) => list !== undefined)
          : [],
      ),
    step: (organization, configure, exportEnv) => stepOf(uses, organization, configure, exportEnv),
  };
}

function stepListOf(text: string, root: YAMLMap, job: YAMLMap, name: string): StepList | undefined {
  const steps = valueOfKey(job, 'steps');
  if (!isBlockSeq(steps)) return undefined;
  const path = ['jobs', name];
  const list = {
    steps,
    path: [...path, 'steps'],
    environments: [
      { owner: job, path },
      { owner: root, path: [] },
    ],
  };
  const permitted = withIdToken(text, root, job);
  const problem = problemOf(job, steps.items) ?? (typeof permitted === 'string' ? permitted : undefined);
  if (problem !== undefined || typeof permitted === 'string')
    return { ...list, splices: [], problem: problem ?? '' };
  return { ...list, ...permitted };
}

function problemOf(job: YAMLMap, steps: readonly unknown[]): string | undefined {
  if (!isBlockMap(job)) return 'the job is shared by an anchor, or written in one line';
  if (valueOfKey(job, 'container') !== undefined)
    return 'the job runs in a container, which not every tool can be set up in';
  const uses = steps
    .map((step) => valueOfKey(step, 'uses'))
    .map((node) => (isScalar(node) ? String(node.value) : ''));
  return uses.some((name) => /\/patless(?:@|$)/.test(name))
    ? 'the job has a step of patless: extend that'
    : undefined;
}

function stepOf(
  uses: string,
  organization: string,
  configure: readonly string[],
  exportEnv: readonly string[],
): Step {
  return {
    uses,
    with: {
      'client-id': '${{ vars.AZURE_CLIENT_ID }}',
      organization,
      ...(configure.length > 0 ? { configure: configure.join(', ') } : {}),
      ...(exportEnv.length > 0 ? { 'export-env': exportEnv.join(', ') } : {}),
    },
  };
}
