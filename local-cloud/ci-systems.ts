// The identities of jobs on other CI systems: what their ID tokens say, in the form that each vendor's documentation gives.
import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { TOKEN_EXCHANGE } from './entra.js';
import { createTokenIssuer, type TokenIssuer } from './token-issuer.js';

/** Identifiers of the played organizations; whoever writes a federated credential needs them. */
export const CI_IDS = {
  buildkitePipeline: '018f2f3a-9a7c-4f5e-8d21-5c0f1e2d3c4b',
  circleOrganization: '2f4c1b7e-3f65-4a0c-9d3e-0a1b2c3d4e5f',
  circleProject: '6b1d9c52-7e88-4c1f-8a40-1f2e3d4c5b6a',
  circleUser: 'c0ffee00-5a4b-4c3d-9e2f-7a6b5c4d3e2f',
  cluster: 'a7d1c2b3-e4f5-4a6b-8c7d-9e0f1a2b3c4d',
} as const;

export interface CiIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
}

const { buildkitePipeline, circleOrganization, circleProject, circleUser, cluster } = CI_IDS;
const { uri: CHOSEN_AUDIENCE } = TOKEN_EXCHANGE;

export const CI_SYSTEMS = {
  /** GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens"; it lives as long as the job may. */
  gitlab: {
    issuer: 'https://gitlab.com',
    subject: 'project_path:contoso/widgets:ref_type:branch:ref:main',
    audience: CHOSEN_AUDIENCE,
    lifetimeSeconds: 3600,
  },
  /** Buildkite, "OIDC with Azure": the subject is the claim that `--subject-claim` names. The life is UNVERIFIED. */
  buildkite: {
    issuer: 'https://agent.buildkite.com',
    subject: buildkitePipeline,
    audience: CHOSEN_AUDIENCE,
    lifetimeSeconds: 300,
  },
  /** CircleCI, "Using OpenID Connect tokens in jobs": CIRCLE_OIDC_TOKEN_V2, whose audience is the organization. */
  circleci: {
    issuer: `https://oidc.circleci.com/org/${circleOrganization}`,
    subject: `org/${circleOrganization}/project/${circleProject}/user/${circleUser}/vcs-origin/github.com/contoso/widgets/vcs-ref/refs/heads/main`,
    audience: circleOrganization,
    lifetimeSeconds: 3600,
  },
  /** The same page, "OIDC tokens with custom claims". That its subject is the shorter one is UNVERIFIED. */
  circleciRun: {
    issuer: `https://oidc.circleci.com/org/${circleOrganization}`,
    subject: `org/${circleOrganization}/project/${circleProject}/user/${circleUser}`,
    audience: CHOSEN_AUDIENCE,
    lifetimeSeconds: 3600,
  },
  /** HashiCorp, "Workload identity tokens". The life is UNVERIFIED. */
  hcpTerraform: {
    issuer: 'https://app.terraform.io',
    subject: 'organization:contoso:project:Default Project:workspace:widgets:run_phase:plan',
    audience: CHOSEN_AUDIENCE,
    lifetimeSeconds: 3600,
  },
  /** Atlassian, "Integrate Pipelines with resource servers using OIDC": the step's part is another one in each run. */
  bitbucket: {
    issuer: 'https://api.bitbucket.org/2.0/workspaces/contoso/pipelines-config/identity/oidc',
    get subject() {
      return `{5d6f0c1e-2b3a-4c5d-8e9f-0a1b2c3d4e5f}:{${randomUUID()}}`;
    },
    audience: 'ari:cloud:bitbucket::workspace/9e8d7c6b-5a49-4838-a727-161504f3e2d1',
    lifetimeSeconds: 3600,
  },
  /** The plugin "OpenID Connect Provider": an hour from when a build asks for it; the subject is the job's address. */
  jenkins: {
    issuer: 'https://jenkins.example.com/oidc',
    subject: 'https://jenkins.example.com/job/fetch/',
    audience: CHOSEN_AUDIENCE,
    lifetimeSeconds: 3600,
  },
  /** Kubernetes, "Managing Service Accounts", and Azure Workload Identity; the issuer is that of an AKS cluster. */
  kubernetes: {
    issuer: `https://westeurope.oic.prod-aks.azure.com/${cluster}/${cluster}/`,
    subject: 'system:serviceaccount:ci:patless',
    audience: CHOSEN_AUDIENCE,
    lifetimeSeconds: 3600,
  },
} satisfies Record<string, CiIdentity>;

export type CiName = keyof typeof CI_SYSTEMS;

/**
 * A new ID token of a job there; claims override. Keys are made when they are needed, and Entra can check them from then on.
 * @param trusted The issuers whose keys Entra knows.
 */
export async function newCiIdToken(
  name: CiName,
  trusted: Map<string, TokenIssuer>,
  claims: JWTPayload = {},
): Promise<string> {
  const { issuer, subject, audience, lifetimeSeconds } = CI_SYSTEMS[name];
  const keys = trusted.get(issuer) ?? (await createTokenIssuer(issuer));
  trusted.set(issuer, keys);
  const now = Math.floor(Date.now() / 1000);
  return keys.sign({
    iss: issuer,
    sub: subject,
    // Kubernetes always gives a list.
    aud: name === 'kubernetes' ? [audience] : audience,
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    jti: randomUUID(),
    ...claims,
  });
}
