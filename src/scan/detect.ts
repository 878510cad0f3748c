// Everything that one file says about PATs, each place once.
import { assignmentsIn } from './assignments.js';
import { type Candidate, detectionOf } from './candidate.js';
import { contextOf } from './context.js';
import { expanderOf } from './expand.js';
import { CONFIDENCES, type Detection } from './finding.js';
import { handedIn, mentionsIn } from './in-commands.js';
import { candidateIn } from './in-pairs.js';
import { literalsIn } from './literals.js';
import { readPlain } from './readers/plain.js';
import { readXmlFile } from './readers/xml.js';
import { readYaml } from './readers/yaml.js';
import type { Reading, Source } from './reading.js';

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
    detections: inOrder(candidatesIn(reading, source), reading.setting),
    ...(problem === undefined ? {} : { problem }),
  };
}

function read(source: Source): Reading {
  if (YAML.test(source.path)) return readYaml(source);
  return XML.test(source.path) ? readXmlFile(source) : readPlain(source);
}

function candidatesIn(reading: Reading, source: Source): Candidate[] {
  const expand = expanderOf([...reading.pairs, ...assignmentsIn(reading.text)]);
  const context = contextOf(reading, expand, source);
  const handed = reading.commands.flatMap((command) => handedIn(command, context));
  const inForms = handed.map(({ candidate }) => candidate);
  const inPairs = reading.pairs.flatMap((pair) => {
    const user = handed.find(({ sources }) => sources.has(pair));
    const candidate = candidateIn(pair, user, context);
    return candidate === undefined ? [] : [candidate];
  });
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
  return withoutRepeats(inForms, inPairs, mentions, literalsIn(source.text, context.organizationAt));
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
      if (!isTaken && !kept.some((other) => isSame(other, candidate))) kept.push(candidate);
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
