// Tells from the event payload whether a fork's author set off a run, and whether it has the base repository's rights.
import { readFileSync } from 'node:fs';
import { PULL_REQUEST_GUARD, WORKFLOW_RUN_GUARD } from '../fork-guards.js';
import { at, type JsonObject, jsonObject } from '../json.js';
import type { Environment, Trigger } from './host.js';

const PULL_REQUEST_HEAD = ['pull_request', 'head', 'repo', 'id'];

/** Events that run with the base repository's rights, whoever set them off. */
const EVENTS = {
  pull_request_target: { head: PULL_REQUEST_HEAD, guard: PULL_REQUEST_GUARD },
  workflow_run: { head: ['workflow_run', 'head_repository', 'id'], guard: WORKFLOW_RUN_GUARD },
} as const;

/** What the runner says of the event, in every step. */
export function triggerOfEvent(environment: Environment): Trigger {
  return githubTrigger(environment.GITHUB_EVENT_NAME ?? '', payloadOf(environment.GITHUB_EVENT_PATH ?? ''));
}

function payloadOf(path: string): JsonObject | undefined {
  try {
    return jsonObject(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Compares repository IDs: `.fork` is also true for a base that is itself a fork, and names can be re-used.
 * A missing ID (a deleted fork, an unreadable payload) counts as another repository.
 */
export function githubTrigger(eventName: string, payload: JsonObject | undefined): Trigger {
  if (eventName === 'issue_comment' && at(payload, ['issue', 'pull_request']) !== undefined) {
    return {
      kind: 'unclear',
      reason:
        'issue_comment on a pull request: this event does not tell whether the pull request comes from a fork; ' +
        'do not check out or run its code in this job',
    };
  }
  const baseId = at(payload, ['repository', 'id']);
  if (!Object.hasOwn(EVENTS, eventName)) return ordinaryTrigger(payload, baseId);
  const { head, guard } = EVENTS[eventName as keyof typeof EVENTS];
  const headId = at(payload, head);
  if (typeof headId === 'number' && headId === baseId) return { kind: 'trusted' };
  const reason = `${eventName} was set off from ${
    typeof headId === 'number' ? 'another repository' : 'a repository that the event does not name'
  }`;
  return { kind: 'untrusted', reason, guard };
}

/** GitHub gives no ID token to a fork's pull request, unless the organization sends write tokens to forks. */
function ordinaryTrigger(payload: JsonObject | undefined, baseId: unknown): Trigger {
  const isPullRequest = at(payload, ['pull_request']) !== undefined;
  if (!isPullRequest || at(payload, PULL_REQUEST_HEAD) === baseId) return { kind: 'trusted' };
  return { kind: 'powerless', reason: 'a pull request from a fork set this off', guard: PULL_REQUEST_GUARD };
}
