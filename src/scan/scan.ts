// The story of a scan: every file once, what it says, what could not be read. It holds one file at a time.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Candidate, detectionOf } from './candidate.js';
import { decode } from './decode.js';
import { detect, problemIn } from './detect.js';
import type { Finding, Skipped } from './finding.js';
import { LONGEST as LONGEST_LINE } from './literals.js';
import type { Setting } from './reading.js';
import { type Walked, walk } from './walk.js';

export type Scanned =
  /** The next file is looked at. */
  | { readonly kind: 'file'; readonly file: string }
  | ({ readonly kind: 'judged' } & Judged)
  | { readonly kind: 'skipped'; readonly skipped: Skipped };

/** A file in which something was found. */
export interface Judged {
  /** As the report names it. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly setting: Setting;
  readonly candidates: readonly Candidate[];
}

export function findingsIn({ file, setting, candidates }: Judged): Finding[] {
  return candidates.map((candidate) => ({ file, ...detectionOf(candidate, setting) }));
}

/** Larger files are no configuration, and no script that a person wrote. */
const LARGEST = 5 * 1024 * 1024;
const LARGEST_NEARBY = 256 * 1024;
/** Every form of a PAT's use has one of these words in it; other files are done with. */
const WORTH_JUDGING =
  /azure\.com|visualstudio\.|azure[-_. ]?(?:devops|artifacts|pipelines|repos)|azdo|vsts|\bvso|(?<![a-z])(?:vsce|tfx)(?![a-z])|VsixPublisher|devops|teamfoundation|(?<![a-z])ado(?![a-oq-su-z])|azp_|(?<!com)pats?(?![a-z])|personal.?access|(?:system|feed)_?accesstoken/i;

/** Variables of tools, whose registry a file beside this one may name. */
const OF_A_TOOL =
  /\b(?:NODE_AUTH_TOKEN|NPM_(?:AUTH_?)?TOKEN|YARN_NPM_AUTH|NuGetPackageSourceCredentials_|NUGET_\w{0,20}(?:TOKEN|PASSWORD)|TWINE_PASSWORD|UV_\w{1,60}_PASSWORD|POETRY_HTTP_BASIC_|CARGO_REGISTR\w{1,60}_TOKEN|ORG_GRADLE_PROJECT_|(?:MAVEN|MVN)_\w{0,30}(?:PASSWORD|TOKEN))/i;
/** Files that name servers and registries by names of their own; the addresses are elsewhere. */
const KEEPS_CREDENTIALS =
  /(?:^|\/)(?:settings\.xml|\.cargo\/credentials(?:\.toml)?|gradle\.properties|auth\.toml)$/i;

/** @param prefix What stands before each file in the report, with a slash at the end; nothing for a single path. */
export function* scan(root: string, prefix: string): Generator<Scanned> {
  for (const walked of walk(root)) {
    const file = `${prefix}${walked.file}`;
    if (walked.kind === 'file') yield { kind: 'file', file };
    const { judged, reason } =
      walked.kind === 'file' ? judge(walked, root) : { judged: undefined, ...walked };
    if (judged !== undefined) yield { kind: 'judged', ...judged, file, path: walked.path };
    if (reason !== undefined) yield { kind: 'skipped', skipped: { file, reason } };
  }
}

interface Judgement {
  readonly judged?: Pick<Judged, 'text' | 'setting' | 'candidates'>;
  readonly reason?: string | undefined;
}

function judge({ path, file, size }: Walked & { kind: 'file' }, root: string): Judgement {
  if (size > LARGEST) return { reason: `larger than ${LARGEST / 1024 / 1024} MB` };
  try {
    const decoded = decode(readFileSync(path));
    if ('reason' in decoded) return decoded;
    const { text } = decoded;
    const note = decoded.note ?? longLineIn(text);
    if (!isWorthJudging(text, file)) return { reason: problemIn(file, text) ?? note };
    const nearby = (names: readonly string[]) => textsNearby(path, root, names);
    const { candidates, setting, problem } = detect({ path: file, text, nearby });
    const reason = problem ?? note;
    return candidates.length === 0 ? { reason } : { judged: { text, setting, candidates }, reason };
  } catch (error) {
    // One file must not end a scan of thousands, whatever is wrong with it.
    const isUnreadable = (error as { syscall?: unknown } | undefined)?.syscall !== undefined;
    return { reason: isUnreadable ? 'cannot be read' : 'cannot be judged' };
  }
}

/** Data, or generated: nobody reads it, and a pattern over it takes too long. */
function longLineIn(text: string): string | undefined {
  let start = 0;
  while (text.length - start > LONGEST_LINE) {
    const end = text.indexOf('\n', start);
    if (end < 0 || end - start > LONGEST_LINE)
      return `a line of over ${LONGEST_LINE} characters was not searched`;
    start = end + 1;
  }
  return undefined;
}

function isWorthJudging(text: string, file: string): boolean {
  return WORTH_JUDGING.test(text) || KEEPS_CREDENTIALS.test(file) || OF_A_TOOL.test(text);
}

/** Of the files of these names in its folder and those above it, up to where the scan began. */
function textsNearby(path: string, root: string, names: readonly string[]): string[] {
  const texts: string[] = [];
  for (let folder = dirname(path); folder.startsWith(root) && texts.length < 8; folder = dirname(folder)) {
    for (const name of names) {
      const beside = join(folder, name);
      const stats = statSync(beside, { throwIfNoEntry: false });
      if (beside !== path && stats?.isFile() && stats.size <= LARGEST_NEARBY) {
        texts.push(readFileSync(beside, 'utf8').replaceAll('\r\n', '\n'));
      }
    }
    if (folder === dirname(folder)) break;
  }
  return texts;
}
