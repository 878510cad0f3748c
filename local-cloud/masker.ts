// Hides secrets in a log: each value in the forms that a host derives from it.

const MASK = '***';

export class FormMasker {
  readonly #forms = new Set<string>();

  /** @param patterns hidden wherever they match, whatever has been added. */
  constructor(
    private readonly formsOf: (value: string) => readonly string[],
    private readonly patterns: readonly RegExp[] = [],
  ) {}

  add(value: string): void {
    for (const form of this.formsOf(value)) if (form !== '') this.#forms.add(form);
  }

  mask(text: string): string {
    // Longest first, so that a form that holds another one disappears whole.
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    const masked = forms.reduce((rest, form) => rest.replaceAll(form, MASK), text);
    return this.patterns.reduce((rest, pattern) => rest.replace(pattern, MASK), masked);
  }

  hides(text: string): boolean {
    return this.mask(text) !== text;
  }
}
