// The guards that messages print, evaluated as GitHub does.
import { expect, test } from '@jest/globals';
import { isTrue } from '../local-cloud/runner/expressions.js';
import { PULL_REQUEST_GUARD, WORKFLOW_RUN_GUARD } from '../src/fork-guards.js';

const repository = { id: 1 };
const expression = (guard: string) => guard.replace(/^if: /, '');

test.each([
  ['a push', { repository }, true],
  ['a manual run', { repository, inputs: {} }, true],
  ['a pull request of its own', { repository, pull_request: { head: { repo: { id: 1 } } } }, true],
  ['a pull request from a fork', { repository, pull_request: { head: { repo: { id: 2 } } } }, false],
  ['a pull request from a deleted fork', { repository, pull_request: { head: { repo: null } } }, false],
])('%s: %j runs is %s', (_, event, runs) => {
  expect(isTrue(expression(PULL_REQUEST_GUARD), { github: { event } }, false)).toBe(runs);
});

test.each([
  ['a push', { repository }, true],
  ['a run of its own', { repository, workflow_run: { head_repository: { id: 1 } } }, true],
  ['a run of a fork', { repository, workflow_run: { head_repository: { id: 2 } } }, false],
])('after %s: %j runs is %s', (_, event, runs) => {
  expect(isTrue(expression(WORKFLOW_RUN_GUARD), { github: { event } }, false)).toBe(runs);
});
