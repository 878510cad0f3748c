// A file's text as lines, and as commands: what a shell or a compiler reads as one.

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** In the file. */
  readonly offset: number;
}

export interface Command {
  readonly text: string;
  /** In the file. */
  readonly offset: number;
  /** Where in the file a place in the text is. */
  at(index: number): { readonly line: number; readonly offset: number };
}

/** Beyond this a line is a generated one. */
export const LONGEST_LINE = 4000;
const LONGEST_COMMAND = 2 * LONGEST_LINE;
const MOST_JOINED = 50;
/** An open bracket at the end of a line holds on to the next ones: arguments of a call, not a whole function. */
const MOST_ARGUMENTS = 6;

export function linesOf(text: string, first = 1, offset = 0): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let number = first; start <= text.length; number++) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    lines.push({ text: text.slice(start, stop).replace(/\r$/, ''), number, offset: offset + start });
    start = stop + 1;
  }
  return lines;
}

/** `#`, `//`, `;`, `REM`, `::`, `--`; but `//host/` begins a line of an .npmrc, and `##vso[` a command of the agent. */
function isComment(line: string): boolean {
  return /^\s*(?:#(?!#vso)|\/\/(?!\[?[\w-]{1,63}\.[\w-]{1,63})|\/?\*|;|::|--\s|<!--|@?rem\s)/i.test(line);
}

/** What a `#` or `//` begins that follows a space outside quotes. */
function withoutComment(line: string): string {
  const at = line.search(/\s(?:#|\/\/)\s/);
  if (at < 0) return line;
  const before = line.slice(0, at);
  const isQuoted = ['"', "'"].some((quote) => before.split(quote).length % 2 === 0);
  return isQuoted ? line : before;
}

/** @param isFolded Whether every line break is only for the eye. @param expand Fills in what variables hold. */
export function commandsOf(
  lines: readonly Line[],
  isFolded: boolean,
  expand: (text: string) => string,
): Command[] {
  const commands: Command[] = [];
  let open: Line[] = [];
  let length = 0;
  const close = () => {
    if (open.length > 0) commands.push(joined(open));
    [open, length] = [[], 0];
  };
  for (const line of lines) {
    if (line.text.length > LONGEST_LINE || line.text.trim() === '' || (isComment(line.text) && !isFolded)) {
      // A comment between the parts of a command does not end it in PowerShell, and there is no telling here.
      if (!isComment(line.text)) close();
      continue;
    }
    const previous = open.at(-1);
    const isContinued = previous !== undefined && (isFolded || goesOn(previous.text) || isArgument(open));
    const isPiped = previous !== undefined && /^\s*(?:\||\.\w)/.test(line.text);
    if (!isContinued && !isPiped) close();
    if (length + line.text.length > LONGEST_COMMAND || open.length >= MOST_JOINED) close();
    open.push({ ...line, text: expand(withoutComment(line.text)) });
    length += line.text.length;
  }
  close();
  return commands;
}

function goesOn(line: string): boolean {
  return /[\\`^|+]\s*$|&&\s*$/.test(line.slice(-20));
}

function isArgument(open: readonly Line[]): boolean {
  const last = open.at(-1)?.text ?? '';
  if (!/[(,]\s*$/.test(last.slice(-20)) || open.length > MOST_ARGUMENTS) return false;
  const text = open.map((line) => line.text).join('\n');
  return text.split('(').length > text.split(')').length && !/[{[]\s*$/m.test(text);
}

function joined(parts: readonly Line[]): Command {
  const starts: number[] = [];
  let text = '';
  for (const [index, part] of parts.entries()) {
    starts.push(text.length);
    text += index === parts.length - 1 ? part.text : `${part.text.replace(/[\\`^]\s*$/, '')} `;
  }
  return {
    text,
    offset: parts[0]?.offset ?? 0,
    at: (index) => {
      const part =
        parts[
          Math.max(
            0,
            starts.findLastIndex((start) => start <= index),
          )
        ];
      return { line: part?.number ?? 1, offset: part?.offset ?? 0 };
    },
  };
}
