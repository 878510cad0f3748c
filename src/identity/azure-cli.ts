// Whoever is signed in to the Azure CLI on this machine: asks `az` for a token. No other file of a sign-in starts a process.
import { type ExecFileException, execFile } from 'node:child_process';
import { dirname } from 'node:path';
import type { AccessToken } from '../access-token.js';
import { AZURE_DEVOPS_ID } from '../entra/addresses.js';
import { checkedIdentity, isSafeToken, wholeSeconds } from '../entra/token-identity.js';
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { type JsonObject, jsonObject, textMember } from '../json.js';
import { claimsOf } from '../jwt.js';
import { accessTokenForms } from '../masks.js';
import { printable } from '../printable.js';
import { programPath } from '../program-path.js';
import { Secret } from '../secret.js';
import type { Session } from '../session.js';
import type { AccessTokenSource, IdentityWishes } from './source.js';

/** It is a Python program that may have to be read from a cold disk, and that asks Microsoft Entra, trying again by itself. */
const LONGEST_SECONDS = 60;
const LARGEST_OUTPUT = 1024 * 1024;

export function azureCli(environment: Environment, { tenantId }: IdentityWishes): AccessTokenSource {
  return {
    kind: 'access-token',
    async obtain(session) {
      const program = programPath('az', environment);
      if (program === undefined) throw notInstalled();
      const answer = await answerOf(program, tenantId, environment, session);
      const body = jsonObject(answer.stdout);
      const secret = new Secret(textMember(body, 'accessToken') ?? '');
      await session.mask(accessTokenForms(secret));
      session.deadline.throwIfAborted();
      if (answer.failure) throw refusal(answer.failure, answer.stderr, tenantId);
      return accessToken(secret, body, tenantId, session);
    },
  };
}

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: ExecFileException | null;
}

/** Never rejects: what was written before a failure may hold the token, which is masked first. */
function answerOf(
  program: string,
  tenantId: string | undefined,
  environment: Environment,
  { deadline }: Session,
): Promise<Answer> {
  const { file, args, verbatim } = commandLine(program, argumentsFor(tenantId), environment);
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      {
        // Not in the workspace, where Python, and Windows, would look for modules and programs.
        cwd: dirname(program),
        env: { ...environment, ...QUIET },
        timeout: LONGEST_SECONDS * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: LARGEST_OUTPUT,
        signal: deadline,
        windowsHide: true,
        windowsVerbatimArguments: verbatim,
      },
      (failure, stdout, stderr) => resolve({ failure, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

/** Source: Microsoft, "Azure CLI configuration". It would send telemetry, which patless does not. */
const QUIET = { AZURE_CORE_COLLECT_TELEMETRY: 'false', AZURE_CORE_NO_COLOR: 'true' };

/** The tenant is a GUID or a domain by now. */
function argumentsFor(tenantId: string | undefined): string[] {
  return [
    ...['account', 'get-access-token', '--resource', AZURE_DEVOPS_ID, '--output', 'json'],
    ...(tenantId === undefined ? [] : ['--tenant', tenantId]),
  ];
}

/** Windows starts a `.cmd` by its command interpreter only, and none of the arguments means anything to that. Not tried there. */
function commandLine(program: string, args: readonly string[], environment: Environment) {
  if (!/\.cmd$/i.test(program)) return { file: program, args, verbatim: false };
  const interpreter = environment.ComSpec ?? environment.COMSPEC ?? 'cmd.exe';
  const line = ['/d', '/s', '/c', `""${program}" ${args.join(' ')}"`];
  return { file: interpreter, args: line, verbatim: true };
}

function notInstalled(): PatlessError {
  return unavailable(
    'The Azure CLI is not installed: there is no `az` in the PATH.',
    'Install it (https://aka.ms/installazurecli), then sign in with: az login',
  );
}

/** Microsoft Entra's answers that mean: not in this tenant. `az` advises to sign in below each of them, too. */
const WRONG_TENANT = /\bAADSTS(?:50020|50034|90002|90072|700016|500011|900023)\b/;
const NOT_SIGNED_IN = /\baz login\b|\baz account set\b/;

function refusal(failure: ExecFileException, stderr: string, tenantId: string | undefined): PatlessError {
  if (typeof failure.code === 'string') {
    return unavailable(
      `The Azure CLI could not be run (${printable(failure.code)}).`,
      'Check that `az version` works here.',
    );
  }
  if (failure.killed) {
    return unavailable(
      `The Azure CLI did not answer within ${LONGEST_SECONDS} seconds.`,
      'Try `az account get-access-token` on this machine; its network or proxy may be the reason.',
    );
  }
  const said = errorIn(stderr);
  const login = `az login${tenantId === undefined ? '' : ` --tenant ${tenantId}`}`;
  if (WRONG_TENANT.test(stderr)) {
    return unavailable(
      `Who is signed in to the Azure CLI is not in ${tenantId === undefined ? 'that tenant' : `the tenant ${tenantId}`}.`,
      `Check \`tenant-id\`, or sign in there with: ${tenantId === undefined ? 'az login --tenant TENANT_ID' : login}`,
      said,
    );
  }
  if (NOT_SIGNED_IN.test(stderr)) {
    return unavailable(
      'Nobody is signed in to the Azure CLI, or that sign-in is no longer good.',
      `Sign in on this machine, as the user that runs this, with: ${login}`,
      said,
    );
  }
  return unavailable(
    `The Azure CLI gave no token (exit code ${failure.code ?? 'unknown'}).`,
    'Try `az account get-access-token` on this machine. With a managed identity signed in, leave `tenant-id` out.',
    said,
  );
}

/** From the first error on: warnings may stand before it. */
function errorIn(stderr: string): string {
  const start = stderr.indexOf('ERROR:');
  return printable(start < 0 ? stderr : stderr.slice(start));
}

function accessToken(
  secret: Secret,
  body: JsonObject | undefined,
  tenantId: string | undefined,
  session: Session,
): AccessToken {
  const claims = claimsOf(secret.reveal());
  // Its `expiresOn` is in local time, and `expires_on` came with 2.54 only.
  const seconds = [body?.expires_on, claims?.exp].map(wholeSeconds).find((time) => !Number.isNaN(time));
  const expiresOn = new Date((seconds ?? Number.NaN) * 1000);
  if (!isSafeToken(secret) || Number.isNaN(expiresOn.getTime())) {
    throw unavailable(
      "The Azure CLI's answer holds no token that says when it expires.",
      'Update the Azure CLI to 2.54 or newer (`az upgrade`), and try `az account get-access-token`.',
    );
  }
  if (expiresOn.getTime() <= session.clock.now()) {
    throw unavailable(
      `The Azure CLI's token expired at ${expiresOn.toISOString()}.`,
      'Check the clock of this machine, or sign in again with: az login',
    );
  }
  return {
    secret,
    expiresOn,
    // Microsoft, "Access token claims reference": `scp` is in users' tokens only. An opaque one is taken for the other kind.
    holder: textMember(claims, 'scp') === undefined ? 'service principal' : 'user',
    ...checkedIdentity(secret, { tenantId: tenantId ?? textMember(body, 'tenant') }),
  };
}

function unavailable(message: string, hint: string, said = ''): PatlessError {
  return new PatlessError('ID_TOKEN_UNAVAILABLE', message, {
    hint,
    references: said === '' ? [] : [`The Azure CLI says: ${said}`],
  });
}
