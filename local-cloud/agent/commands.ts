// Finds logging commands in a line of a step's output, as the Azure Pipelines agent does
// (azure-pipelines-agent, Command.cs, CommandStringConvertor.cs).

export interface AgentCommand {
  readonly area: string;
  readonly event: string;
  /** Their names in lower case: the agent takes any. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** `##vso[area.event name=value;…]data` anywhere in the line. */
export function parseCommand(line: string): AgentCommand | undefined {
  const [, head = '', data = ''] = /##vso\[([^\]]*)\](.*)$/s.exec(line) ?? [];
  const space = head.indexOf(' ');
  const names = (space < 0 ? head : head.slice(0, space)).split('.').filter(Boolean);
  const [area, event] = names;
  if (area === undefined || event === undefined || names.length > 2) return undefined;
  return {
    area,
    event,
    properties: space < 0 ? {} : pairs(head.slice(space + 1)),
    data: unescapeCommand(data),
  };
}

/** Spaces belong to names and values: the agent trims nothing. */
function pairs(text: string): Record<string, string> {
  const entries = text.split(';').flatMap((pair) => {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), unescapeCommand(value)]];
  });
  return Object.fromEntries(entries);
}

const ESCAPES = [
  [';', '%3B'],
  ['\r', '%0D'],
  ['\n', '%0A'],
  [']', '%5D'],
] as const;

export function unescapeCommand(text: string): string {
  return ESCAPES.reduce((rest, [plain, escaped]) => rest.replaceAll(escaped, plain), text).replaceAll(
    '%AZP25',
    '%',
  );
}

export function escapeCommand(text: string): string {
  return ESCAPES.reduce(
    (rest, [plain, escaped]) => rest.replaceAll(plain, escaped),
    text.replaceAll('%', '%AZP25'),
  );
}
