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
  return /(?:^|:)pull_request(?::|$)/.test(textMember(claims, 'sub') ?? '');
}

/** True for a subject of GitHub that is bound to no environment. */
export function lacksEnvironment(claims: Claims): boolean {
  const subject = textMember(claims, 'sub') ?? '';
  return subject.startsWith('repo:') && !/:environment:/.test(subject);
}

/** A colon in a name is written %3A, so what follows one comes from a custom template. */
function explainContext(context: string): string[] {
  const [, kind = '', name = '', rest = ''] =
    /^(environment|pull_request|ref):?([^:]*)(:.*)?$/.exec(context) ?? [];
  const custom = `The subject comes from a custom template: the credential needs all of it, up to its end.`;
  return [...explainKind(kind, name), ...(kind === '' || rest !== '' ? [custom] : [])];
}

function explainKind(kind: string, name: string): string[] {
  if (kind === 'environment') {
    return [
      `The job names the environment "${name}", so its subject has the environment and no branch or tag.`,
    ];
  }
  if (kind === 'pull_request') {
    return [
      'A pull request set the job off and it names no environment: its subject has no branch. A credential for it lets ' +
        'every pull request in; rather name an `environment:` in the job, and give that subject the credential.',
    ];
  }
  if (kind !== 'ref') return [];
  if (/^refs\/tags\/|\/gh-readonly-queue\/|^refs\/pull\//.test(name)) {
    return [
      `The job names no environment and runs on "${name}", which is another one each time. Rather name an ` +
        '`environment:` in the job, and give that subject the credential.',
    ];
  }
  return [
    `The job names no environment, so its subject has the branch it runs on, "${name.replace('refs/heads/', '')}".`,
  ];
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

/** Sentences that tell how the issuer of a credential may differ from this one. */
export function explainIssuer(claims: Claims): string[] {
  const issuer = textMember(claims, 'iss') ?? '';
  if (/\.visualstudio\.com|vstoken\.dev\.azure\.com/.test(issuer)) {
    return [
      'This is the old issuer of Azure Pipelines; new service connections have login.microsoftonline.com.',
    ];
  }
  if (issuer.startsWith('https://login.microsoftonline.com/')) {
    return [
      'This is the new issuer of Azure Pipelines; a credential for vstoken.dev.azure.com is for the old one.',
    ];
  }
  if (issuer.startsWith('https://token.actions.githubusercontent.com/')) {
    return ['The enterprise has its slug at the end of the issuer; a credential without it does not match.'];
  }
  return ['It ends without a slash, and without an enterprise slug.'];
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
