// Reads GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE by the runner's grammar (actions/runner, FileCommandManager.cs).

/** @throws Error with the runner's own words for a file that breaks the grammar. */
export function parseKeyValueFile(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/);
  const values = new Map<string, string>();
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      values.set(nameOf(line.slice(0, equals), line), line.slice(equals + 1));
    } else if (heredoc >= 0) {
      const delimiter = line.slice(heredoc + 2);
      const name = nameOf(line.slice(0, heredoc), line);
      if (delimiter === '') throw new Error(`Invalid format '${line}'. Name and delimiter must not be empty`);
      const end = lines.indexOf(delimiter, i + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      values.set(name, lines.slice(i + 1, end).join('\n'));
      i = end;
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return values;
}

function nameOf(name: string, line: string): string {
  if (name === '') throw new Error(`Invalid format '${line}'. Name must not be empty`);
  return name;
}
