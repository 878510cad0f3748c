// A command as a host of the same run: its options are the inputs, and what it is to change stays in this process.
import type { Receipt } from '../effects.js';
import type { Environment, Host, IdentityName } from '../hosts/host.js';
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

/** Where something has taken the CI system's variables away, the job's identity may still be the one that it was. */
function identitiesOf({ identities }: Terminal, earlier: SignIn | undefined): Host['identities'] {
  const known = earlier?.inputs.identity as IdentityName | undefined;
  return known === undefined || identities.includes(known) ? identities : [...identities, known];
}

/** @param earlier How an earlier step has signed in; options count before it. */
export function commandHost(
  terminal: Terminal,
  options: Options,
  earlier?: SignIn,
  temp = terminal.temp,
): CommandHost {
  const environment: Environment = { ...terminal.environment, ...earlier?.variables };
  const input = (name: string) => options[name] ?? earlier?.inputs[name] ?? '';
  const variables = new Map<string, string>();
  const folders: string[] = [];
  const lines: string[] = [];
  let receipts: readonly Receipt[] = [];
  return {
    environment,
    temp,
    identities: identitiesOf(terminal, earlier),
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
