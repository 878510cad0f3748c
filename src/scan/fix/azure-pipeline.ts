// Pipelines of Azure, and their templates: a list of steps needs the task, and the task a service connection.
import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Dialect, Path, StepList } from './dialect.js';
import { entriesOf, isBlockSeq, valueOfKey } from './mapping.js';

const DEEPEST = 20;

/** @param serviceConnection Its name; undefined when nobody said it. */
export function azurePipeline(serviceConnection: string | undefined): Dialect {
  return {
    scripts: ['script', 'bash', 'pwsh', 'powershell'],
    stepLists: (_text, root) => stepListsIn(root, [], serviceConnection),
    step: (organization, configure, exportEnv) => ({
      task: 'Patless@1',
      inputs: {
        azureDevOpsServiceConnection: serviceConnection ?? '',
        organization,
        ...(configure.length > 0 ? { configure: configure.join(', ') } : {}),
        ...(exportEnv.length > 0 ? { exportEnv: exportEnv.join(', ') } : {}),
      },
    }),
  };
}

/** Of the jobs of stages, of jobs, and of the file itself; under whatever condition they stand. */
function stepListsIn(node: unknown, path: Path, serviceConnection: string | undefined): StepList[] {
  if (path.length > DEEPEST) return [];
  if (isSeq(node))
    return node.items.flatMap((item, index) => stepListsIn(item, [...path, index], serviceConnection));
  return entriesOf(node).flatMap(({ key, pair }) => {
    const { value } = pair;
    if (key === 'steps' && isBlockSeq(value)) return [stepListOf(value, [...path, key], serviceConnection)];
    return isMap(value) || isSeq(value) ? stepListsIn(value, [...path, key], serviceConnection) : [];
  });
}

function stepListOf(steps: StepList['steps'], path: Path, serviceConnection: string | undefined): StepList {
  const list = { steps, path, environments: [], splices: [] };
  if (serviceConnection === undefined) {
    return { ...list, problem: 'the task needs a service connection: name it with --service-connection' };
  }
  const isThere = steps.items.some((step) => {
    const task = isMap(step) ? valueOfKey(step as YAMLMap, 'task') : undefined;
    return isScalar(task) && /^Patless@/i.test(String(task.value));
  });
  return isThere ? { ...list, problem: 'the job has the task of patless: extend that' } : list;
}
