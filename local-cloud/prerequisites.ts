// Run before the demo and the tests: says in one clear line each what they need and the machine does not have.
import { spawnSync } from 'node:child_process';

for (const line of missingPrerequisites()) {
  process.stderr.write(`patless: ${line}\n`);
  process.exitCode = 2;
}

function missingPrerequisites(): string[] {
  const missing = ['bash', 'curl', 'git'].filter((tool) => !succeeds(tool, '--version'));
  const lines = missing.map((tool) => `${tool} is needed and was not found.`);
  if (!missing.includes('git') && !hasGitBackend()) {
    lines.push('git is here, but without `git http-backend`, which some systems package apart.');
  }
  if (Number.parseInt(process.versions.node, 10) < 20) {
    lines.push(`Node 20 or newer is needed; this is ${process.version}.`);
  }
  return lines;
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Asked without a request, the CGI program answers with an error of its own, which proves that it is there. */
function hasGitBackend(): boolean {
  return spawnSync('git', ['http-backend'], { encoding: 'utf8' }).stdout.includes('Status:');
}
