// A job's variables: public ones for every step's environment, secret ones for macros and tasks
// (azure-pipelines-agent, Variables.cs, VarUtil.cs).
import type { AgentMasker } from './masker.js';

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly readOnly: boolean;
  readonly preserveCase: boolean;
}

export type VariableKind = Partial<Pick<Variable, 'secret' | 'readOnly' | 'preserveCase'>>;

export class Variables {
  /** By name in lower case. */
  readonly #variables = new Map<string, Variable>();

  constructor(private readonly masker: AgentMasker) {}

  /** Once secret or read-only, a name stays it. */
  set(name: string, value: string, kind: VariableKind = {}): void {
    const before = this.find(name);
    const secret = kind.secret === true || before?.secret === true;
    if (secret) this.masker.add(value);
    this.#variables.set(name.toLowerCase(), {
      name,
      value,
      secret,
      readOnly: kind.readOnly === true || before?.readOnly === true,
      preserveCase: kind.preserveCase ?? false,
    });
  }

  /** @returns the variable with the macros in its value expanded; it is secret if one of them is. */
  find(name: string): Variable | undefined {
    const variable = this.#variables.get(name.toLowerCase());
    if (variable === undefined) return undefined;
    const used: Variable[] = [];
    const value = this.#expanded(variable, [], used);
    // No value at all is right for a variable that needs itself, so the agent leaves it as it is.
    if (value === undefined || value === variable.value) return variable;
    const secret = variable.secret || used.some((other) => other.secret);
    if (secret) this.masker.add(value);
    return { ...variable, value, secret };
  }

  get public(): Variable[] {
    return this.#all().filter(({ secret }) => !secret);
  }

  get secret(): Variable[] {
    return this.#all().filter(({ secret }) => secret);
  }

  /** Replaces each $(name), by a variable or else by what the machine's environment has under it. */
  expand(text: string, machine: Readonly<Record<string, string>> = {}): string {
    return replaceMacros(
      text,
      (name) => this.find(name)?.value ?? new Map(Object.entries(machine)).get(name),
    );
  }

  #all(): Variable[] {
    return [...this.#variables.keys()].flatMap((name) => this.find(name) ?? []);
  }

  /** @returns undefined for a variable that needs itself. */
  #expanded(variable: Variable, path: readonly Variable[], used: Variable[]): string | undefined {
    if (path.includes(variable)) return undefined;
    let isWhole = true;
    const value = replaceMacros(variable.value, (name) => {
      const other = this.#variables.get(name.toLowerCase());
      if (other === undefined) return undefined;
      used.push(other);
      const inner = this.#expanded(other, [...path, variable], used);
      isWhole &&= inner !== undefined;
      return inner;
    });
    return isWhole ? value : undefined;
  }
}

/** A macro that nobody knows stays as it is written. */
function replaceMacros(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(/\$\(((?:(?!\$\()[^)])+)\)/g, (macro, name: string) => lookUp(name) ?? macro);
}

export function environmentName(name: string, preserveCase = false): string {
  const formatted = name.replace(/[. ]/g, '_');
  return preserveCase ? formatted : formatted.toUpperCase();
}
