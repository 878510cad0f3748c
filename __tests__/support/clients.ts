// Tests with a real third-party client: skipped where it is not installed, failing in CI.
import { execFileSync } from 'node:child_process';
import { test } from '@jest/globals';

export interface Client {
  readonly name: string;
  /** Succeeds when the client is there. */
  readonly probe: readonly [command: string, ...args: string[]];
}

export const GIT_LFS: Client = { name: 'git-lfs', probe: ['git', 'lfs', 'version'] };
/** Debian's, whatever other Python stands first in the PATH. */
export const PIP: Client = { name: 'pip', probe: ['/usr/bin/python3', '-m', 'pip', '--version'] };
export const PYTHON_VENV: Client = { name: 'venv', probe: ['/usr/bin/python3', '-c', 'import ensurepip'] };
export const TWINE: Client = { name: 'twine', probe: ['/usr/bin/twine', '--version'] };
export const BUN: Client = { name: 'bun', probe: ['bun', '--version'] };
export const JQ: Client = { name: 'jq', probe: ['jq', '--version'] };
export const AZURE_CLI: Client = { name: 'az', probe: ['az', 'version'] };
export const SHELLCHECK: Client = { name: 'shellcheck', probe: ['shellcheck', '--version'] };

/** Debian's `cargo-web`; its `cargo` is older than credential providers (1.74). */
export const CARGO: Client = {
  name: 'cargo 1.74 or newer (Debian: cargo-web)',
  probe: ['sh', '-c', "/usr/bin/cargo --version | grep -E ' 1\\.(7[4-9]|[89][0-9]|[0-9]{3})\\.'"],
};
/** With the plugins that Debian packages, in a repository on the disk. */
export const MAVEN: Client = {
  name: 'mvn',
  probe: [
    'sh',
    '-c',
    'command -v mvn && ls -d /usr/share/maven-repo/org/apache/maven/plugins/maven-deploy-plugin/3*',
  ],
};
export const GRADLE: Client = { name: 'gradle', probe: ['sh', '-c', 'command -v gradle'] };

export function testWith(client: Client, name: string, body: () => Promise<void>): void {
  const notice = `skipped: ${client.name} not installed: ${name}`;
  const { skip } = test;
  if (isInstalled(client)) test(name, body);
  else if (process.env.CI !== 'true') skip(notice, body);
  else {
    test(name, () => {
      throw new Error(`${notice}; in CI it has to be there`);
    });
  }
}

function isInstalled({ probe: [command, ...args] }: Client): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
