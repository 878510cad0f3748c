// Fills in the URLs, hosts and organizations that a file's variables hold, so that a command shows where it leads.
import type { Assignment } from './assignments.js';
import { saysSecret } from './names.js';

type Named = Pick<Assignment, 'name' | 'written'>;

const READ =
  /\$\{\{\s?[a-z]{1,12}\.([\w-]{1,100})\s?\}\}|\$\{(?:env:|env\.|var\.|local\.)?([A-Za-z_]\w{0,100})\}|\$(?:env:)?([A-Za-z_]\w{0,100})|\$\(([\w.-]{1,100})\)|%(\w{1,100})%|(?<!\{)\{([A-Za-z_]\w{0,100})\}(?!\})/g;
/** A URL may name others, which were set before it. */
const DEEPEST = 3;

export function expanderOf(assignments: readonly Named[]): (text: string) => string {
  const plain = plainValues(assignments);
  const once = (text: string) =>
    text.replace(READ, (written, ...groups: (string | undefined)[]) => {
      const name = groups.slice(0, 6).find((group) => group !== undefined);
      return plain.get((name ?? '').toLowerCase()) ?? written;
    });
  if (plain.size === 0) return (text) => text;
  return (text) => {
    let expanded = text;
    for (let depth = 0; depth < DEEPEST && /[$%{]/.test(expanded); depth++) {
      const next = once(expanded);
      if (next === expanded || next.length > text.length + 4000) break;
      expanded = next;
    }
    return expanded;
  };
}

/** By the variable's name in lower case; no secrets, and nothing set twice to different values. */
function plainValues(assignments: readonly Named[]): ReadonlyMap<string, string> {
  const plain = new Map<string, string | undefined>();
  for (const { name, written } of assignments) {
    const value = written.trim().replace(/^["']|["']$/g, '');
    if (!isPlain(name, value)) continue;
    const key = name.toLowerCase();
    plain.set(key, plain.has(key) && plain.get(key) !== value ? undefined : value);
  }
  return new Map([...plain].filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function isPlain(name: string, value: string): boolean {
  if (saysSecret(name) || !/^[^\s"'`;|&<>]{1,300}$/.test(value)) return false;
  if (/azure\.com|visualstudio\.com/i.test(value)) return true;
  return /org|account|collection/i.test(name) && /^[A-Za-z0-9][\w-]{0,49}$/.test(value);
}
