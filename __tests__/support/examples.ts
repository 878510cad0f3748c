// Plays a workflow of examples/ as its user would: in a repository of theirs, against the local cloud.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Application } from '../../local-cloud/entra.js';
import { filesWithSecrets, secretsSent } from '../../local-cloud/leak-scan.js';
import type { Strings } from '../../local-cloud/runner/definition.js';
import type { Job } from '../../local-cloud/runner/job.js';
import { type JobRun, runWorkflow } from '../../local-cloud/runner/workflow.js';
import { NODE, PROJECT, type Scenario } from './cloud.js';

const STAND_INS = join(PROJECT, '__tests__/support/stand-ins');
export const REPOSITORY = 'repo:contoso@61234567/widgets@812345678';
const QUIET_NPM = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};

export interface Play {
  /** Of the repository; `main` is its only branch unless git says otherwise. */
  readonly files?: Strings;
  /** Run in the repository after the first commit. */
  readonly git?: string;
  readonly event?: { readonly name: string; readonly payload: unknown };
  /** Texts of the example that this play changes. */
  readonly changes?: readonly (readonly [from: string, to: string])[];
  readonly variables?: Strings;
}

export interface Played {
  readonly jobs: Readonly<Record<string, JobRun>>;
  readonly log: string;
  /** What must be empty: secrets in logs and files, and strangers that were contacted. */
  readonly leftOver: readonly string[];
}

export function exampleText(name: string): string {
  return readFileSync(join('examples', name), 'utf8');
}

/** Lets the application be what the end of a subject says, and nothing else. */
export function trust(application: Application, ...ends: readonly string[]): void {
  const issuer = 'https://token.actions.githubusercontent.com';
  const audience = 'api://AzureADTokenExchange';
  application.federatedCredentials = ends.map((end) => ({
    name: end,
    issuer,
    audience,
    subject: `${REPOSITORY}:${end}`,
  }));
}

export async function play({ cloud }: Scenario, name: string, options: Play = {}): Promise<Played> {
  const root = mkdtempSync(join(tmpdir(), 'example-'));
  const path = process.env.PATH ?? '';
  // Before a real client of that name, so that all machines play the same.
  process.env.PATH = [STAND_INS, path].join(delimiter);
  try {
    const repository = join(root, 'repository');
    createRepository(repository, options);
    const file = (example: string) => writeChanged(root, example, options.changes ?? []);
    const leftFiles: string[] = [];
    const { name: event = 'push' } = options.event ?? {};
    const jobs = await runWorkflow(file(name), {
      node: NODE,
      actionFolder: PROJECT,
      environment: {
        ...cloud.networkEnvironment(),
        ...QUIET_NPM,
        GITHUB_RUN_ID: '17012345678',
      },
      identity: event === 'pull_request' && isFork(options) ? {} : cloud.identityEnvironment(),
      variables: {
        AZURE_CLIENT_ID: cloud.application.clientId,
        AZURE_TENANT_ID: cloud.entra.tenant.tenantId,
        ...options.variables,
      },
      ...(options.event && { event: options.event }),
      actions: {
        'actions/checkout': (job, inputs) => checkout(job, inputs, repository),
        'actions/setup-node': skipped('actions/setup-node'),
        'hashicorp/setup-terraform': skipped('hashicorp/setup-terraform'),
      },
      reusable: {
        'OWNER/SHARED/.github/workflows/reusable-workflow.yml': file('reusable-workflow.yml'),
      },
      beforeJob: ({ environment }) => {
        cloud.github.job.subject = `${REPOSITORY}:${subjectEnd(environment, event)}`;
        cloud.github.job.event = event;
      },
      inspect: async (job) => {
        leftFiles.push(...filesWithSecrets(job.root, secretsSent(cloud.requests)));
      },
    });
    const log = Object.values(jobs)
      .map((job) => job.log)
      .join('\n');
    const printed = secretsSent(cloud.requests).filter((secret) => log.includes(secret));
    return { jobs, log, leftOver: [...leftFiles, ...printed, ...cloud.refused] };
  } finally {
    process.env.PATH = path;
    rmSync(root, { recursive: true, force: true });
  }
}

/** docs/SETUP.md, "GitHub: what the subject is". */
function subjectEnd(environment: string | undefined, event: string): string {
  if (environment !== undefined) return `environment:${environment}`;
  return event === 'pull_request' ? 'pull_request' : 'ref:refs/heads/main';
}

/** GitHub gives such a run no ID token. */
function isFork({ event }: Play): boolean {
  const payload = event?.payload as {
    pull_request: { head: { repo: { id: number } } };
    repository: { id: number };
  };
  return payload.pull_request.head.repo.id !== payload.repository.id;
}

function writeChanged(root: string, example: string, changes: NonNullable<Play['changes']>): string {
  const text = changes.reduce((before, [from, to]) => before.replace(from, to), exampleText(example));
  const file = join(root, example);
  writeFileSync(file, text);
  return file;
}

export function writeFiles(folder: string, files: Strings): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function createRepository(folder: string, { files = {}, git = '' }: Play): void {
  writeFiles(folder, { 'README.md': '# widgets\n', ...files });
  const identity = ['GIT_AUTHOR', 'GIT_COMMITTER'].flatMap((who) => [
    [`${who}_NAME`, 'octocat'],
    [`${who}_EMAIL`, 'octocat@contoso.example'],
  ]);
  execFileSync(
    'bash',
    [
      '-ec',
      `git init --quiet --initial-branch=main && git add --all && git commit --quiet --message Begin\n${git}`,
    ],
    { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...Object.fromEntries(identity) } },
  );
}

/** What the action does to the workspace, from a repository on the disk; its post step would find nothing to do. */
function checkout(job: Job, inputs: Strings, repository: string) {
  const isWhole = inputs['fetch-depth'] === '0';
  const refs = isWhole
    ? '+refs/heads/*:refs/remotes/origin/* +refs/tags/*:refs/tags/*'
    : '--depth=1 --no-tags +refs/heads/main:refs/remotes/origin/main';
  return job.shell(`echo 'played: actions/checkout'; set -o noglob
    git init --quiet --initial-branch=main . && git remote add origin https://github.com/contoso/widgets
    git fetch --quiet file://${repository} ${refs}
    git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main # as git 2.48 does by itself
    git checkout --quiet -B main refs/remotes/origin/main`);
}

function skipped(action: string) {
  return (job: Job) => job.shell(`echo 'skipped, not played here: ${action}'`);
}
