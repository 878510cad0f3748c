// Whether the caller may read or push to a repository (Azure DevOps REST 7.1: "Repositories - Get", "Permissions - Has Permissions").
import { PatlessError } from '../errors.js';
import { GUID } from '../guid.js';
import { at, textMember } from '../json.js';
import type { Session } from '../session.js';
import { type Access, ALLOWED, ask, isAboutProject, notInProject, type Verdict } from './access.js';
import type { RepositoryAddress } from './resource-address.js';
import type { OrganizationToken } from './verify.js';

/** "Security namespace and permission reference", Git Repositories. */
const GIT_REPOSITORIES = '2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87';
const GENERIC_READ = 2;
const GENERIC_CONTRIBUTE = 4;

const NEEDED: Readonly<Record<Access, { readonly bits: number; readonly shownAs: string }>> = {
  read: { bits: GENERIC_READ, shownAs: 'Read' },
  write: { bits: GENERIC_READ | GENERIC_CONTRIBUTE, shownAs: 'Contribute' },
};

/** @throws PatlessError NETWORK, ORGANIZATION_REFUSED */
export async function repositoryAccess(
  { organization: { url }, project, name }: RepositoryAddress,
  access: Access,
  token: OrganizationToken,
  session: Session,
): Promise<Verdict> {
  const { bits, shownAs } = NEEDED[access];
  const projectUrl = `${url}/${encodeURIComponent(project)}`;
  const repository = await ask(
    `${projectUrl}/_apis/git/repositories/${encodeURIComponent(name)}?api-version=7.1`,
    token,
    session,
  );
  if (isAboutProject(repository)) return notInProject(url, project);
  if (repository.status !== 200) {
    return {
      result: 'missing',
      missing: 'Read (or there is no such repository, or the access level is Stakeholder)',
      grant: `Project settings, Repositories, Security: allow the identity "${shownAs}"; and give it the access level Basic.`,
      page: `${projectUrl}/_settings/repositories?_a=permissions`,
    };
  }
  const id = guidAt(repository.body, ['id']);
  const page = `${projectUrl}/_settings/repositories?repo=${id}&_a=permissionsMid`;
  if (repository.body.isDisabled === true) {
    return {
      result: 'missing',
      missing: 'the repository is disabled',
      grant: 'Project settings, Repositories, Settings: enable it, or leave it out.',
      page,
    };
  }
  const securityToken = `repoV2/${guidAt(repository.body, ['project', 'id'])}/${id}`;
  const answer = await ask(
    `${url}/_apis/permissions/${GIT_REPOSITORIES}/${bits}?tokens=${encodeURIComponent(securityToken)}&api-version=7.1`,
    token,
    session,
  );
  const [has] = Array.isArray(answer.body.value) ? (answer.body.value as unknown[]) : [];
  if (has === true) return ALLOWED;
  if (has !== false) throw unexpected(answer.status);
  return {
    result: 'missing',
    missing: shownAs,
    grant: `Project settings, Repositories, the repository, Security: allow the identity "${shownAs}".`,
    page,
  };
}

function guidAt(body: unknown, path: readonly string[]): string {
  const id = textMember({ id: at(body, path) }, 'id') ?? '';
  if (GUID.test(id)) return id;
  throw unexpected(200);
}

function unexpected(status: number): PatlessError {
  return new PatlessError(
    'ORGANIZATION_REFUSED',
    `Azure DevOps gave an answer of another form (status ${status}).`,
    {
      hint: 'Please report this to the patless project.',
    },
  );
}
