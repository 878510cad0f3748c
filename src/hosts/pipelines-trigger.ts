// Tells whether a fork's author set off a build of Azure Pipelines.
import type { Environment, Trigger } from './host.js';

export function triggerOfBuild({ SYSTEM_PULLREQUEST_ISFORK: isFork = '' }: Environment): Trigger {
  if (isFork.toLowerCase() !== 'true') return { kind: 'trusted' };
  return {
    kind: 'untrusted',
    reason: 'a pull request from a fork set off this build',
    guard: "condition: and(succeeded(), ne(variables['System.PullRequest.IsFork'], 'True'))",
  };
}
