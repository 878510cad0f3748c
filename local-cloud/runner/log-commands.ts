// Finds workflow commands in a line of a step's output, as GitHub's runner does (actions/runner, ActionCommand.cs).

export interface LogCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** `::name key=value,…::data` at the start of a line, or the older `##[name key=value;…]data` anywhere in it. */
export function parseLogCommand(line: string): LogCommand | undefined {
  const current = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/s.exec(line);
  if (current !== null) {
    const [, name = '', properties = '', data = ''] = current;
    return { name, properties: pairs(properties, ','), data: decodeData(data) };
  }
  const older = /##\[([^\s\]]+)(?:\s+([^\]]*))?\](.*)$/s.exec(line);
  if (older === null) return undefined;
  const [, name = '', properties = '', data = ''] = older;
  return { name, properties: pairs(properties, ';'), data: decodeData(data) };
}

function pairs(text: string, separator: string): Record<string, string> {
  const entries = text.split(separator).filter((pair) => pair.includes('='));
  return Object.fromEntries(
    entries.map((pair) => [
      pair.slice(0, pair.indexOf('=')).trim(),
      decodeData(pair.slice(pair.indexOf('=') + 1)),
    ]),
  );
}

function decodeData(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
