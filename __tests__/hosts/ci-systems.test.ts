// Which CI system the environment tells of, and what that means for who signs in.
import { expect, test } from '@jest/globals';
import { ciSystem } from '../../src/hosts/ci-systems.js';

test.each([
  [{ GITHUB_ACTIONS: 'true', CI: 'true' }, 'github-oidc'],
  [{ TF_BUILD: 'True' }, 'azure-pipelines-oidc'],
  [{ CI: 'true', GITLAB_CI: 'true' }, 'token-variable'],
  [{ CI: '1' }, 'token-variable'],
  [{ JENKINS_URL: 'https://jenkins.example/' }, 'token-variable'],
  [{ TFC_RUN_ID: 'run-1' }, 'token-variable'],
  [{ CI: 'false' }, 'azure-cli'],
  [{ CI: '' }, 'azure-cli'],
  [{}, 'azure-cli'],
])('%j: %s', (environment, identity) => expect(ciSystem(environment).identities[0]).toBe(identity));

test('a fork’s run is told apart by the command, too', () => {
  const fork = { TF_BUILD: 'True', SYSTEM_PULLREQUEST_ISFORK: 'True' };
  expect(ciSystem(fork).trigger(fork).kind).toBe('untrusted');
  const github = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request_target' };
  expect(ciSystem(github).trigger(github).kind).toBe('untrusted');
});

test('values are hidden by the line that each host looks for', () => {
  expect(ciSystem({ GITHUB_ACTIONS: 'true' }).maskLine?.('x')).toBe('::add-mask::x\n');
  expect(ciSystem({ TF_BUILD: 'True' }).maskLine?.('a%')).toBe('##vso[task.setsecret]a%AZP25\n');
  expect(ciSystem({ CI: 'true' }).maskLine).toBeUndefined();
});
