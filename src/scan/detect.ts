// Everything that one file says about PATs, each place once.
import { assignmentsIn } from './assignments.js';
import { type Candidate, detectionOf } from './candidate.js';
import { type Context, contextOf } from './context.js';
import { expanderOf } from './expand.js';
import { CONFIDENCES, type Detection } from './finding.js';
import { type Handed, handedIn, mentionsIn } from './in-commands.js';
import { candidateIn } from './in-pairs.js';
import { literalsIn } from './literals.js';
import { wellKnown } from './names.js';
import { readPlain } from './readers/plain.js';
import { problemInXml, readXmlFile } from './readers/xml.js';
import { problemInYaml, readYaml } from './readers/yaml.js';
import type { Pair, Reading, Source } from './reading.js';
import { isProgram, useOfFile } from './uses.js';
import { valueIn, variablesIn } from './value.js';

export interface Detected {
  readonly detections: readonly Detection[];
  /** Why it was not read as what its name says. */
  readonly problem?: string;
}

/** Where prose shows how a PAT is used, nothing is used; but a PAT that is pasted there is one. */
const PROSE =
  /\.(?:md|mdx|markdown|adoc|asciidoc|rst|html?|ipynb|tex|org|svg|csv|tsv|lock|log|map)$|(?:^|\/)(?:(?!(?:requirements|constraints)[\w.-]*\.)[^/]*\.txt|CHANGELOG|package-lock\.json|npm-shrinkwrap\.json|packages\.lock\.json)$/i;
const YAML = /\.ya?ml$/i;
const XML = /\.(?:xml|config|(?:cs|vb|fs|db|sql|nuget|wix|vcx|es)?proj|props|targets|pubxml|nuspec)$/i;

const SETTINGS = /(?:^|\/)(?:nuget\.config|settings\.xml|pom\.xml)$/i;
/** Larger ones are lock files and data. */
const LARGEST_CHECKED = 32 * 1024;

export function detect(source: Source): Detected {
  if (PROSE.test(source.path))
    return {
      detections: inOrder(
        literalsIn(source.text, () => null),
        'other',
      ),
    };
  const reading = read(source);
  const { problem } = reading;
  return {
    detections: inOrder(
      candidatesIn(reading, source).map((candidate) => forFile(candidate, source.path)),
      reading.setting,
    ),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Why a file in which there is nothing to find could not be read as what its name says. */
export function problemIn(path: string, text: string): string | undefined {
  if (text.length > LARGEST_CHECKED) return undefined;
  if (YAML.test(path)) return problemInYaml(text);
  return SETTINGS.test(path) ? problemInXml(text) : undefined;
}

function forFile(candidate: Candidate, path: string): Candidate {
  const { use } = candidate;
  const byFile = useOfFile(path) ?? (isProgram(path) ? 'rest' : undefined);
  const isSame = byFile === 'gradle' && use === 'maven';
  return byFile !== undefined && (use === 'unknown' || isSame) ? { ...candidate, use: byFile } : candidate;
}

function read(source: Source): Reading {
  if (YAML.test(source.path)) return readYaml(source);
  return XML.test(source.path) ? readXmlFile(source) : readPlain(source);
}

function candidatesIn(reading: Reading, source: Source): Candidate[] {
  const expand = expanderOf([...reading.pairs, ...assignmentsIn(reading.text)]);
  const context = contextOf(reading, expand, source);
  const byCommands = withEncodings(reading.commands.flatMap((command) => handedIn(command, context)));
  const byVariables = reading.pairs.flatMap((pair) => handedByVariable(pair, context));
  const handed = [...byCommands, ...byVariables];
  const inPairs = reading.pairs.flatMap((pair) => {
    const user = handed.find(({ sources }) => sources.has(pair));
    const candidate = candidateIn(pair, user, context);
    return candidate === undefined ? [] : [{ ...candidate, pair }];
  });
  const isStored = ({ value, pair }: (typeof inPairs)[number]) =>
    value.kind === 'literal' || (value.kind === 'secret' && valueIn(pair.written).kind === 'secret');
  const stored = new Set(inPairs.filter(isStored).map(({ pair }) => pair));
  const inForms = byCommands
    .filter(({ isEncoding, sources }) => !isEncoding || ![...sources].some((source) => stored.has(source)))
    .map(({ candidate }) => candidate);
  const named = new Set(
    [
      ...handed.flatMap(({ names }) => names),
      ...inPairs.flatMap(({ variable, value }) => [variable, 'name' in value ? value.name : undefined]),
    ].map((name) => name?.toLowerCase()),
  );
  const mentions = reading.commands
    .flatMap((command) => mentionsIn(command, context))
    .filter(({ name, isStored }) => isStored || !named.has(name))
    // Of a variable that is read again and again, the first time says it all.
    .filter(
      (mention, index, all) =>
        mention.isStored || index === all.findIndex(({ name }) => name === mention.name),
    )
    .map(({ candidate }) => candidate);
  return withoutRepeats(
    inForms,
    inPairs,
    mentions,
    literalsIn(source.text, (offset) => context.blocks.organizationAt(offset)),
  );
}

/** What is encoded for another command is for what that command is for. */
function withEncodings(handed: readonly Handed[]): Handed[] {
  return handed.map((one) => {
    if (!one.isEncoding) return one;
    const { line } = one.candidate;
    const user = handed.find(
      ({ isEncoding, sources }) => !isEncoding && [...sources].some((pair) => pair.line === line),
    );
    if (user === undefined) return { ...one, isEncoding: false };
    const { use, organization } = user.candidate;
    return {
      ...one,
      candidate: { ...one.candidate, use, organization: organization ?? one.candidate.organization },
    };
  });
}

/** A variable that tools read hands over those that it is made of. */
function handedByVariable(pair: Pair, context: Context): Handed[] {
  const known = wellKnown(pair.name);
  const candidate =
    known === undefined || known.use === 'unknown' ? undefined : candidateIn(pair, undefined, context);
  if (candidate === undefined) return [];
  const names = variablesIn(pair.written).map((name) => name.toLowerCase());
  return [{ isEncoding: false, candidate, names, sources: context.variables.sourcesOf(names, pair.offset) }];
}

/** Each kind says more than those after it, and takes its lines. */
function withoutRepeats(...kinds: readonly (readonly Candidate[])[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const kind of kinds) {
    const taken = [...kept];
    for (const candidate of kind) {
      const isTaken = taken.some(
        ({ line, lastLine }) => candidate.line <= lastLine && line <= candidate.lastLine,
      );
      const isPart = kept.some(({ line, lastLine }) => line < candidate.line && candidate.line <= lastLine);
      if (!isTaken && !isPart && !kept.some((other) => isSame(other, candidate))) kept.push(candidate);
    }
  }
  return kept;
}

/** On one line, what differs is the use of it, or the organization. */
function isSame(one: Candidate, other: Candidate): boolean {
  const alike =
    one.use === other.use || other.use === 'unknown' || one.use === 'rest' || other.use === 'rest';
  return (
    one.line === other.line &&
    alike &&
    (one.organization === other.organization || other.organization === null)
  );
}

function inOrder(candidates: readonly Candidate[], setting: Reading['setting']): Detection[] {
  return candidates
    .map((candidate) => detectionOf(candidate, setting))
    .sort((a, b) => a.line - b.line || CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence));
}
