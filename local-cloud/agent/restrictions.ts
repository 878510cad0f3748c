// What a task's own task.json or its step's `target` forbids it to do (azure-pipelines-agent, TaskRestrictionsExtension.cs).

export interface TaskRestrictions {
  readonly commands?: { readonly mode?: string };
  readonly settableVariables?: { readonly allowed?: readonly string[] };
}

/** A step's `target`. */
export interface StepTarget {
  readonly commands?: 'any' | 'restricted';
  readonly settableVariables?: 'none' | readonly string[];
}

export function restrictionsOf({ commands, settableVariables }: StepTarget): TaskRestrictions {
  const allowed = settableVariables === 'none' ? [] : settableVariables;
  return {
    ...(commands && { commands: { mode: commands } }),
    ...(allowed && { settableVariables: { allowed } }),
  };
}

/** The events of the task area that a restricted step may still use. */
const HARMLESS = [
  'complete',
  'debug',
  'issue',
  'logdetail',
  'logissue',
  'setprogress',
  'setsecret',
  'settaskvariable',
  'setvariable',
];

export function allowsCommand({ commands }: TaskRestrictions, event: string): boolean {
  return commands?.mode?.toLowerCase() !== 'restricted' || HARMLESS.includes(event.toLowerCase());
}

export function allowsVariable({ settableVariables }: TaskRestrictions, name: string): boolean {
  return settableVariables?.allowed?.some((pattern) => matches(name, pattern)) ?? true;
}

function matches(name: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(name);
}
