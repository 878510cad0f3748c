// Commands, in whatever file they stand: credentials that they hand over, and secrets that they name.
import { namesHost, organizationsIn } from './addresses.js';
import type { Candidate } from './candidate.js';
import type { Context } from './context.js';
import type { Confidence } from './finding.js';
import { type Slot, slotsIn } from './forms/slots.js';
import { isForeign, saysPat, sureByName, wellKnown } from './names.js';
import type { Pair } from './reading.js';
import type { Command } from './text.js';
import { useOf } from './uses.js';
import { type Value, valueIn, variablesIn } from './value.js';

/** A credential that a command hands to Azure DevOps, and the variables that it comes from. */
export interface Handed {
  /** Its result is what is handed over, by another command. */
  readonly isEncoding: boolean;
  readonly candidate: Candidate;
  /** In lower case, as the command names them. */
  readonly names: readonly string[];
  /** What they were set by, back to the first. */
  readonly sources: ReadonlySet<Pair>;
}

export function handedIn(command: Command, context: Context): Handed[] {
  const speaks = () => context.blocks.speaksAt(command.offset);
  return slotsIn(command.text, speaks).flatMap((slot) => {
    const candidate = candidateOf(slot, command, context);
    if (candidate === undefined) return [];
    const names = variablesIn(slot.written).map((name) => name.toLowerCase());
    const isEncoding = slot.isEncoding === true;
    const sources = context.variables.sourcesOf(names, command.offset);
    const reads = [...names, ...[...sources].map((source) => source.name.toLowerCase())];
    return [{ isEncoding, candidate: { ...candidate, reads }, names, sources }];
  });
}

function candidateOf(slot: Slot, command: Command, context: Context): Candidate | undefined {
  const own = valueIn(slot.written);
  const name = 'name' in own ? own.name : '';
  const { line, offset } = command.at(slot.index + Math.max(0, slot.written.indexOf(name)));
  const value = valueIn(slot.written, context.variables.lookupAt(offset));
  const organization = organizationOf(command, context);
  const asUser = slot.isUser === true ? userIn(slot, value, organization, command, context) : undefined;
  if (!isCredential(slot, value, namesHost(command.text)) && asUser === undefined) return undefined;
  const useOfSlot = slot.use === 'around' ? useAround(command, context) : slot.use;
  return {
    line,
    lastLine: line,
    value,
    use: isSettingOfGit(command, context) ? 'git' : useOfSlot,
    organization,
    confidence: confidenceOf(value),
    does: slot.does,
    ...(slot.configure === undefined ? {} : { configure: slot.configure }),
    ...asUser,
  };
}

/** The value of a variable that git reads as one of its settings. */
function isSettingOfGit({ offset }: Command, { text }: Context): boolean {
  return /\bGIT_CONFIG_VALUE_\d+["']?\s?[:=]\s*$/.test(text.slice(Math.max(0, offset - 60), offset));
}

function isCredential(slot: Slot, value: Value, hasHost: boolean): boolean {
  if (value.kind === 'nothing' || value.kind === 'short-lived') return false;
  const named = 'name' in value ? value.name : undefined;
  if (named !== undefined && isForeign(named) && !hasHost) return false;
  // Of what else is encoded, a script has plenty.
  if (slot.isEncoding === true && !slot.written.includes(':') && (named === undefined || !saysPat(named)))
    return false;
  if (slot.isUser !== true && slot.isLoose !== true) return true;
  if (named !== undefined)
    return saysPat(named) || !/user|login|org|name|account|project|uri|url/i.test(named);
  return value.kind === 'literal' && value.lastFour !== undefined;
}

/**
 * Git asks for the password of a user that a remote names. The address that Azure DevOps shows names the organization;
 * in a clone that says nothing, but a submodule is fetched with it wherever the project is built.
 */
function userIn(slot: Slot, value: Value, organization: string | null, { text }: Command, { path }: Context) {
  const isRemote = /(?:^|\/)\.git(?:modules|config|\/config)$/.test(path) || /\bgit\s/.test(text);
  const isName = value.kind === 'literal' && value.lastFour === undefined && isRemote;
  const isUsual = slot.written.toLowerCase() === organization && !path.endsWith('.gitmodules');
  if (!isName || organization === null || isUsual) return undefined;
  return { confidence: 'possible' as const, does: 'may be stored for the user that this URL names' };
}

function confidenceOf(value: Value): Confidence {
  if (value.kind === 'secret' || value.kind === 'literal') return 'certain';
  return value.kind === 'variable' && sureByName(value.name) === 'certain' ? 'certain' : 'likely';
}

function organizationOf(command: Command, context: Context): string | null {
  const named = [...organizationsIn(command.text)];
  return (named.length === 1 ? named[0] : undefined) ?? context.blocks.organizationAt(command.offset);
}

/** A name in a command that says what it holds. */
export interface Mention {
  readonly candidate: Candidate;
  /** In lower case. */
  readonly name: string;
  readonly isStored: boolean;
}

const STORED = /\bsecrets\s?(?:\.\s?|\[\s?['"])([\w-]{1,100})/g;
const MACRO = /\$\(([A-Za-z_][\w.-]{0,100})\)/g;

export function mentionsIn(command: Command, context: Context): Mention[] {
  if (!/[$%{]|env|secrets|variable/i.test(command.text)) return [];
  const patterns = context.setting === 'pipelines' ? [STORED, MACRO] : [STORED];
  const stored = patterns.flatMap((pattern) =>
    [...command.text.matchAll(pattern)].map((match) => match[1] ?? ''),
  );
  const names = new Set([...stored, ...variablesIn(command.text)]);
  return [...names].flatMap((name) => {
    const index = command.text.indexOf(name);
    const { line, offset } = command.at(index);
    const confidence = confidenceOfMention(name, stored.includes(name));
    const held = context.variables.lookupAt(offset)(name);
    if (confidence === undefined || held?.kind === 'short-lived') return [];
    const known = wellKnown(name);
    const isStored = stored.includes(name);
    const candidate: Candidate = {
      line,
      lastLine: line,
      value: { kind: isStored ? 'secret' : 'variable', name },
      use: known !== undefined && known.use !== 'unknown' ? known.use : useAround(command, context),
      organization: organizationOf(command, context),
      confidence,
      does: isStored ? 'is handed to a command' : 'is read here',
      ...(known?.configure === undefined ? {} : { configure: known.configure }),
      ...(isStored ? {} : { variable: name }),
    };
    return [{ candidate, name: name.toLowerCase(), isStored }];
  });
}

function confidenceOfMention(name: string, isStored: boolean): Confidence | undefined {
  const known = wellKnown(name);
  // The pipeline's own token goes by that name, too.
  const isKnown = known !== undefined && known.shared !== true && !/^SYSTEM_ACCESSTOKEN$/i.test(name);
  const sure = isKnown ? 'certain' : sureByName(name);
  if (isStored) return sure;
  return sure === 'certain' ? 'likely' : undefined;
}

function useAround(command: Command, context: Context) {
  const own = useOf(command.text);
  return own === 'unknown' ? (context.blocks.around(command.offset)[0]?.uses()[0] ?? own) : own;
}
