// Hides secrets in a log as GitHub's runner does: each value and the encodings it derives
// (actions/runner, src/Sdk/DTLogging/Logging/ValueEncoders.cs).

const MASK = '***';

export class Masker {
  readonly #forms = new Set<string>();

  add(value: string): void {
    const lines = value.split(/\r?\n/).map((line) => line.trim());
    for (const secret of [value, ...lines].filter((text) => text !== '')) {
      for (const form of derivedForms(secret)) this.#forms.add(form);
    }
  }

  mask(text: string): string {
    // Longest first, so that a form that holds another one disappears whole.
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    return forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
  }

  hides(text: string): boolean {
    return this.mask(text) !== text;
  }
}

function derivedForms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    ...[0, 1, 2].map((shift) => bytes.subarray(shift).toString('base64')),
    secret.replaceAll('"', '\\"'),
    secret.replaceAll("'", "''"),
    json,
    encodeURIComponent(secret),
    secret.replace(/[<>&'"]/g, (c) => XML[c] ?? c),
    secret.replace(/^"(.*)"$/s, '$1'),
  ];
  return forms.filter((form) => form !== '');
}

const XML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&apos;',
  '"': '&quot;',
};
