import { expect, test } from '@jest/globals';
import { explainIssuer, explainSubject } from '../../src/entra/subject.js';

const IDS = { repository: 'o/r', repository_id: '2', repository_owner_id: '1' };
const explained = (sub: string, more: object = IDS) => explainSubject({ sub, ...more }).join('\n');

test('the classic form: what the context is, and the form with IDs that would not match (C5)', () => {
  expect(explained('repo:o/r:ref:refs/heads/main')).toBe(
    'The job names no environment, so its subject has the branch it runs on, "main".\n' +
      'The subject holds no IDs: a credential for repo:o@1/r@2:ref:refs/heads/main (repositories created, renamed or ' +
      'transferred since 2026-07-15, and those that opted in) does not match.',
  );
});

test('the immutable form names both forms, and when it came (C10)', () => {
  expect(explained('repo:o@1/r@2:environment:prod')).toBe(
    'The subject holds the IDs of owner and repository, as for repositories created, renamed or transferred since ' +
      '2026-07-15: a credential for the older form, repo:o/r:environment:prod, no longer matches.\n' +
      'The job names the environment "prod", so its subject has the environment and no branch or tag.',
  );
});

test.each([
  ['repo:o/r:pull_request', 'A pull request set the job off and it names no environment'],
  ['repo:o/r:ref:refs/tags/v1%3A2', 'runs on "refs/tags/v1%3A2", which is another one each time'],
  ['repo:o/r:ref:refs/heads/gh-readonly-queue/main/pr-12', 'another one each time'],
  ['repo:o/r:pull_request', 'lets every pull request in; rather name an `environment:`'],
  ['repo:o/r:environment:prod:job_workflow_ref:x', 'the environment "prod", so'],
  ['repo:o/r:environment:prod:job_workflow_ref:x', 'comes from a custom template'],
  ['repo:o/r:ref:refs/heads/main:job_workflow_ref:x', 'the branch it runs on, "main".'],
  ['repo:o/r:ref:refs/heads/main:job_workflow_ref:x', 'comes from a custom template'],
  ['repo:o/r:ref:refs/heads/größe/☃', 'the branch it runs on, "größe/☃"'],
  [
    'repo:o@1/r@2:job_workflow_ref:x',
    'The subject comes from a custom template: the credential needs all of it, up to its end.',
  ],
  ['repository_owner_id:1:repository_id:2:ref:refs/heads/main', 'comes from a custom template'],
  ['sc://org/project/connection', 'old Azure Pipelines issuer'],
  ['p://org/project/pipeline', 'old Azure Pipelines issuer'],
  ['/eid1/c/pub/t/x/a/y/sc/1/2', 'Entra issuer of Azure Pipelines'],
])('%s (C5)', (sub, text) => expect(explained(sub)).toContain(text));

test('other issuers get no guess', () => {
  expect(explained('system:serviceaccount:ns:sa', {})).toBe(
    'Copy the subject as it stands, with its letter case.',
  );
  expect(explained('repo:o/r:ref:refs/heads/main', {})).not.toContain('IDs');
});

test('a reusable workflow: the subject is the caller’s (C7)', () => {
  const refs = {
    workflow_ref: 'o/r/.github/workflows/a.yml@refs/heads/main',
    job_workflow_ref: 'o/shared/.github/workflows/b.yml@v1',
  };
  expect(explained('repo:o/r:ref:refs/heads/main', { ...IDS, ...refs })).toContain('in a reusable workflow');
  expect(
    explained('repo:o/r:ref:refs/heads/main', { ...IDS, ...refs, job_workflow_ref: refs.workflow_ref }),
  ).not.toContain('reusable');
});

test.each([
  ['https://token.actions.githubusercontent.com', 'without a slash, and without an enterprise slug'],
  ['https://token.actions.githubusercontent.com/contoso', 'The enterprise has its slug at the end'],
  ['https://vstoken.dev.azure.com/1', 'the old issuer of Azure Pipelines'],
  ['https://login.microsoftonline.com/1/v2.0', 'the new issuer of Azure Pipelines'],
  ['https://token.actions.contoso.ghe.com', 'without a slash'],
])('issuer %s (C3)', (iss, text) => expect(explainIssuer({ iss }).join()).toContain(text));
