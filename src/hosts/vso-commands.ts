// Logging commands of the Azure Pipelines agent: lines on stdout that it acts on instead of showing them.
// Source: Microsoft, "Logging commands"; microsoft/azure-pipelines-agent, CommandStringConvertor.cs for the escapes.

/** One line with its end. */
export function vsoCommand(name: string, properties: Readonly<Record<string, string>>, data: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(value)};`);
  return `##vso[${[name, list.join('')].join(' ').trim()}]${escaped(data)}\n`;
}

/** Sets a variable of the job, not as a secret: the agent keeps those out of later steps. */
export function setVariable(variable: string, value: string): string {
  // The agent gives steps a name in upper case unless told otherwise.
  const preserved = variable === variable.toUpperCase() ? {} : { preservecase: 'true' };
  return vsoCommand('task.setvariable', { variable, ...preserved }, value);
}

function escaped(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(']', '%5D').replaceAll(';', '%3B');
}
