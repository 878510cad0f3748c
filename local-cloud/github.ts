// GitHub's side of a job's identity: the runner's ID-token service, and the issuer's published keys.
import { randomBytes, randomUUID } from 'node:crypto';
import { json, type PlayedResponse, type Service } from './http.js';
import type { TokenIssuer } from './token-issuer.js';

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const ISSUER_HOST = 'token.actions.githubusercontent.com';
const SERVICE_HOST = 'run-actions-1-azure-eastus.actions.githubusercontent.com';
const SERVICE_PATH = `/${randomUUID()}/00000000-0000-0000-0000-000000000000/_apis/distributedtask/hubs/Actions/plans/${randomUUID()}/jobs/${randomUUID()}/idtoken`;

/** What the ID token says of the running job; a test changes what it needs. */
export interface GitHubJob {
  repository: string;
  repositoryId: string;
  ownerId: string;
  subject: string;
  event: string;
  ref: string;
}

export interface GitHub {
  readonly hosts: readonly string[];
  readonly job: GitHubJob;
  /** The bearer of the ID-token service. */
  readonly requestToken: string;
  readonly requestUrl: string;
  readonly service: Service;
  newIdToken(audience: string): Promise<string>;
}

export function playGitHub(issuer: TokenIssuer): GitHub {
  const job: GitHubJob = {
    repository: 'contoso/widgets',
    repositoryId: '812345678',
    ownerId: '61234567',
    subject: 'repo:contoso@61234567/widgets@812345678:ref:refs/heads/main',
    event: 'push',
    ref: 'refs/heads/main',
  };
  const requestToken = randomBytes(48).toString('base64url');
  const newIdToken = (audience: string) => issuer.sign(idTokenClaims(job, audience));

  async function idToken(url: URL, authorization: string | undefined): Promise<PlayedResponse> {
    if (authorization?.toLowerCase() !== `bearer ${requestToken}`.toLowerCase()) {
      return json(401, { message: 'Unauthorized' });
    }
    const audience = url.searchParams.get('audience') ?? `https://github.com/${job.repository.split('/')[0]}`;
    return json(200, { count: 1, value: await newIdToken(audience) });
  }

  return {
    hosts: [SERVICE_HOST, ISSUER_HOST],
    job,
    requestToken,
    requestUrl: `https://${SERVICE_HOST}${SERVICE_PATH}?api-version=2.0`,
    newIdToken,
    service({ host, method, url, headers }) {
      if (host === ISSUER_HOST && url.pathname === '/.well-known/jwks') return json(200, issuer.jwks);
      if (host === ISSUER_HOST && url.pathname === '/.well-known/openid-configuration') {
        return json(200, { issuer: GITHUB_ISSUER, jwks_uri: `${GITHUB_ISSUER}/.well-known/jwks` });
      }
      if (host !== SERVICE_HOST) return undefined;
      if (url.pathname !== SERVICE_PATH || method !== 'GET') return json(404, { message: 'Not Found' });
      return idToken(url, headers.authorization);
    },
  };
}

/** GitHub documentation, "OpenID Connect reference": five minutes of life, identifiers as strings. */
function idTokenClaims(job: GitHubJob, audience: string) {
  const now = Math.floor(Date.now() / 1000);
  const [owner = ''] = job.repository.split('/');
  const workflow = `${job.repository}/.github/workflows/main.yml@${job.ref}`;
  return {
    jti: randomUUID(),
    sub: job.subject,
    aud: audience,
    iss: GITHUB_ISSUER,
    iat: now,
    nbf: now - 600,
    exp: now + 300,
    ref: job.ref,
    ref_type: 'branch',
    sha: '0123456789abcdef0123456789abcdef01234567',
    repository: job.repository,
    repository_id: job.repositoryId,
    repository_owner: owner,
    repository_owner_id: job.ownerId,
    repository_visibility: 'private',
    run_id: '17012345678',
    run_number: '42',
    run_attempt: '1',
    runner_environment: 'github-hosted',
    actor: 'octocat',
    actor_id: '583231',
    event_name: job.event,
    workflow: 'main',
    workflow_ref: workflow,
    job_workflow_ref: workflow,
  };
}
