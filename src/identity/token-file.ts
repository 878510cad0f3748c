// An ID token in a file that something else keeps fresh, such as Kubernetes; read anew whenever one is needed.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { PatlessError } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { printable } from '../printable.js';
import { givenAssertion, type Place, unusable } from './given-token.js';
import type { AssertionSource, IdentityWishes } from './source.js';

/** Azure's own libraries read it, and Azure Workload Identity sets it in a pod. */
const VARIABLE = 'AZURE_FEDERATED_TOKEN_FILE';
/** ID tokens have one to ten thousand characters. */
const LARGEST_FILE = 64 * 1024;

export function tokenFile(environment: Environment, { tokenFile: given }: IdentityWishes): AssertionSource {
  const path = given || environment[VARIABLE] || '';
  return {
    kind: 'assertion',
    forLater: given || path === '' ? {} : { [VARIABLE]: resolve(path) },
    async obtain(_audience, session) {
      if (path === '') throw noFile();
      const place = placeOf(path);
      return givenAssertion(contentOf(path, place), place, session);
    },
  };
}

function placeOf(path: string): Place {
  return {
    name: `The file ${printable(path)}`,
    cureForNoToken:
      'The file must hold one JWT and nothing else: the ID token itself, no JSON around it, no quotes.',
    cureForExpired:
      'See why whatever writes the token there has stopped; or, if the time is wrong, set the clock of this machine.',
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
function contentOf(path: string, { name, cureForNoToken }: Place): string {
  let text: string;
  try {
    const file = statSync(path);
    if (!file.isFile()) throw unusable(name, 'is no regular file', 'Name the file itself.');
    if (file.size > LARGEST_FILE)
      throw unusable(name, `is larger than ${LARGEST_FILE} bytes`, cureForNoToken);
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof PatlessError) throw cause;
    throw unreadable(name, (cause as NodeJS.ErrnoException).code ?? '');
  }
  if (text === '') throw unusable(name, 'is empty', 'See why whatever writes the token there does not.');
  return text;
}

function unreadable(file: string, code: string): PatlessError {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const hint = 'Check the path, and that the volume is mounted where this job runs.';
    return unusable(file, 'is not there', hint);
  }
  return unusable(file, `cannot be read (${printable(code)})`, 'Let the user that runs this job read it.');
}
