// A stand-in for `az account get-access-token`, as a program in a folder of its own: for places without the real one,
// and for users, whose sign-in needs a browser.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SignIn {
  readonly tenantId: string;
  readonly accessToken: string;
  /** Seconds since 1970; the Azure CLI says it since 2.54. */
  readonly expiresOn?: number;
}

/** @param signIn Undefined: nobody is signed in. @returns the program's path. */
export function installAzureCli(folder: string, signIn: SignIn | undefined): string {
  const path = join(folder, 'az');
  const program = `#!${process.execPath}\n(${az})(${JSON.stringify(signIn ?? null)}, process);\n`;
  writeFileSync(path, program);
  chmodSync(path, 0o700);
  return path;
}

/** Runs alone, in its own process. Texts are the real ones' (2.45, and Microsoft Entra's). */
function az(signIn: SignIn | null, process: NodeJS.Process): void {
  const [group, command, ...rest] = process.argv.slice(2);
  const options = new Map(rest.flatMap((name, i) => (i % 2 === 0 ? [[name, rest[i + 1]] as const] : [])));
  const fail = (text: string) => {
    process.stderr.write(`ERROR: ${text}\n`);
    process.exitCode = 1;
  };
  const known = ['--resource', '--output', '--tenant'];
  if (
    `${group} ${command}` !== 'account get-access-token' ||
    [...options.keys()].some((name) => !known.includes(name)) ||
    options.get('--resource') !== '499b84ac-1321-427f-aa17-267ca6975798' ||
    options.get('--output') !== 'json'
  ) {
    fail(`unrecognized arguments: ${process.argv.slice(2).join(' ')}`);
    return;
  }
  if (signIn === null) {
    fail("Please run 'az login' to setup account.");
    return;
  }
  const tenant = options.get('--tenant') ?? signIn.tenantId;
  if (tenant !== signIn.tenantId) {
    fail(
      `AADSTS90002: Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.\n` +
        'Interactive authentication is needed. Please run:\naz login',
    );
    return;
  }
  const answer = {
    accessToken: signIn.accessToken,
    expiresOn: '2020-11-12 13:50:47.114324',
    ...(signIn.expiresOn !== undefined && { expires_on: signIn.expiresOn }),
    subscription: tenant,
    tenant,
    tokenType: 'Bearer',
  };
  process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
}
