// An Azure DevOps service: organizations, who may enter, connectionData, a little REST, git and Git LFS.
import { randomUUID } from 'node:crypto';
import {
  HOST,
  isRedirectSuppressed,
  LEGACY,
  placeOf,
  problem,
  redirectToSignIn,
  signInPage,
} from './azure-devops-http.js';
import type { AzurePipelines } from './azure-pipelines.js';
import type { Entra } from './entra.js';
import {
  createRepository,
  gitBackend,
  listRefs,
  listRepositories,
  listSubjects,
  type RepositoryAddress,
} from './git-backend.js';
import { html, json, type PlayedRequest, type PlayedResponse, type Service } from './http.js';
import { type LfsStore, lfsAnswer } from './lfs.js';
import { type ProjectRest, playProjectRest } from './project-rest.js';
import {
  gitRefusal,
  type RepositoryRights,
  repositoryNotFound,
  repositoryRights,
  rightsAnswer,
  stableId,
} from './repository-rights.js';
import { locationAnswer } from './rest-locations.js';

/** What an organization that Microsoft accounts own says in place of a tenant. */
const NO_TENANT = '00000000-0000-0000-0000-000000000000';

export interface Member {
  objectId: string;
  displayName: string;
  /** Of a user; a service principal has none. */
  userName?: string;
}

export interface PlayedOrganization {
  readonly name: string;
  readonly instanceId: string;
  tenantId: string | undefined;
  members: Member[];
  /** Personal access tokens, each of the first member. */
  readonly pats: Set<string>;
  /** Anyone may read connectionData, as in an organization with public projects. */
  hasPublicProjects: boolean;
}

export interface AzureDevOps {
  isPlayed(host: string): boolean;
  readonly service: Service;
  readonly organizations: Map<string, PlayedOrganization>;
  readonly rest: ProjectRest;
  /** Adds an organization in the tenant, with the given members. */
  addOrganization(name: string, members: readonly Member[], instanceId?: string): PlayedOrganization;
  /** Makes a repository with one commit on main. */
  addRepository(address: RepositoryAddress, files: Readonly<Record<string, string>>): Promise<void>;
  /** Whether a request's token is of a member of the organization. */
  isMember(request: PlayedRequest, organization: string): Promise<boolean>;
  /** What members may do with repositories: everything, until a test takes it away. */
  readonly rights: RepositoryRights;
  /** Subjects of the commits on main, newest first. */
  log(address: RepositoryAddress): Promise<string[]>;
}

/** @param root the folder that holds the bare repositories */
export function playAzureDevOps(entra: Entra, pipelines: AzurePipelines, root: string): AzureDevOps {
  const organizations = new Map<string, PlayedOrganization>();
  const lfs: LfsStore = new Map();
  const rest = playProjectRest();
  const rights = repositoryRights();

  async function service(request: PlayedRequest): Promise<PlayedResponse | undefined> {
    const place = placeOf(request);
    if (place === undefined) return undefined;
    const organization = organizations.get(place.organization.toLowerCase());
    if (organization === undefined) return html(404, 'The resource cannot be found.');
    const caller = await authenticate(request, organization, entra, pipelines);
    if (place.path === '/_apis/connectionData') return connectionData(request, organization, caller);
    if (caller.kind !== 'member') return unauthorized(request, organization, caller);
    const location = locationAnswer(request, place.path);
    if (location !== undefined) return location;
    const repository = /^\/(?:DefaultCollection\/)?([^/]+)\/_git\/([^/]+)(\/.*)$/.exec(place.path);
    if (repository === null) {
      return rest.answer(request, place.path) ?? restAnswer(request, organization, place.path, root, rights);
    }
    const [, project = '', name = '', below = ''] = repository;
    const address = { organization: organization.name, project, repository: name };
    const refusal = gitRefusal(rights, address, below, request);
    if (refusal !== undefined) return refusal;
    if (below.startsWith('/info/lfs/')) return lfsAnswer(request, below, lfs);
    return (await gitBackend(root, address, below, request)) ?? repositoryNotFound(name);
  }

  return {
    isPlayed: (host) => host === HOST || LEGACY.test(host),
    service,
    organizations,
    rest,
    addOrganization(name, members, instanceId = randomUUID()) {
      const organization = {
        name,
        instanceId,
        tenantId: entra.tenant.tenantId,
        members: [...members],
        pats: new Set<string>(),
        hasPublicProjects: false,
      };
      organizations.set(name, organization);
      return organization;
    },
    async isMember(request, name) {
      const organization = organizations.get(name.toLowerCase());
      return (
        organization !== undefined &&
        (await authenticate(request, organization, entra, pipelines)).kind === 'member'
      );
    },
    rights,
    addRepository: (address, files) => createRepository(root, address, files),
    log: (address) => listSubjects(root, address),
  };
}

type Caller =
  /** As connectionData describes it. */
  | { readonly kind: 'member'; readonly user: object }
  | { readonly kind: 'not-a-member'; readonly objectId: string }
  | { readonly kind: 'bad-token' }
  | { readonly kind: 'anonymous' };

/** A Bearer token, or the same token as the password of Basic with any user name. Plain http gets nobody in. */
async function authenticate(
  request: PlayedRequest,
  organization: PlayedOrganization,
  entra: Entra,
  pipelines: AzurePipelines,
): Promise<Caller> {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ');
  if (value === '') return { kind: 'anonymous' };
  const token = scheme.toLowerCase() === 'basic' ? passwordOf(value) : value;
  if (request.scheme !== 'https') return { kind: 'bad-token' };
  const job = await pipelines.acceptSystemAccessToken(token, organization.instanceId);
  if (job !== undefined) return { kind: 'member', user: buildService(organization, String(job.nameid)) };
  const [owner] = organization.members;
  if (owner !== undefined && organization.pats.has(token))
    return { kind: 'member', user: user(organization, owner) };
  const claims = await entra.acceptForAzureDevOps(token);
  if (claims === undefined || claims.tid !== organization.tenantId) return { kind: 'bad-token' };
  const member = organization.members.find(({ objectId }) => objectId === claims.oid);
  return member
    ? {
        kind: 'member',
        user:
          member.userName === undefined ? servicePrincipal(organization, member) : user(organization, member),
      }
    : { kind: 'not-a-member', objectId: String(claims.oid) };
}

function passwordOf(basic: string): string {
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function challenge(organization: PlayedOrganization): Record<string, string | readonly string[]> {
  const tenantId = organization.tenantId ?? NO_TENANT;
  return {
    'www-authenticate': [
      `Bearer authorization_uri=https://login.windows.net/${tenantId}`,
      'Basic realm="https://tfsprodweu1.visualstudio.com/"',
      'TFS-Federated',
    ],
    'x-vss-resourcetenant': tenantId,
    'x-vss-e2eid': randomUUID(),
    activityid: randomUUID(),
  };
}

/** git clients and callers that ask to suppress the redirect get 401; browsers and plain REST a sign-in page. */
function unauthorized(
  request: PlayedRequest,
  organization: PlayedOrganization,
  caller: Caller,
): PlayedResponse {
  const isGit = /^git(-lfs)?\//.test(request.headers['user-agent'] ?? '');
  if (caller.kind === 'not-a-member') return notAMember(organization, caller.objectId);
  if (isGit || isRedirectSuppressed(request)) return signInPage(401, challenge(organization));
  if (caller.kind === 'bad-token') return signInPage(203, challenge(organization));
  return redirectToSignIn(request, challenge(organization));
}

function notAMember(organization: PlayedOrganization, objectId: string): PlayedResponse {
  const { tenantId } = organization;
  const message = `TF401444: Please sign-in at least once as ${tenantId}\\${tenantId}\\${objectId} in a web browser to enable access to the service.`;
  return problem(401, message, 'UnauthorizedRequestException', challenge(organization));
}

function connectionData(
  request: PlayedRequest,
  organization: PlayedOrganization,
  caller: Caller,
): PlayedResponse {
  if (caller.kind !== 'member' && !(caller.kind === 'anonymous' && organization.hasPublicProjects)) {
    return unauthorized(request, organization, caller);
  }
  const user = caller.kind === 'member' ? caller.user : anonymous();
  return json(200, {
    authenticatedUser: user,
    authorizedUser: user,
    instanceId: organization.instanceId,
    deploymentId: randomUUID(),
    deploymentType: 'hosted',
    locationServiceData: { serviceOwner: '00025394-6065-48ca-87d9-7f5672854ef7' },
  });
}

function servicePrincipal({ tenantId }: PlayedOrganization, { objectId, displayName }: Member) {
  return {
    // The identity's ID inside Azure DevOps: another GUID than the object ID.
    id: stableId(objectId),
    descriptor: `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenantId}\\${objectId}`,
    subjectDescriptor: `aadsp.${Buffer.from(objectId).toString('base64url')}`,
    providerDisplayName: displayName,
    isActive: true,
    properties: { Account: { $type: 'System.String', $value: objectId } },
    resourceVersion: 2,
    metaTypeId: 3,
  };
}

/** As documentation shows a user's; no live answer has been seen. */
function user({ tenantId }: PlayedOrganization, { objectId, displayName, userName }: Member) {
  return {
    id: stableId(objectId),
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${tenantId}\\${userName}`,
    subjectDescriptor: `aad.${Buffer.from(objectId).toString('base64url')}`,
    providerDisplayName: displayName,
    isActive: true,
    properties: { Account: { $type: 'System.String', $value: userName } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
}

/** Whom System.AccessToken stands for. */
function buildService({ name, instanceId }: PlayedOrganization, id: string) {
  return {
    id,
    descriptor: `Microsoft.TeamFoundation.ServiceIdentity;${instanceId}:Build:${instanceId}`,
    subjectDescriptor: `svc.${Buffer.from(`${instanceId}:Build:${instanceId}`).toString('base64url')}`,
    providerDisplayName: `Project Collection Build Service (${name})`,
    isActive: true,
    properties: { Account: { $type: 'System.String', $value: instanceId } },
    resourceVersion: 2,
    metaTypeId: 1,
  };
}

function anonymous() {
  return {
    id: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
    descriptor: 'System:PublicAccess;aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
    providerDisplayName: 'Anonymous',
    isActive: true,
  };
}

/** Projects and repositories, their lists and a repository's refs; enough for a first REST call. */
async function restAnswer(
  request: PlayedRequest,
  organization: PlayedOrganization,
  path: string,
  root: string,
  rights: RepositoryRights,
): Promise<PlayedResponse> {
  const [, project, rest = ''] = /^(?:\/([^/]+))?\/_apis\/(.*)$/.exec(path) ?? [];
  const repositories = await listRepositories(root, organization.name);
  const ofRights = rightsAnswer(rights, repositories, project, rest, request);
  if (ofRights !== undefined) return ofRights;
  const inProject = repositories.filter((address) => project === undefined || address.project === project);
  if (request.method === 'GET' && rest === 'projects') {
    return collection([...new Set(repositories.map((address) => address.project))].map((name) => ({ name })));
  }
  if (request.method === 'GET' && rest === 'git/repositories') {
    return collection(
      inProject.map(({ repository, project: name }) => ({
        name: repository,
        project: { name },
        remoteUrl: `https://${HOST}/${organization.name}/${name}/_git/${repository}`,
      })),
    );
  }
  const repository = /^git\/repositories\/([^/]+)\/refs$/.exec(rest)?.[1];
  if (request.method !== 'GET' || repository === undefined || project === undefined) {
    return problem(
      404,
      'The controller for path was not found or does not implement IController.',
      'HttpException',
    );
  }
  const refs = await listRefs(root, { organization: organization.name, project, repository });
  return refs ? collection(refs) : repositoryNotFound(repository);
}

function collection(value: readonly unknown[]): PlayedResponse {
  return json(200, { value, count: value.length });
}
