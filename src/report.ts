// How a failure reads: one annotation, and the same as Markdown in the job summary.
import { PatlessError } from './errors.js';
import { printable } from './printable.js';

export interface Report {
  readonly message: string;
  readonly summary: string;
}

export function report(error: unknown): Report {
  const failure = error instanceof PatlessError ? error : unexpected(error);
  const lines = [
    `${failure.code}: ${failure.message}`,
    ...failure.facts,
    `What to do: ${failure.hint}`,
    ...failure.references,
  ];
  const message = lines.join('\n');
  return { message, summary: `### patless failed: ${failure.code}\n\n${fenced(message)}\n` };
}

function unexpected(error: unknown): PatlessError {
  return new PatlessError('UNEXPECTED', `patless failed in a way it should not: ${reasonOf(error)}`, {
    hint: 'Please report this message to the patless project.',
    cause: error,
  });
}

/** Anything can be thrown, also what cannot be made text. */
function reasonOf(error: unknown): string {
  try {
    return printable(String(error instanceof Error ? error.message : error));
  } catch {
    return 'the error cannot be shown';
  }
}

/** In a code fence, text from outside can be neither Markdown nor HTML, and it cannot close the fence. */
function fenced(text: string): string {
  return `\`\`\`\`text\n${text.replace(/`{4,}/g, '```')}\n\`\`\`\``;
}
