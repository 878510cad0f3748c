// Pages of the documentation: their blocks of code, so that tests can run what they show.
import { readFileSync } from 'node:fs';

export interface Block {
  /** Of the section that it stands in. */
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

export function blocksOf(file: string): Block[] {
  const [, ...sections] = readFileSync(file, 'utf8').split(/^#+ /m);
  return sections.flatMap((section) => {
    const heading = section.split('\n')[0] ?? '';
    return [...section.matchAll(/^ *```(\w+)\n(.*?)^ *```$/gms)].map(([, language = '', text = '']) => ({
      heading,
      language,
      text,
    }));
  });
}

/** Words in capitals stand for what the reader fills in. */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (result, [name, value]) => result.replace(new RegExp(`\\b${name}\\b`, 'g'), value),
    text,
  );
}
