// Searches sinks for secrets in the ten encodings that leaks have been seen in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../local-cloud/leak-scan.js';

export interface Sink {
  readonly name: string;
  /** Bytes as latin1, so that binary files can be searched too. */
  readonly text: string;
}

/** Every form of a secret that counts as a leak, by the name of the encoding. */
export function encodingsOf(secret: string): [encoding: string, form: string][] {
  const bytes = Buffer.from(secret);
  // A prefix shifts the Base64 alphabet; the ends depend on the neighbours, so the middle is what is searched for.
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -8),
  );
  const signature = secret.split('.')[2] ?? secret;
  return [
    ['raw', secret],
    ...shifted.map((form, shift): [string, string] => [`base64, shift ${shift}`, form]),
    ['base64url', bytes.toString('base64url').slice(0, -4)],
    ['hex', bytes.toString('hex')],
    ['URI', encodeURIComponent(secret)],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['reversed', [...secret].reverse().join('')],
    ['UTF-16', bytes.toString('latin1').split('').join('\0')],
    ['base64 twice', Buffer.from(bytes.toString('base64')).toString('base64').slice(0, -8)],
    ['16 characters of the signature', signature.slice(8, 24)],
  ];
}

/** @returns one line for each secret found in a sink: "access token as hex in workspace/x". */
export function leaks(secrets: Readonly<Record<string, string>>, sinks: readonly Sink[]): string[] {
  const forms = Object.entries(secrets).flatMap(([name, secret]) =>
    encodingsOf(secret).map(([encoding, form]) => ({ name, encoding, form })),
  );
  return sinks.flatMap((sink) =>
    forms
      .filter(({ form }) => form.length >= 12 && sink.text.includes(form))
      .map(({ name, encoding }) => `${name} as ${encoding} in ${sink.name}`),
  );
}

/** Every file below a folder. */
export function filesIn(folder: string): Sink[] {
  return filesBelow(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'latin1') }));
}
