// npm run local-cloud -- COMMAND …: runs a command inside a fresh local cloud and exits with its code.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud } from './cloud.js';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  process.stderr.write(
    'usage: npm run local-cloud -- COMMAND [ARGUMENT …], for example: npm run local-cloud -- bash\n',
  );
  process.exitCode = 2;
} else {
  process.exitCode = await runInside(command, args);
}

async function runInside(command: string, args: readonly string[]): Promise<number> {
  const cloud = await startLocalCloud();
  await cloud.azureDevOps.addRepository(
    { organization: cloud.organization, project: 'widgets', repository: 'app' },
    { 'README.md': '# app\n' },
  );
  // `az login` keeps its profile here instead of replacing the user's own.
  const azureConfig = await mkdtemp(join(tmpdir(), 'local-cloud-az-'));
  const env = {
    ...process.env,
    ...cloud.networkEnvironment(),
    ...cloud.identityEnvironment(),
    // As in a step of a job: who asks is that job.
    GITHUB_ACTIONS: 'true',
    AZURE_CONFIG_DIR: azureConfig,
    LOCAL_CLOUD_TENANT_ID: cloud.entra.tenant.tenantId,
    LOCAL_CLOUD_CLIENT_ID: cloud.application.clientId,
    LOCAL_CLOUD_ORGANIZATION: cloud.organization,
  };
  // INIT_CWD: where the user typed npm run.
  const child = spawn(command, args, { cwd: process.env.INIT_CWD ?? process.cwd(), env, stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; the cloud has to outlive it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`local-cloud: cannot run ${command}: ${error.message}\n`);
      resolve(127);
    });
    // As a shell says it: 128 and the number of the signal.
    child.on('close', (exitCode, signal) =>
      resolve(exitCode ?? 128 + constants.signals[signal ?? 'SIGTERM']),
    );
  });
  await cloud.stop();
  await rm(azureConfig, { recursive: true, force: true });
  return code;
}
