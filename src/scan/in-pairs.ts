// Named values: whether the name, the value, the neighbours or a later use say Azure DevOps PAT.
import { feedKindOf, namesHost, organizationsIn } from './addresses.js';
import type { Candidate } from './candidate.js';
import type { Context } from './context.js';
import { leadsToFeed } from './feeds.js';
import type { Confidence, Use } from './finding.js';
import type { Handed } from './in-commands.js';
import { isForeign, isPassword, saysPat, sureByName, wellKnown } from './names.js';
import type { Pair } from './reading.js';
import { useOf } from './uses.js';
import { type Value, valueIn, variablesIn } from './value.js';

interface Judgement {
  readonly confidence: Confidence;
  readonly use: Use;
  readonly configure?: string | undefined;
}

/** A pair with what it takes to judge it. */
interface Case {
  readonly pair: Pair;
  readonly value: Value;
  /** What stands there itself, not what a variable there was set to. */
  readonly isStored: boolean;
  readonly handed: Handed | undefined;
  readonly context: Context;
}

export function candidateIn(pair: Pair, handed: Handed | undefined, context: Context): Candidate | undefined {
  if (!isValue(pair)) return undefined;
  const value = valueIn(pair.written, context.variables.lookupAt(pair.offset));
  if (value.kind === 'nothing' || value.kind === 'short-lived') return undefined;
  const own = valueIn(pair.written);
  const isMacro =
    own.kind === 'secret' && /^\$\(/.test(pair.written.trim()) && context.setting !== 'pipelines';
  const isStored = (own.kind === 'secret' && !isMacro) || own.kind === 'literal';
  const found = { pair, value, isStored, handed, context };
  const judged = judge(found);
  if (judged === undefined) return undefined;
  return {
    line: pair.line,
    lastLine: pair.lastLine,
    value,
    use: judged.use === 'unknown' ? useAround(found) : judged.use,
    organization: organizationOf(found),
    confidence: judged.confidence,
    does: `is the value of ${pair.name}`,
    variable: pair.name,
    reads: variablesIn(pair.written).map((name) => name.toLowerCase()),
    ...(judged.configure === undefined ? {} : { configure: judged.configure }),
  };
}

/** Steps of every host; of one word, or several. */
const SCRIPT = /^(?:run|script|bash|pwsh|powershell|inline|inlineScript|command)$/i;

/** Not a script, or a line of options, in which a credential stands; those are commands. */
function isValue({ name, written, isData }: Pair): boolean {
  if (SCRIPT.test(name) && isData) return false;
  if (wellKnown(name) !== undefined) return true;
  if (written.length > 1000 || written.trim().includes('\n')) return false;
  const rest = written.replace(/\$\{\{[^{}]*\}\}|\$\([^()]*\)/g, 'x').replace(/^(?:Basic|Bearer)\s/i, '');
  return !isData || !/\s|^[\w-]+=[^=]/.test(rest.trim());
}

function judge(found: Case): Judgement | undefined {
  const { pair, value, isStored } = found;
  if (/^SYSTEM_ACCESSTOKEN$/i.test(pair.name)) {
    const says = 'name' in value && (saysPat(value.name) || sureByName(value.name) !== undefined);
    return isStored || says ? { confidence: 'certain', use: 'unknown' } : undefined;
  }
  const known = byKnownName(found);
  if (known === 'somewhere else') return byUse(found);
  if (known !== undefined) return known;
  const named = byName(found);
  // What is done with it says more than a name that is not sure.
  if (named?.confidence === 'certain') return named;
  return byUse(found) ?? named ?? byOwner(found) ?? byNeighbours(found);
}

function byKnownName(found: Case): Judgement | 'somewhere else' | undefined {
  const { pair, value, isStored, context } = found;
  const known = wellKnown(pair.name);
  if (known === undefined) return undefined;
  if (known.shared === true && !leadsToFeed(pair, value, known.use, context)) return 'somewhere else';
  const { use, configure } = known;
  if (isStored) return { confidence: 'certain', use, configure };
  // A program that passes its own variable on under the same name says nothing about where it is stored.
  if (!pair.isData && value.kind === 'literal' && context.setting === 'other') return undefined;
  const sure = !isItself(pair, value) && 'name' in value && !isForeign(value.name) && saysPat(value.name);
  return { confidence: sure ? 'certain' : 'likely', use, configure };
}

function isItself(pair: Pair, value: Value): boolean {
  return 'name' in value && value.name.toLowerCase() === pair.name.toLowerCase();
}

function byName({ pair, value, isStored, context }: Case): Judgement | undefined {
  const byKey = sureByName(pair.name);
  const byValue = value.kind === 'secret' ? sureByName(value.name) : undefined;
  const use = /^TF_VAR_/i.test(pair.name) ? 'terraform' : 'unknown';
  if (value.kind === 'literal') {
    const says = byKey ?? (saysPat(pair.name) && context.blocks.speaksAt(pair.offset) ? 'likely' : undefined);
    return value.lastFour !== undefined && says !== undefined ? { confidence: 'certain', use } : undefined;
  }
  if (value.kind === 'computed') return undefined;
  if (!('name' in value) || isForeign(value.name)) return undefined;
  if (value.kind === 'secret' && isStored) {
    const confidence = byValue === 'certain' || byKey === 'certain' ? 'certain' : (byValue ?? byKey);
    return confidence === undefined ? undefined : { confidence, use };
  }
  // In a program, a variable in a variable: what it is read from, or handed to, says more.
  const isPassedOn = pair.isData && byKey === 'certain' && !isItself(pair, value);
  return isPassedOn ? { confidence: 'likely', use } : undefined;
}

/** A stored secret that a command of this file hands to Azure DevOps, whatever its name. */
function byUse({ pair, isStored, handed, value, context }: Case): Judgement | undefined {
  if (handed === undefined) return undefined;
  // The argument of a build is given to it from outside.
  if (context.setting === 'docker' && isItself(pair, value))
    return { confidence: 'likely', use: handed.candidate.use };
  if (!isStored) return undefined;
  if (value.kind === 'literal' && value.lastFour === undefined) return undefined;
  return { confidence: 'certain', use: handed.candidate.use };
}

/** The password of a source or server that another part of the file gives a URL. */
function byOwner({ pair, value }: Case): Judgement | undefined {
  if (pair.belongsTo === undefined || !isPassword(pair.name)) return undefined;
  if (!namesHost(pair.belongsTo)) return undefined;
  const use = feedKindOf(pair.belongsTo) ?? useOf(pair.belongsTo);
  // A program's variable may be anything, whatever its name.
  const sure = value.kind === 'literal' || (pair.isData && 'name' in value && saysPat(value.name));
  return { confidence: sure ? 'certain' : 'likely', use };
}

function byNeighbours({ pair, value, isStored, context }: Case): Judgement | undefined {
  const { name } = pair;
  const named = 'name' in value ? value.name : '';
  const says = saysPat(name) || saysPat(named);
  // What a credential is encoded into: the command that hands it over is found.
  if (ENCODED.test(pair.written)) return undefined;
  if (pair.belongsTo !== undefined || isForeign(name) || isForeign(named)) return undefined;
  if (!says && !isPassword(name)) return undefined;
  const hasShape = value.kind === 'literal' && value.lastFour !== undefined;
  // A PAT has its shape; what a tool keeps as a password may be encrypted.
  if (value.kind === 'literal' && !hasShape && context.tool === undefined) return undefined;
  const [beside, step = beside] = context.blocks.around(pair.offset);
  if (beside === undefined || step === undefined || GITHUB_ACTION.test(step.text)) return undefined;
  if (isPassword(name) && pair.isData && beside.namesHost()) {
    return {
      confidence: says || value.kind === 'secret' || hasShape ? 'certain' : 'likely',
      use: beside.uses()[0] ?? 'unknown',
    };
  }
  if (context.tool !== undefined && hasShape && !beside.namesOtherHost())
    return byTool(context.tool, context);
  if (!says || beside.namesOtherHost() || step.namesOtherHost()) return undefined;
  const isClear = isStored && value.kind !== 'literal';
  if (MARKETPLACE.test(step.text)) return { confidence: isStored ? 'certain' : 'likely', use: 'marketplace' };
  if (beside.speaks() || step.speaks()) {
    const isCredential = isClear || hasShape || (isPassword(name) && named !== '');
    return isCredential ? { confidence: isClear ? 'certain' : 'likely', use: 'unknown' } : undefined;
  }
  const isHint = isClear && saysPat(name) && context.setting === 'pipelines';
  return isHint ? { confidence: 'possible', use: 'unknown' } : undefined;
}

const ENCODED = /base64|b64encode|\bbtoa\(|Buffer\.from\(/i;

/** Actions that publish extensions take a PAT of Azure DevOps for it, and another for Open VSX. */
const MARKETPLACE = /\bregistryUrl:\s*["']?https:\/\/marketplace\.visualstudio\.com/;

/** Actions whose token is one of GitHub, whatever else the job does. */
const GITHUB_ACTION = /\buses:\s?["']?actions\/(?:checkout|github-script)@/;

/** A literal in a tool's own file, when the project's registries are those of Azure Artifacts. */
function byTool(tool: Use, context: Context): Judgement | undefined {
  const isTheirs = context.registriesOf(tool).some((text) => namesHost(text));
  return isTheirs ? { confidence: 'likely', use: tool } : undefined;
}

/** The use that a command makes of it; else that of what stands around it. */
function useAround({ pair, handed, context }: Case): Use {
  if (handed !== undefined) return handed.candidate.use;
  const reader = context.readerOf(pair.name);
  const own = [pair.written, reader?.text ?? ''].map(useOf).find((use) => use !== 'unknown');
  return own ?? context.blocks.useAt(pair.offset);
}

function organizationOf({ pair, handed, context }: Case): string | null {
  const named = [...organizationsIn(pair.belongsTo ?? pair.written)];
  if (named.length === 1) return named[0] ?? null;
  const inFile = handed?.candidate.organization ?? context.blocks.organizationAt(pair.offset);
  const known = wellKnown(pair.name);
  const tool = known?.shared === true ? known.use : context.tool;
  return inFile ?? (tool === undefined ? null : context.organizationOf(tool));
}
