// What stands in a credential's place: a literal, a stored secret, a variable, or nothing that is stored.
import { isForeign, saysPat, saysShortLived, sureByName } from './names.js';

export type Value =
  /** Empty, or a word that stands for a value. */
  | { readonly kind: 'nothing' }
  /** The job's own token, another step's output, a token that was just fetched. */
  | { readonly kind: 'short-lived' }
  /** `lastFour` is there for what has the shape of a PAT. */
  | { readonly kind: 'literal'; readonly lastFour: string | undefined }
  /** What a command or a call returns. */
  | { readonly kind: 'computed' }
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string };

/** What a variable holds at the place in question. */
export type Lookup = (name: string) => Value | undefined;

const NOTHING: Value = { kind: 'nothing' };
const SHORT_LIVED: Value = { kind: 'short-lived' };

/** A value, in a run of text: expressions of both hosts and of shells are kept whole. Bounded, and no part can match in two ways. */
const EXPRESSION =
  '\\$\\{\\{[^{}]{1,300}\\}\\}|\\$\\{[^{}\\s]{1,120}\\}|\\$\\((?:[^()]|\\([^()]{0,100}\\)){1,300}\\)|\\{[\\w.:$ ]{1,100}\\}|\\$(?![({])';
export const VALUE = `(?:${EXPRESSION}|[^\\s"'\`$|<>;,)&\\\\{}]){1,400}`;
/** User and password of a URL. */
export const USERINFO = `(?:${EXPRESSION}|[^\\s/@'"<>\${}]){1,400}`;

const SECRET = /\bsecrets\s?(?:\.\s?([\w-]{1,100})|\[\s?['"]?([\w.-]{1,100}))/i;
const FETCHED =
  /System\.?AccessToken|SYSTEM_ACCESSTOKEN|PATLESS_TOKEN_|get-access-token|Get-AzAccessToken|\bpatless token\b|github\.token|AzureCliCredential|DefaultAzureCredential|ManagedIdentityCredential|WorkloadIdentityCredential|AcquireToken|\bget_?token\(/i;
const OUTPUT =
  /\b(?:steps|needs|dependencies)\.[\w-]{1,100}\.outputs(?:\.([\w-]{1,100})|\[\s?'([\w.-]{1,100}))?/;
const MACRO = /\$\(([A-Za-z_][\w.-]{0,100})\)/;
/** Variables of the agent, which hold no secret, and programs whose output stands in a value. */
const NO_SECRET =
  /^(?:(?:Build|System|Agent|Pipeline|Release|Environment|Resources|Rev|Strategy)\..*|pwd|whoami|hostname|date)$/i;
const OF_THE_HOST = /^(?:steps|needs|dependencies|github|secrets|runner|job|matrix|strategy)(?:\.|$)/;
const VARIABLES =
  /\$\{\{\s?(?:parameters|inputs|env|vars|variables|matrix)\s?(?:\.|\[\s?')([\w-]{1,100})|\$\[\s?variables(?:\.|\[\s?')([\w-]{1,100})|\$\{?(?:env:|env\.|var\.|script:|global:)?([A-Za-z_][\w-]{0,100})|%([A-Za-z_]\w{0,100})%|\b(?:env|ENV)\.([A-Za-z_]\w{0,100})|(?:environ(?:\.get)?|ENV)[[(]\s?["'](\w{1,100})|(?:[gG]et|[lL]ookup)_?[eE]nv\w{0,20}\(\s?@?["'](\w{1,100})|\b(?:var|local)\.([\w-]{1,100})|(?:findProperty|[pP]roperty|credentials|required|project)\(\s?["']([\w.-]{1,100})|\benv[[(]\s?["'](\w{1,100})|\{\{?\s?([A-Za-z_][\w.]{0,100})\s?\}|#\{?([A-Za-z]\w{0,100})\}?#|\$\(\$(?:env:)?(\w{1,100})|[:"'`]\s?(?:\+|\.\.|&)\s?(?:str\()?([A-Za-z_][\w.]{0,100})/g;
const PLACEHOLDER =
  /^(?:<[^>]*>?|\[[^\]]*\]|[x*.0…-]+|my(?:token|pat|password|secret|access\w*)|(?:your|my|the|insert|replace|enter|some|paste|fake|dummy|example|sample|test)[-_ ].*|.*[-_](?:here|goes|placeholder)|your\w*|change-?me|to-?do|none|null|nil|undefined|any|anything|unused|dummy|example|fake|az|azdo|azuredevops|azure-?devops|azure-?artifacts|vsts|key|api-?key|placeholder|password|passwd|pat|token|secret|redacted|string|true|false|yes|no|required|x-oauth-basic|\d{1,4})$/i;

/** An attribute of a data source, a module or a resource: `data.azurerm_key_vault_secret.pat.value`. */
const TERRAFORM_REFERENCE =
  /^(?:data\.|module\.|(?=[a-z]+_))[a-z][\w-]{0,100}\.[\w-]{1,100}(?:\.[\w-]{1,100}){1,4}$/;

/** @param text As written, with or without quotes. */
export function valueIn(text: string, lookup: Lookup = () => undefined): Value {
  const bare = text.trim().replace(/^\\?["'`]|\\?["'`,;]+$/g, '');
  const literal = patIn(bare);
  if (literal !== undefined) return { kind: 'literal', lastFour: literal };
  const secret = SECRET.exec(bare);
  const name = secret?.[1] ?? secret?.[2];
  if (name !== undefined && name.toUpperCase() !== 'GITHUB_TOKEN') return stored(name);
  if (secret !== null) return SHORT_LIVED;
  return valueWithoutSecret(bare, variablesIn(text), lookup);
}

function stored(name: string): Value {
  return saysShortLived(name) ? SHORT_LIVED : { kind: 'secret', name };
}

function valueWithoutSecret(bare: string, names: readonly string[], lookup: Lookup): Value {
  const output = OUTPUT.exec(bare);
  const outputName = output?.[1] ?? output?.[2];
  // A step that reads a vault has outputs that are PATs; one that signs in has tokens.
  if (outputName !== undefined && saysPat(outputName)) return { kind: 'variable', name: outputName };
  if (output !== null) return SHORT_LIVED;
  const held = names.map((name) => lookup(name) ?? { kind: 'variable' as const, name });
  const fromStore = held.find(
    (value) => value.kind === 'secret' || (value.kind === 'literal' && value.lastFour !== undefined),
  );
  if (fromStore !== undefined) return fromStore;
  if (FETCHED.test(bare) || held.some(({ kind }) => kind === 'short-lived')) return SHORT_LIVED;
  const macro = MACRO.exec(bare)?.[1];
  if (macro !== undefined) return NO_SECRET.test(macro) ? NOTHING : stored(macro);
  const variables = held.filter(({ kind }) => kind !== 'nothing');
  if (variables.length > 0) return mostLikely(variables);
  if (held.length > 0 || bare === '' || PLACEHOLDER.test(bare)) return NOTHING;
  return /[(`[]|\s/.test(bare) || TERRAFORM_REFERENCE.test(bare)
    ? { kind: 'computed' }
    : { kind: 'literal', lastFour: undefined };
}

/** Names of the variables that an expression reads, in any language; `$(X)` of Azure Pipelines among them. */
export function variablesIn(text: string): string[] {
  if (!/[$%{#'"`[(]|env|var|local/i.test(text)) return [];
  const read = text.slice(0, 2000);
  const macros = [...read.matchAll(new RegExp(MACRO, 'g'))].map((match) => match[1] ?? '');
  const named = [...read.matchAll(VARIABLES)].flatMap((match) =>
    match.slice(1).filter((name) => name !== undefined),
  );
  const isVariable = (name: string) => !NO_SECRET.test(name) && !OF_THE_HOST.test(name);
  return [...new Set([...named, ...macros])].filter(isVariable);
}

function mostLikely(values: readonly Value[]): Value {
  const rank = (value: Value) => {
    if (value.kind !== 'variable') return 2;
    if (isForeign(value.name)) return 4;
    return saysPat(value.name) || sureByName(value.name) !== undefined ? 1 : 3;
  };
  return values.reduce((best, next) => (rank(next) < rank(best) ? next : best), values[0] ?? NOTHING);
}

const CLASSIC = /(?<![A-Za-z0-9+/_-])[a-z0-9]{52}(?![A-Za-z0-9+/=_-])/g;
/** "New format for PATs": the signature before the last four characters, which are a checksum. */
const SIGNED = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9+/=_-])/g;
const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{68,400}={0,2}(?![A-Za-z0-9+/=_-])/g;
const ENCODED = /^(?:[^:]{0,100}:)?([a-z0-9]{52}|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})$/;

export interface Shaped {
  readonly index: number;
  readonly length: number;
  readonly lastFour: string;
  /** It has the signature that nothing but a PAT has. */
  readonly isSigned: boolean;
}

/** Everything with the shape of a PAT, also in Base64 after a user's name. */
export function shapedIn(text: string): Shaped[] {
  const plain = [SIGNED, CLASSIC].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
      index,
      found,
      pat: found,
      isSigned: pattern === SIGNED,
    })),
  );
  const encoded = [...text.matchAll(BASE64)].flatMap(({ 0: found, index }) => {
    const pat = ENCODED.exec(Buffer.from(found, 'base64').toString('latin1').trim())?.[1];
    return pat === undefined ? [] : [{ index, found, pat, isSigned: pat.length > 52 }];
  });
  return [...plain, ...encoded].flatMap(({ index, found, pat, isSigned }) =>
    // Digits alone, letters a to f and digits, or one letter over and over, are something else.
    /^(?:[0-9a-f]+|(.)\1+)$/.test(pat)
      ? []
      : [{ index, length: found.length, lastFour: pat.slice(-4), isSigned }],
  );
}

/** The same text, with nothing of them but their last four characters. */
export function withoutPats(text: string): string {
  return shapedIn(text)
    .toSorted((a, b) => b.index - a.index)
    .reduce(
      (rest, { index, length, lastFour }) =>
        `${rest.slice(0, index)}…${lastFour}${rest.slice(index + length)}`,
      text,
    );
}

/** The last four characters of the first of them. */
export function patIn(text: string): string | undefined {
  return shapedIn(text)[0]?.lastFour;
}
