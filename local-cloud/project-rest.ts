// What a project's REST does beyond git: starting a pipeline and asking for its state, finding and changing work items.
import { problem } from './azure-devops-http.js';
import { json, type PlayedRequest, type PlayedResponse } from './http.js';

interface PipelineRun {
  readonly id: number;
  /** How often its state has been asked for: it is in progress the first time. */
  asked: number;
}

export interface ProjectRest {
  /** How runs of a pipeline end. */
  pipelineResult: 'succeeded' | 'failed';
  readonly runs: PipelineRun[];
  /** Fields by their reference names, by the item's ID. */
  readonly workItems: Map<number, Record<string, string>>;
  /** @param path below the organization */
  answer(request: PlayedRequest, path: string): PlayedResponse | undefined;
}

export function playProjectRest(): ProjectRest {
  const rest: ProjectRest = {
    pipelineResult: 'succeeded',
    runs: [],
    workItems: new Map(),
    answer: (request, path) => pipelineAnswer(request, path, rest) ?? workItemAnswer(request, path, rest),
  };
  return rest;
}

/** "Runs - Run Pipeline" and "Runs - Get" of the REST reference. */
function pipelineAnswer(
  request: PlayedRequest,
  path: string,
  { runs, pipelineResult }: ProjectRest,
): PlayedResponse | undefined {
  const [, pipeline, id] = /^\/[^/]+\/_apis\/pipelines\/(\d+)\/runs(?:\/(\d+))?$/.exec(path) ?? [];
  if (pipeline === undefined) return undefined;
  if (request.method === 'POST' && id === undefined) {
    if (!isOfType(request, 'application/json')) return unsupported();
    const run = { id: 1001 + runs.length, asked: 0 };
    runs.push(run);
    return json(200, { id: run.id, pipeline: { id: Number(pipeline) }, state: 'inProgress' });
  }
  const run = runs.find((candidate) => String(candidate.id) === id);
  if (request.method !== 'GET' || run === undefined) return undefined;
  run.asked += 1;
  const end = run.asked > 1 ? { state: 'completed', result: pipelineResult } : { state: 'inProgress' };
  return json(200, { id: run.id, pipeline: { id: Number(pipeline) }, ...end });
}

/** "Wiql - Query By Wiql", of which a state is understood, and "Work Items - Update", of which "add" is. */
function workItemAnswer(
  request: PlayedRequest,
  path: string,
  { workItems }: ProjectRest,
): PlayedResponse | undefined {
  if (request.method === 'POST' && /^\/[^/]+\/_apis\/wit\/wiql$/.test(path)) {
    if (!isOfType(request, 'application/json')) return unsupported();
    const { query } = JSON.parse(request.body.toString()) as { query: string };
    const state = /^SELECT .* FROM WorkItems WHERE .*\[System\.State\] = '(\w+)'/.exec(query)?.[1];
    if (state === undefined) return problem(400, 'TF51006: The query statement is missing a clause.', 'Wiql');
    const found = [...workItems].filter(([, fields]) => fields['System.State'] === state);
    return json(200, { queryType: 'flat', workItems: found.map(([id]) => ({ id })) });
  }
  const id = Number(/^(?:\/[^/]+)?\/_apis\/wit\/workitems\/(\d+)$/.exec(path)?.[1]);
  const fields = workItems.get(id);
  if (request.method !== 'PATCH' || fields === undefined) return undefined;
  if (!isOfType(request, 'application/json-patch+json')) return unsupported();
  for (const { op, path: field, value } of JSON.parse(request.body.toString()) as Record<string, string>[]) {
    if (op !== 'add') return problem(400, `Operation ${op} is not played.`, 'VssPropertyValidation');
    fields[field?.replace('/fields/', '') ?? ''] = value ?? '';
  }
  return json(200, { id, rev: 2, fields });
}

function isOfType({ headers }: PlayedRequest, type: string): boolean {
  return headers['content-type']?.split(';')[0] === type;
}

function unsupported(): PlayedResponse {
  return problem(415, 'The request indicated a Content-Type that is not supported.', 'VssRequestContentType');
}
