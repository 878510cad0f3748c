// What GitHub's runner hides: each value, each of its lines, and the encodings it derives
// (actions/runner, src/Sdk/DTLogging/Logging/ValueEncoders.cs).
import { FormMasker } from '../masker.js';

export class Masker extends FormMasker {
  constructor() {
    super((value) => {
      const lines = value.split(/\r?\n/).map((line) => line.trim());
      return [value, ...lines].filter((text) => text !== '').flatMap(derivedForms);
    });
  }
}

function derivedForms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...[0, 1, 2].map((shift) => bytes.subarray(shift).toString('base64')),
    secret.replaceAll('"', '\\"'),
    secret.replaceAll("'", "''"),
    json,
    encodeURIComponent(secret),
    secret.replace(/[<>&'"]/g, (c) => XML[c] ?? c),
    secret.replace(/^"(.*)"$/s, '$1'),
  ];
}

const XML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&apos;',
  '"': '&quot;',
};
