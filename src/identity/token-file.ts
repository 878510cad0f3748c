// An ID token in a file that something else keeps fresh, such as Kubernetes; read anew whenever one is needed.
import { readFileSync, statSync } from 'node:fs';
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { type Claims, claimsOf } from '../jwt.js';
import { jwtForms } from '../masks.js';
import { printable } from '../printable.js';
import { Secret } from '../secret.js';
import type { Session } from '../session.js';
import type { AssertionSource, IdentityWishes } from './source.js';

/** Azure's own libraries read it, and Azure Workload Identity sets it in a pod. */
const VARIABLE = 'AZURE_FEDERATED_TOKEN_FILE';
/** ID tokens have one to ten thousand characters. */
const LARGEST_FILE = 64 * 1024;

export function tokenFile(environment: Environment, { tokenFile: given }: IdentityWishes): AssertionSource {
  return {
    kind: 'assertion',
    async obtain(_audience, session) {
      const path = given || environment[VARIABLE] || '';
      if (path === '') throw noFile();
      const token = new Secret(contentOf(path));
      await session.mask(jwtForms(token));
      const claims = claimsOf(token.reveal());
      if (claims === undefined) throw unusable(path, 'holds no ID token', NO_JWT);
      refuseExpired(claims, path, session);
      return { token, claims };
    },
  };
}

function noFile(): PatlessError {
  return new PatlessError(
    'ID_TOKEN_UNAVAILABLE',
    `No file with an ID token is named: \`token-file\` is empty, and ${VARIABLE} is not set.`,
    {
      hint:
        'Give its path as `token-file`. In Kubernetes with Azure Workload Identity the variable is set in pods with the ' +
        'label `azure.workload.identity/use: "true"`; a job in a container of its own may not get it.',
    },
  );
}

/** A volume of Kubernetes is a link to a link to a file, so links are followed. */
function contentOf(path: string): string {
  let text: string;
  try {
    const file = statSync(path);
    if (!file.isFile()) throw unusable(path, 'is no regular file', 'Name the file itself.');
    if (file.size > LARGEST_FILE) throw unusable(path, `is larger than ${LARGEST_FILE} bytes`, NO_JWT);
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof PatlessError) throw cause;
    throw unreadable(path, (cause as NodeJS.ErrnoException).code ?? '');
  }
  if (text === '') throw unusable(path, 'is empty', 'See why whatever writes the token there does not.');
  return text;
}

function unreadable(path: string, code: string): PatlessError {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return unusable(
      path,
      'is not there',
      'Check the path, and that the volume is mounted where this job runs.',
    );
  }
  return unusable(path, `cannot be read (${printable(code)})`, 'Let the user that runs this job read it.');
}

const NO_JWT =
  'The file must hold one JWT and nothing else: the ID token itself, no JSON around it, no quotes.';

function refuseExpired({ exp }: Claims, path: string, { clock, skewSeconds }: Session): void {
  const now = clock.now() / 1000 - skewSeconds();
  if (typeof exp !== 'number' || exp > now) return;
  const [expired, clockSays] = [exp, now].map((seconds) => timeOf(seconds));
  throw unusable(
    path,
    `holds an ID token that expired at ${expired}; the time is ${clockSays}`,
    'See why whatever writes the token there has stopped; or, if the time is wrong, set the clock of this machine.',
  );
}

function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'an unreadable time' : date.toISOString();
}

function unusable(path: string, what: string, hint: string): PatlessError {
  return new PatlessError('ID_TOKEN_UNAVAILABLE', `The file ${printable(path)} ${what}.`, { hint });
}
