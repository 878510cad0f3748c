// Everything in one file that may be a finding: what commands hand over, named values, mentions, literals.
import { assignmentsIn } from './assignments.js';
import type { Candidate } from './candidate.js';
import { type Context, contextOf } from './context.js';
import { expanderOf } from './expand.js';
import { type Handed, handedIn, type Mention, mentionsIn } from './in-commands.js';
import { candidateIn } from './in-pairs.js';
import { literalsIn } from './literals.js';
import { wellKnown } from './names.js';
import type { Pair, Reading, Source } from './reading.js';
import { valueIn, variablesIn } from './value.js';

interface InPair extends Candidate {
  readonly pair: Pair;
}

/** By kind; each kind says more than those after it. */
export function candidatesIn(reading: Reading, source: Source): readonly (readonly Candidate[])[] {
  const expand = expanderOf([...reading.pairs, ...assignmentsIn(reading.text)]);
  const context = contextOf(reading, expand, source);
  const byCommands = withEncodings(reading.commands.flatMap((command) => handedIn(command, context)));
  const handed = [...byCommands, ...reading.pairs.flatMap((pair) => handedByVariable(pair, context))];
  const inPairs = pairsThatHold(reading.pairs, handed, context);
  return [
    withoutKnownEncodings(byCommands, inPairs),
    inPairs,
    newMentions(reading, handed, inPairs, context),
    literalsIn(source.text, (offset) => context.blocks.organizationAt(offset)),
  ];
}

/** What is encoded for another command is for what that command is for. */
function withEncodings(handed: readonly Handed[]): Handed[] {
  const users = new Map<number, Handed>();
  for (const one of handed) {
    for (const { line } of one.isEncoding ? [] : one.sources) if (!users.has(line)) users.set(line, one);
  }
  return handed.map((one) => {
    const { candidate } = one;
    const user = one.isEncoding ? users.get(candidate.line)?.candidate : undefined;
    if (user === undefined) return { ...one, isEncoding: false };
    const organization = user.organization ?? candidate.organization;
    return { ...one, candidate: { ...candidate, use: user.use, organization } };
  });
}

/** A variable that tools read hands over those that it is made of. */
function handedByVariable(pair: Pair, context: Context): Handed[] {
  const known = wellKnown(pair.name);
  if (known === undefined || known.use === 'unknown') return [];
  const candidate = candidateIn(pair, undefined, context);
  if (candidate === undefined) return [];
  const names = variablesIn(pair.written).map((name) => name.toLowerCase());
  return [{ isEncoding: false, candidate, names, sources: context.variables.sourcesOf(names, pair.offset) }];
}

function pairsThatHold(pairs: readonly Pair[], handed: readonly Handed[], context: Context): InPair[] {
  const users = new Map<Pair, Handed>();
  for (const one of handed) {
    for (const source of one.sources) if (!users.has(source)) users.set(source, one);
  }
  return pairs.flatMap((pair) => {
    const candidate = candidateIn(pair, users.get(pair), context);
    return candidate === undefined ? [] : [{ ...candidate, pair }];
  });
}

/** Between a stored secret and the command that hands it over, its encoding is nothing of its own. */
function withoutKnownEncodings(handed: readonly Handed[], inPairs: readonly InPair[]): Candidate[] {
  const isStored = ({ value, pair }: InPair) =>
    value.kind === 'literal' || (value.kind === 'secret' && valueIn(pair.written).kind === 'secret');
  const stored = new Set(inPairs.filter(isStored).map(({ pair }) => pair));
  return handed
    .filter(({ isEncoding, sources }) => !isEncoding || ![...sources].some((source) => stored.has(source)))
    .map(({ candidate }) => candidate);
}

/** Of a variable that is read again and again, the first time says it all; what is handed over is found already. */
function newMentions(
  { commands }: Reading,
  handed: readonly Handed[],
  inPairs: readonly InPair[],
  context: Context,
): Candidate[] {
  const known = new Set(handed.flatMap(({ names }) => names));
  for (const { variable, value } of inPairs) {
    known.add((variable ?? '').toLowerCase());
    if ('name' in value) known.add(value.name.toLowerCase());
  }
  const isNew = ({ name, isStored }: Mention) => {
    const isFirst = isStored || !known.has(name);
    if (!isStored) known.add(name);
    return isFirst;
  };
  return commands
    .flatMap((command) => mentionsIn(command, context).filter(isNew))
    .map(({ candidate }) => candidate);
}
