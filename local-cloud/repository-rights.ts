// Who may do what with a repository: what git and REST say when a right is missing, and the REST calls that tell of rights.
import { createHash } from 'node:crypto';
import { HOST, problem } from './azure-devops-http.js';
import type { RepositoryAddress } from './git-backend.js';
import { json, type PlayedRequest, type PlayedResponse } from './http.js';

export type Right = 'read' | 'write';

export interface RepositoryRights {
  /** Takes a right away from every identity, which have all rights before; write needs read. */
  deny(address: RepositoryAddress, right: Right): void;
  has(address: RepositoryAddress, right: Right): boolean;
}

export function repositoryRights(): RepositoryRights {
  const denied = new Set<string>();
  const key = (address: RepositoryAddress, right: Right) => `${right} ${stableId(pathOf(address))}`;
  const has = (address: RepositoryAddress, right: Right): boolean =>
    !denied.has(key(address, right)) && (right === 'read' || has(address, 'read'));
  return { deny: (address, right) => void denied.add(key(address, right)), has };
}

/** As Azure DevOps says it to somebody who may not even read; undefined for whoever may go on. */
export function gitRefusal(
  rights: RepositoryRights,
  address: RepositoryAddress,
  rest: string,
  { url }: PlayedRequest,
): PlayedResponse | undefined {
  if (!rights.has(address, 'read')) return repositoryNotFound(address.repository);
  const isPush = rest === '/git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  if (!isPush || rights.has(address, 'write')) return undefined;
  return problem(
    403,
    "TF401027: You need the Git 'GenericContribute' permission to perform this action. Details: identity 'local-cloud', scope 'repository'.",
    'GitNeedsPermissionException',
  );
}

export function repositoryNotFound(name: string): PlayedResponse {
  return problem(
    404,
    `TF401019: The Git repository with name or identifier ${name} does not exist or you do not have permissions for the operation you are attempting.`,
    'GitRepositoryNotFoundException',
  );
}

const GIT_NAMESPACE = '2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87';
const BITS: Readonly<Record<Right, number>> = { read: 2, write: 4 };

/** `git/repositories/NAME` in a project, and `permissions/NAMESPACE/BITS`; undefined for other paths. */
export function rightsAnswer(
  rights: RepositoryRights,
  all: readonly RepositoryAddress[],
  project: string | undefined,
  rest: string,
  { url, method }: PlayedRequest,
): PlayedResponse | undefined {
  if (method !== 'GET') return undefined;
  const name = /^git\/repositories\/([^/]+)$/.exec(rest)?.[1];
  if (name !== undefined && project !== undefined) return repositoryAnswer(rights, all, project, name);
  const bits = new RegExp(`^permissions/${GIT_NAMESPACE}/(\\d+)$`).exec(rest)?.[1];
  if (bits === undefined) return undefined;
  const value = (url.searchParams.get('tokens') ?? '').split(',').map((token) => {
    const address = all.find((candidate) => token === securityToken(candidate));
    const asked = (['read', 'write'] as const).filter((right) => Number(bits) & BITS[right]);
    return address !== undefined && asked.every((right) => rights.has(address, right));
  });
  return json(200, { count: value.length, value });
}

function repositoryAnswer(
  rights: RepositoryRights,
  all: readonly RepositoryAddress[],
  project: string,
  name: string,
): PlayedResponse {
  const inProject = all.filter((candidate) => candidate.project === project.toLowerCase());
  if (inProject.length === 0) {
    return problem(
      404,
      `TF200016: The following project does not exist: ${project}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
      'ProjectDoesNotExistWithNameException',
    );
  }
  const address = inProject.find((candidate) => candidate.repository === name.toLowerCase());
  if (address === undefined || !rights.has(address, 'read')) return repositoryNotFound(name);
  return json(200, {
    id: stableId(pathOf(address)),
    name,
    project: { id: stableId(projectOf(address)), name: project },
    isDisabled: false,
    remoteUrl: `https://${HOST}/${pathOf(address)}`,
  });
}

function securityToken(address: RepositoryAddress): string {
  return `repoV2/${stableId(projectOf(address))}/${stableId(pathOf(address))}`;
}

function projectOf({ organization, project }: RepositoryAddress): string {
  return `${organization}/${project}`.toLowerCase();
}

function pathOf(address: RepositoryAddress): string {
  return `${projectOf(address)}/_git/${address.repository.toLowerCase()}`;
}

/** A GUID that is always the same for the same text. */
export function stableId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
