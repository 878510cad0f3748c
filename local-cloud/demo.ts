// npm run demo: the main job, from a real workflow or pipeline file, in the local cloud; tells at the end what was
// contacted.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runPipeline } from './agent/pipeline.js';
import { unpackVsix } from './agent/vsix.js';
import { type LocalCloud, startLocalCloud } from './cloud.js';
import { filesWithSecrets, secretsSent } from './leak-scan.js';
import { runWorkflow } from './runner/workflow.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** What both hosts tell of a run. */
interface Run {
  readonly succeeded: boolean;
  readonly log: string;
}

interface Demo {
  readonly file: string;
  /** @param inspect sees the folder of each job before it is removed */
  run(file: string, cloud: LocalCloud, inspect: (root: string) => void): Promise<Run>;
}

const DEMOS = new Map<string, Demo>([
  ['github', { file: 'examples/main-job.yml', run: runOnGitHub }],
  ['azure-pipelines', { file: 'examples/azure-pipelines.yml', run: runOnAzurePipelines }],
]);

const { values } = parseArgs({ options: { host: { type: 'string', default: 'github' } } });
const chosen = DEMOS.get(values.host);
if (chosen === undefined) {
  process.stderr.write(`usage: npm run demo -- [--host ${[...DEMOS.keys()].join('|')}]\n`);
  process.exitCode = 2;
} else {
  process.exitCode = (await demo(chosen)) ? 0 : 1;
}

async function demo({ file, run }: Demo): Promise<boolean> {
  const cloud = await startLocalCloud();
  const app = { organization: cloud.organization, project: 'widgets', repository: 'app' };
  await cloud.azureDevOps.addRepository(app, { 'README.md': '# app\n' });
  print(`Running ${file} in the local cloud. Every host name is a production name, played on this machine.`);
  cloud.watch = ({ method, url }, status) =>
    print(`    -> ${method} ${url.host}${shortened(url.pathname)} ${status}`);
  const leftovers: string[] = [];
  const inspect = (root: string) => leftovers.push(...filesWithSecrets(root, secretsSent(cloud.requests)));
  const outcome = await run(join(PROJECT, file), cloud, inspect);
  const commits = await cloud.azureDevOps.log(app);
  await cloud.stop();
  return summarize(cloud, outcome, commits, leftovers);
}

async function runOnGitHub(file: string, cloud: LocalCloud, inspect: (root: string) => void): Promise<Run> {
  const runs = await runWorkflow(file, {
    actionFolder: PROJECT,
    environment: cloud.networkEnvironment(),
    identity: cloud.identityEnvironment(),
    variables: { AZURE_CLIENT_ID: cloud.application.clientId, AZURE_TENANT_ID: cloud.entra.tenant.tenantId },
    print,
    inspect: async ({ root }) => inspect(root),
  });
  const jobs = Object.values(runs);
  return {
    succeeded: jobs.every(({ conclusion }) => conclusion === 'success'),
    log: jobs.map(({ log }) => log).join('\n'),
  };
}

async function runOnAzurePipelines(
  file: string,
  cloud: LocalCloud,
  inspect: (root: string) => void,
): Promise<Run> {
  execFileSync('npm', ['run', '--silent', 'package'], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const extension = mkdtempSync(join(tmpdir(), 'extension-'));
  const { result, log } = await runPipeline(file, {
    tasks: await unpackVsix(join(PROJECT, 'build/patless.vsix'), extension),
    pipelines: cloud.azurePipelines,
    environment: cloud.networkEnvironment(),
    print,
    inspect: async ({ root }) => inspect(root),
  });
  rmSync(extension, { recursive: true });
  return { succeeded: result === 'Succeeded', log };
}

function summarize(
  cloud: LocalCloud,
  { succeeded, log }: Run,
  commits: readonly string[],
  leftovers: readonly string[],
) {
  const pushed = commits.includes('Note the build');
  const masked = secretsSent(cloud.requests).every((secret) => !log.includes(secret));
  print('\nWhat was contacted:');
  for (const [host, count] of countByHost(cloud)) print(`  ${host}: ${count} requests`);
  print(`  anything else: ${cloud.refused.length === 0 ? 'nothing' : cloud.refused.join(', ')}`);
  print('\nWhat came of it:');
  const checks: [string, boolean][] = [
    ['the job succeeded', succeeded],
    [`the commit is in the repository (${commits.join(' <- ')})`, pushed],
    ['no token is readable in the log', masked],
    [
      `no token is left on disk${leftovers.length > 0 ? `: ${leftovers.join(', ')}` : ''}`,
      leftovers.length === 0,
    ],
    ['nothing else was contacted', cloud.refused.length === 0],
  ];
  for (const [text, isTrue] of checks) print(`  ${isTrue ? 'yes' : 'NO '}  ${text}`);
  return checks.every(([, isTrue]) => isTrue);
}

/** The paths of ID-token services are long and say nothing to a reader. */
function shortened(path: string): string {
  return path.length > 80 ? `/…${path.slice(path.lastIndexOf('/'))}` : path;
}

function countByHost({ requests }: LocalCloud): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { host } of requests) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
