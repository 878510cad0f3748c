// A command as a host of the same run: its options are the inputs, and what it is to change stays in this process.
import type { Receipt } from '../effects.js';
import type { Environment, Host } from '../hosts/host.js';
import { printable } from '../printable.js';
import type { SignIn } from '../renewal.js';
import { inCommandWords } from './command-words.js';
import type { Options } from './sign-in-options.js';
import type { Terminal } from './terminal.js';

export interface CommandHost extends Host {
  /** What the run has set: variables for the command that is started, and folders before its PATH. */
  readonly variables: ReadonlyMap<string, string>;
  readonly folders: readonly string[];
  readonly receipts: readonly Receipt[];
  /** The log: whoever succeeds is silent, and whoever fails tells how it came to that. */
  readonly lines: readonly string[];
}

/** @param earlier How an earlier step has signed in; options count before it. */
export function commandHost(terminal: Terminal, options: Options, earlier?: SignIn): CommandHost {
  const environment: Environment = { ...terminal.environment, ...earlier?.variables };
  const input = (name: string) => options[name] ?? earlier?.inputs[name] ?? '';
  const variables = new Map<string, string>();
  const folders: string[] = [];
  const lines: string[] = [];
  let receipts: readonly Receipt[] = [];
  return {
    environment,
    temp: terminal.temp,
    identities: terminal.identities,
    input,
    mistakes: (needsClient) =>
      needsClient && input('client-id') === ''
        ? ['`client-id` is required: a GUID such as 00000000-0000-0000-0000-000000000000.']
        : [],
    mistakesIn: () => [],
    currentValue: (name) => environment[name] ?? '',
    trigger: () => terminal.trigger(),
    mask: (values) => terminal.mask(values),

    log: (line) => void lines.push(inCommandWords(printable(line))),
    // Whoever uses this host gets the error itself.
    fail: () => Promise.resolve(),

    beginWrites(text) {
      receipts = JSON.parse(text) as Receipt[];
      return () => undefined;
    },
    setEnvironment: (name, value) => void variables.set(name, value),
    setOutput: () => undefined,
    addPath: (folder) => void folders.unshift(folder),

    variables,
    folders,
    lines,
    get receipts() {
      return receipts;
    },
  };
}
