// npm run demo: the main job, from a real workflow file, in the local cloud; tells at the end what was contacted.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalCloud, startLocalCloud } from './cloud.js';
import { filesWithSecrets, secretsSent } from './leak-scan.js';
import { type JobRun, runWorkflow } from './runner/workflow.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const WORKFLOW = 'examples/main-job.yml';

process.exitCode = (await demo()) ? 0 : 1;

async function demo(): Promise<boolean> {
  const cloud = await startLocalCloud();
  const app = { organization: cloud.organization, project: 'widgets', repository: 'app' };
  await cloud.azureDevOps.addRepository(app, { 'README.md': '# app\n' });
  print(
    `Running ${WORKFLOW} in the local cloud. Every host name is a production name, played on this machine.`,
  );
  cloud.watch = ({ method, url }, status) =>
    print(`    -> ${method} ${url.host}${shortened(url.pathname)} ${status}`);
  let leftovers: string[] = [];
  const runs = await runWorkflow(join(PROJECT, WORKFLOW), {
    actionFolder: PROJECT,
    environment: cloud.networkEnvironment(),
    identity: cloud.identityEnvironment(),
    variables: { AZURE_CLIENT_ID: cloud.application.clientId, AZURE_TENANT_ID: cloud.entra.tenant.tenantId },
    print,
    inspect: async (job) => {
      leftovers = filesWithSecrets(job.root, secretsSent(cloud.requests));
    },
  });
  const commits = await cloud.azureDevOps.log(app);
  await cloud.stop();
  return summarize(cloud, Object.values(runs), commits, leftovers);
}

function summarize(
  cloud: LocalCloud,
  runs: readonly JobRun[],
  commits: readonly string[],
  leftovers: readonly string[],
) {
  const succeeded = runs.every(({ conclusion }) => conclusion === 'success');
  const pushed = commits.includes('Note the build');
  const masked = secretsSent(cloud.requests).every((secret) =>
    runs.every(({ log }) => !log.includes(secret)),
  );
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

/** GitHub's ID-token path is long and says nothing to a reader. */
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
