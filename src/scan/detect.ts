// Everything that one file says about PATs, each place once.
import type { Candidate } from './candidate.js';
import { CONFIDENCES } from './finding.js';
import { candidatesIn } from './gather.js';
import { literalsIn } from './literals.js';
import { readPlain } from './readers/plain.js';
import { problemInXml, readXmlFile } from './readers/xml.js';
import { problemInYaml, readYaml } from './readers/yaml.js';
import type { Reading, Setting, Source } from './reading.js';
import { withoutRepeats } from './repeats.js';
import { isProgram, useOfFile } from './uses.js';

export interface Detected {
  /** In the order of the lines. */
  readonly candidates: readonly Candidate[];
  readonly setting: Setting;
  /** Why it was not read as what its name says. */
  readonly problem?: string | undefined;
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
  if (PROSE.test(source.path)) {
    return { candidates: inOrder(literalsIn(source.text, () => null)), setting: 'other' };
  }
  const reading = read(source);
  const kinds = candidatesIn(reading, source).map((kind) => kind.map(withoutGuess));
  const candidates = withoutRepeats(kinds).map((candidate) => forFile(candidate, source.path));
  return { candidates: inOrder(candidates), setting: reading.setting, problem: reading.problem };
}

/** Why a file in which there is nothing to find could not be read as what its name says. */
export function problemIn(path: string, text: string): string | undefined {
  if (text.length > LARGEST_CHECKED) return undefined;
  if (YAML.test(path)) return problemInYaml(text);
  return SETTINGS.test(path) ? problemInXml(text) : undefined;
}

function read(source: Source): Reading {
  if (YAML.test(source.path)) return readYaml(source);
  return XML.test(source.path) ? readXmlFile(source) : readPlain(source);
}

/** The Marketplace belongs to no organization, whichever is named beside it. */
function withoutGuess(candidate: Candidate): Candidate {
  return candidate.use === 'marketplace' ? { ...candidate, organization: null } : candidate;
}

function forFile(candidate: Candidate, path: string): Candidate {
  const { use } = candidate;
  const byFile = useOfFile(path) ?? (isProgram(path) ? 'rest' : undefined);
  const isSame = byFile === 'gradle' && use === 'maven';
  return byFile !== undefined && (use === 'unknown' || isSame) ? { ...candidate, use: byFile } : candidate;
}

function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const rank = ({ confidence }: Candidate) => CONFIDENCES.indexOf(confidence);
  return candidates.toSorted((a, b) => a.line - b.line || rank(a) - rank(b));
}
