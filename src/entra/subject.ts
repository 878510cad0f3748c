// Reads the subject of an ID token: which of the known forms it has, and what credentials for other forms it does not match.
import { textMember } from '../json.js';
import type { Claims } from '../jwt.js';

/**
 * Sentences that tell why a federated credential may not have this subject, most likely first.
 * Source: GitHub documentation, "OpenID Connect reference"; Microsoft, "Immutable subjects of GitHub".
 */
export function explainSubject(claims: Claims): string[] {
  const subject = textMember(claims, 'sub') ?? '';
  const immutable = /^repo:([^/:@]+)@(\d+)\/([^/:@]+)@(\d+):(.+)$/.exec(subject);
  if (immutable !== null) {
    const [, owner, , repository, , context = ''] = immutable;
    return [
      `The subject holds the IDs of owner and repository, as for repositories created, renamed or transferred since ` +
        `2026-07-15: a credential for the older form, repo:${owner}/${repository}:${context}, no longer matches.`,
      ...explainContext(context),
      ...explainReusable(claims),
    ];
  }
  const classic = /^repo:([^/:@]+)\/([^/:@]+):(.+)$/.exec(subject);
  if (classic !== null) {
    const [, owner, repository, context = ''] = classic;
    return [
      ...explainContext(context),
      ...explainIds(owner, repository, context, claims),
      ...explainReusable(claims),
    ];
  }
  return [explainOther(subject, claims)];
}

/** True for a subject that every pull request of the repository gets. */
export function isPullRequest(claims: Claims): boolean {
  return /(?:^|:)pull_request$/.test(textMember(claims, 'sub') ?? '');
}

/** True for a subject of GitHub that is bound to no environment. */
export function lacksEnvironment(claims: Claims): boolean {
  const subject = textMember(claims, 'sub') ?? '';
  return subject.startsWith('repo:') && !/:environment:/.test(subject);
}

function explainContext(context: string): string[] {
  const [, kind = '', name = ''] =
    /^(environment|ref:refs\/heads|ref:refs\/tags):?\/?(.*)$/.exec(context) ?? [];
  if (kind === 'environment') {
    return [
      `The job names the environment "${name}", so its subject has the environment and no branch or tag.`,
    ];
  }
  if (context === 'pull_request') {
    return ['A pull request set the job off and it names no environment: its subject has no branch.'];
  }
  if (kind === 'ref:refs/heads') {
    return [`The job names no environment, so its subject has the branch it runs on, "${name}".`];
  }
  if (kind === 'ref:refs/tags') {
    return [
      `The job names no environment and runs on a tag: its subject has the tag "${name}", not a branch.`,
    ];
  }
  return [`The subject ends in "${context}", which comes from a custom template.`];
}

function explainIds(owner = '', repository = '', context = '', claims: Claims): string[] {
  const [ownerId, repositoryId] = [
    textMember(claims, 'repository_owner_id'),
    textMember(claims, 'repository_id'),
  ];
  if (ownerId === undefined || repositoryId === undefined) return [];
  return [
    `The subject holds no IDs: a credential for repo:${owner}@${ownerId}/${repository}@${repositoryId}:${context} ` +
      '(repositories created, renamed or transferred since 2026-07-15, and those that opted in) does not match.',
  ];
}

/** In a reusable workflow the subject is the caller's; only `job_workflow_ref` names the called workflow. */
function explainReusable(claims: Claims): string[] {
  const [called, caller] = [textMember(claims, 'job_workflow_ref'), textMember(claims, 'workflow_ref')];
  if (called === undefined || caller === undefined || called === caller) return [];
  return [
    'The job runs in a reusable workflow: the subject is that of the calling repository. To bind the identity to the ' +
      'called workflow, use a flexible federated credential on job_workflow_ref (preview, app registrations only).',
  ];
}

function explainOther(subject: string, claims: Claims): string {
  if (subject.startsWith('sc://') || subject.startsWith('p://')) {
    return (
      'The subject is of the old Azure Pipelines issuer: it changes when the organization, the project or the service ' +
      'connection is renamed. Saving the service connection again moves it to the Entra issuer, with another subject.'
    );
  }
  if (subject.startsWith('/eid1/')) {
    return 'The subject is of the Entra issuer of Azure Pipelines; a credential for sc://… belongs to the old issuer.';
  }
  if (textMember(claims, 'repository') === undefined)
    return 'Copy the subject as it stands, with its letter case.';
  return (
    'The subject comes from a custom template of the repository or its organization: the credential needs all of it, ' +
    'not the usual repo:OWNER/REPOSITORY:….'
  );
}
