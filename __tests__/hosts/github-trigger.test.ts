import { describe, expect, test } from '@jest/globals';
import { githubTrigger } from '../../src/hosts/github-trigger.js';
import { jsonObject } from '../../src/json.js';

const kindOf = (event: string, payload: unknown) =>
  githubTrigger(event, jsonObject(JSON.stringify(payload))).kind;
const repository = { id: 1 };

describe.each([
  ['pull_request_target', (repo: unknown) => ({ pull_request: { head: { repo } }, repository })],
  ['workflow_run', (repo: unknown) => ({ workflow_run: { head_repository: repo }, repository })],
])('%s', (event, payload) => {
  test.each([
    ['the same repository', { id: 1 }, 'trusted'],
    ['the same repository, itself a fork', { id: 1, fork: true }, 'trusted'],
    ['another repository', { id: 2 }, 'untrusted'],
    ['another repository that is not marked as a fork', { id: 2, fork: false }, 'untrusted'],
    ['a deleted repository', null, 'untrusted'],
    ['a repository without an ID', {}, 'untrusted'],
    ['an ID of another type', { id: '1' }, 'untrusted'],
  ])('%s: %j is %s', (_, repo, kind) => expect(kindOf(event, payload(repo))).toBe(kind));

  test.each(['', 'null', '[]', '{}', '{"repository":{}}'])(
    'an event file that holds %j is untrusted',
    (text) => expect(githubTrigger(event, jsonObject(text)).kind).toBe('untrusted'),
  );
});

test.each(['push', 'pull_request', 'schedule', 'workflow_dispatch', '', '__proto__', 'constructor'])(
  '%s is trusted',
  (event) => expect(kindOf(event, { repository })).toBe('trusted'),
);

test('issue_comment is unclear on a pull request and trusted on an issue', () => {
  expect(kindOf('issue_comment', { issue: { pull_request: { url: 'x' } } })).toBe('unclear');
  expect(kindOf('issue_comment', { issue: {} })).toBe('trusted');
});
