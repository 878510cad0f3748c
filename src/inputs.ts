// One table of inputs: raw strings to checked values, every mistake reported in one go, before any network call.
import { type Organization, parseOrganization } from './azure-devops/organization.js';
import { type Tool, tools } from './consumers/register.js';
import { PatlessError } from './errors.js';
import { GUID } from './guid.js';
import type { Host, IdentityName } from './hosts/host.js';
import { identitySource } from './identity/register.js';
import type { InputName } from './input-names.js';
import type { Wanted } from './left-over.js';
import { nearest } from './nearest.js';
import { looksLikePat } from './pat.js';
import { printable } from './printable.js';

const PAT_GIVEN =
  'was given what looks like a personal access token. patless needs none: remove it here, and revoke it, since it may ' +
  'have been logged elsewhere';

/** What a parser throws: ends of sentences that begin with the input's name. */
class Mistake extends Error {
  readonly sentences: readonly string[];

  constructor(...sentences: string[]) {
    super(sentences.join('; '));
    this.sentences = sentences;
  }
}

interface Input<T> {
  readonly name: InputName;
  /** Stands in for an empty value. */
  readonly default: string;
  readonly parse: (text: string) => T;
}

export const inputTable = {
  clientId: input('client-id', '', optional(guid)),
  tenantId: input('tenant-id', '', optional(tenant)),
  organization: input('organization', '', optional(organization)),
  configure: input('configure', '', each(tool)),
  exportEnv: input('export-env', '', each(variableName)),
  verify: input('verify', 'true', boolean),
  expectedObjectId: input('expected-object-id', '', optional(guid)),
  identity: input('identity', 'auto', identity),
  tokenFile: input('token-file', '', optional(filePath)),
  managedIdentityClientId: input('managed-identity-client-id', '', optional(guid)),
  audience: input('audience', 'api://AzureADTokenExchange', audience),
  allowForkTrigger: input('allow-fork-trigger', 'false', boolean),
  timeoutSeconds: input('timeout-seconds', '180', wholeNumber(30, 600)),
  propagationWaitSeconds: input('propagation-wait-seconds', '0', wholeNumber(0, 300)),
};

export type Inputs = {
  readonly [K in keyof typeof inputTable]: ReturnType<(typeof inputTable)[K]['parse']>;
};

/** @throws PatlessError INPUT_INVALID that names every input in error and what to give instead. */
export function parseInputs(host: Host): Inputs {
  const mistakes: string[] = [];
  const inputs = Object.fromEntries(
    Object.entries(inputTable).map(([key, row]) => [key, read(row as Input<unknown>, host, mistakes)]),
  ) as Partial<Inputs>;
  const identity = identitiesOf(host).find((name) => name === inputs.identity);
  const needsClient = identitySource(identity ?? 'auto', host, inputs).kind === 'assertion';
  mistakes.push(
    ...(identity === undefined ? [unknownIdentity(host)] : []),
    ...host.mistakes(needsClient),
    ...(inputs.exportEnv ?? []).flatMap((variable) => host.mistakesIn(variable)),
    ...mixedUpIds(host),
    ...missingCompanions(host, needsClient, inputs.configure),
    ...unusedInputs(host, identity),
  );
  if (mistakes.length > 0) {
    throw new PatlessError('INPUT_INVALID', asOneMessage(mistakes), {
      hint: 'Correct the `with:` block of this step; nothing was contacted.',
    });
  }
  return inputs as Inputs;
}

/** What this run is to set, as far as the inputs can be read. */
export function wanted(host: Host): Wanted {
  const readable = <T>(row: Input<T[]>) =>
    host
      .input(row.name)
      .split(SEPARATOR)
      .flatMap((item) => read(row, { ...host, input: () => item }, []) ?? []);
  const configured = readable(inputTable.configure);
  return {
    exported: readable(inputTable.exportEnv).filter((name) => host.mistakesIn(name).length === 0),
    organization: configured.length > 0 ? read(inputTable.organization, host, []) : undefined,
    ofTools: configured.flatMap(({ variables }) => variables ?? []),
    files: configured.flatMap(({ files }) => files ?? []),
  };
}

function asOneMessage(mistakes: readonly string[]): string {
  if (mistakes.length === 1) return mistakes.join();
  return [`${mistakes.length} mistakes in the inputs:`, ...mistakes].join('\n- ');
}

function read<T>(row: Input<T>, host: Host, mistakes: string[]): T | undefined {
  try {
    const text = host.input(row.name).trim();
    if (text.split(/[^A-Za-z0-9]+/).some(looksLikePat)) throw new Mistake(PAT_GIVEN);
    return row.parse(text || row.default);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    mistakes.push(...error.sentences.map((sentence) => `\`${row.name}\` ${sentence}.`));
    return undefined;
  }
}

function identitiesOf({ identities }: Host): readonly ('auto' | IdentityName)[] {
  return ['auto', ...identities];
}

function unknownIdentity(host: Host): string {
  return `\`identity\` must be one of ${identitiesOf(host).join(', ')}, not ${quoted(host.input('identity'))}.`;
}

/** Both are GUIDs, and one is easily pasted for the other. */
function mixedUpIds(host: Host): string[] {
  const [client, tenant] = ['client-id', 'tenant-id'].map((name) => host.input(name).trim().toLowerCase());
  if (client === '' || client !== tenant) return [];
  return ['`client-id` and `tenant-id` are the same ID: one of them was pasted for the other.'];
}

/** Inputs that need another one beside them. */
function missingCompanions(host: Host, needsClient: boolean, configure?: readonly Tool[]): string[] {
  const given = (name: string) => host.input(name).trim() !== '';
  if (given('organization')) return [];
  return [
    ...(given('tenant-id') || !needsClient
      ? []
      : ['`tenant-id` is required when `organization` is not given.']),
    ...((configure?.some(({ needsOrganization = true }) => needsOrganization) ?? true)
      ? ['`organization` is required with `configure`: whose token should the tools get?']
      : []),
  ];
}

/** Whoever gives them expects something of them. */
function unusedInputs(host: Host, identity: 'auto' | IdentityName | undefined): string[] {
  const given = (name: string) => host.input(name).trim() !== '';
  return [
    ...(given('token-file') && identity !== 'token-file' && identity !== undefined
      ? ['`token-file` is used with `identity: token-file` only: leave it out, or set `identity`.']
      : []),
    ...(given('managed-identity-client-id') && identity !== 'managed-identity' && identity !== undefined
      ? [
          '`managed-identity-client-id` is used with `identity: managed-identity` only: leave it out, or set `identity`.',
        ]
      : []),
    ...(given('client-id') && identity === 'azure-cli'
      ? [
          '`client-id` is not used with `identity: azure-cli`, whose sign-in has decided who it is: leave it out.',
        ]
      : []),
  ];
}

function input<T>(name: InputName, defaultText: string, parse: (text: string) => T): Input<T> {
  return { name, default: defaultText, parse };
}

function optional<T>(parse: (text: string) => T): (text: string) => T | undefined {
  return (text) => (text === '' ? undefined : parse(text));
}

/** Only the beginning of a value is echoed: a secret pasted by mistake is not repeated whole. */
function quoted(text: string, most = 20): string {
  const clean = printable(text);
  return `"${clean.length > most ? `${clean.slice(0, most)}…` : clean}"`;
}

function guid(text: string): string {
  if (!GUID.test(text)) throw new Mistake(`must be a GUID (36 characters with hyphens), not ${quoted(text)}`);
  return text.toLowerCase();
}

const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

function tenant(text: string): string {
  if (GUID.test(text) || DOMAIN.test(text)) return text.toLowerCase();
  throw new Mistake(
    `must be the directory (tenant) ID, a GUID, or a verified domain of the tenant, not ${quoted(text)}`,
  );
}

function organization(text: string): Organization {
  const parsed = parseOrganization(text);
  if (parsed !== undefined) return parsed;
  throw new Mistake(
    `must be a name, https://dev.azure.com/NAME or https://NAME.visualstudio.com (without a project), not ${quoted(text, 60)}`,
  );
}

const SEPARATOR = /[\n,]/;

/** Items separated by commas or new lines, each once; all mistakes in one go. */
function each<T>(parse: (item: string) => T): (text: string) => T[] {
  return (text) => {
    const sentences: string[] = [];
    const values = text.split(SEPARATOR).flatMap((item) => {
      try {
        return item.trim() === '' ? [] : [parse(item.trim())];
      } catch (error) {
        if (!(error instanceof Mistake)) throw error;
        sentences.push(...error.sentences);
        return [];
      }
    });
    if (sentences.length > 0) throw new Mistake(...sentences);
    return [...new Set(values)];
  };
}

function tool(name: string): Tool {
  const typed = name.toLowerCase();
  const namesOf = (candidate: Tool) => [candidate.name, ...(candidate.aliases ?? [])];
  const known = tools.find((candidate) => namesOf(candidate).includes(typed));
  if (known !== undefined) return known;
  const near = nearest(typed, tools.flatMap(namesOf));
  const suggestion = near === undefined ? '' : `did you mean ${near}? `;
  throw new Mistake(
    `knows no tool ${quoted(name)}; ${suggestion}known: ${tools.map((candidate) => candidate.name).join(', ')}`,
  );
}

/** Variables that steer the runner, the shell or a program's start; compared in upper case, for Windows. */
const REFUSED_VARIABLES = [
  /^(?:GITHUB|RUNNER|ACTIONS|INPUT|STATE|PATLESS)_/,
  /^(?:PATH|PATHEXT|HOME|USERPROFILE|SHELL|COMSPEC|IFS|ENV|TMP|TEMP|TMPDIR|CI|PROMPT_COMMAND|BASH_.*)$/,
  /^(?:SHELLOPTS|BASHOPTS|PS[0-9]|EDITOR|VISUAL|PAGER|MAKEFLAGS|.*_OPTS|__.*)$/,
  /^(?:LD|DYLD|SSH|SSL|DOTNET)_/,
  /^GIT_(?!TOKEN$|PAT$)/,
  /^NODE_(?!AUTH_TOKEN$)/,
  /^NPM_CONFIG_/,
  /^(?:PYTHON|PERL5|RUBYOPT|RUBYLIB|_?JAVA_|JDK_)/,
  /_PROXY$/,
];

function variableName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new Mistake(`takes names of environment variables (letters, digits, _), not ${quoted(name)}`);
  }
  if (REFUSED_VARIABLES.some((pattern) => pattern.test(name.toUpperCase()))) {
    throw new Mistake(
      `may not set ${quoted(name)}: it steers the runner, the shell or a tool; choose another name`,
    );
  }
  return name;
}

/** YAML 1.2 core schema, as in @actions/core. */
function boolean(text: string): boolean {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  throw new Mistake(`must be true or false, not ${quoted(text)}`);
}

/** Which ones there are depends on the host. */
function identity(text: string): 'auto' | IdentityName {
  return text as 'auto' | IdentityName;
}

function filePath(text: string): string {
  // The token itself is not echoed.
  if (/^eyJ/.test(text)) throw new Mistake('takes the path of a file, not the ID token itself');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds.
  if (/[\u0000-\u001f]/.test(text)) throw new Mistake('must be the path of one file');
  return text;
}

function audience(text: string): string {
  if (!/^[\x21-\x7e]{1,300}$/.test(text))
    throw new Mistake(`must be a URI without spaces, not ${quoted(text)}`);
  return text;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new Mistake(`must be a whole number from ${least} to ${most}, not ${quoted(text)}`);
    }
    return value;
  };
}
