// Makes text from outside harmless before it is printed: no commands, no escapes, no flood.

const LONGEST = 1000;
/** Beyond this nothing is even looked at: patterns over a megabyte of hostile text would take minutes. */
const LONGEST_READ = 16 * LONGEST;
// C0 and C1 controls, line and paragraph separators, and the marks that reorder or hide text.
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds.
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;
// A server may echo the token it was sent; the host masks it, but it need not come that far.
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * One line, at most 1000 characters, in which neither GitHub (`::command::` at the start, `##[command]`
 * anywhere) nor the Azure Pipelines agent (`##vso[…]` anywhere) finds a workflow command.
 */
export function printable(text: string): string {
  const line = text
    .slice(0, LONGEST_READ)
    .replace(UNPRINTABLE, ' ')
    .replace(JWT, '***')
    .replace(/([:#])(?=\1)/g, '$1 ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** "Label: value" for each value that is there. */
export function printableLines(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([label, value]) =>
    value === undefined ? [] : [`${label}: ${printable(value)}`],
  );
}
