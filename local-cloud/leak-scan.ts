// Looks for secrets in every file below a folder, raw and in the encodings that tools derive.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlayedRequest } from './http.js';
import { Masker } from './runner/masker.js';

/** @returns the paths of the files that hold one of the secrets. */
export function filesWithSecrets(folder: string, secrets: readonly string[]): string[] {
  const masker = new Masker();
  for (const secret of secrets) masker.add(secret);
  return filesBelow(folder)
    .map((name) => join(folder, name))
    .filter((file) => masker.hides(readFileSync(file, 'latin1')));
}

/** @returns paths relative to the folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    lstatSync(join(folder, name)).isFile(),
  );
}

/** Every bearer, assertion and Basic password that a played host has received: what must not stay behind. */
export function secretsSent(requests: readonly PlayedRequest[]): string[] {
  const found = requests.flatMap(({ headers, body }) => {
    const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ');
    const basic =
      scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString().split(':').slice(1) : [];
    const assertion = new URLSearchParams(body.toString('latin1')).get('client_assertion') ?? '';
    return [value, ...basic, assertion];
  });
  return [...new Set(found)].filter((secret) => secret.length > 20);
}
