// Everything patless does to a job: masks, and effects as data. Nothing else calls a host's members that change the job.
import { dirname } from 'node:path';
import { remove, writeNew } from './files.js';
import type { Host, PostHost } from './hosts/host.js';
import { Secret } from './secret.js';

export type Effect =
  | {
      readonly kind: 'environment';
      readonly name: string;
      readonly value: string | Secret;
      /** Whether clean-up gives the earlier value back; only for what is no secret: a count, path or URL. */
      readonly restore: boolean;
    }
  | { readonly kind: 'output'; readonly name: string; readonly value: string | Secret }
  /** What a user of the tool should know: a line in the log, before anything is written. */
  | { readonly kind: 'note'; readonly text: string }
  | {
      /** A file of this run, in the folder that `Facts` names; clean-up removes it. */
      readonly kind: 'file';
      readonly path: string;
      readonly content: string | Secret;
      readonly isProgram: boolean;
      /** The time of its last change, as others shall see it. */
      readonly modified?: Date;
    }
  /** Programs in this folder are found by name in later steps. Clean-up leaves it: the folder itself is gone then. */
  | { readonly kind: 'path'; readonly folder: string };

/** A variable that clean-up empties: one that holds a secret, or that was not there before. */
export function emptiedAfterJob(name: string, value: string | Secret): Effect {
  return { kind: 'environment', name, value, restore: false };
}

/** A variable that clean-up gives its earlier value back. */
export function restoredAfterJob(name: string, value: string): Effect {
  return { kind: 'environment', name, value, restore: true };
}

/** Tools that share a variable or a file plan it alike; it is written once. */
export function withoutRepeats(effects: readonly Effect[]): Effect[] {
  return [...new Map(effects.map((effect) => [JSON.stringify(effect), effect])).values()];
}

/** What clean-up undoes: this variable, to its earlier value or to nothing; or the run's folder, which it removes. */
export type Receipt = { readonly variable: string; readonly before: string } | { readonly folder: string };

/** Resolves when the masks have left the process; only then may anything else see the secrets. */
export async function mask(secrets: readonly Secret[], host: Host): Promise<void> {
  if (secrets.length > 0) await host.mask(secrets.map((secret) => secret.reveal()));
}

/**
 * Saves the receipts, then writes: a crash half-way leaves a record of everything that may have been written.
 * When a write fails, what was written is taken back.
 * @throws PatlessError HOST_UNUSABLE before anything is written, or the error of the write.
 */
export function apply(effects: readonly Effect[], host: Host): void {
  const receipts = receiptsFor(effects, host);
  // Said before it is done: a fault in the log must not make a failure of a run that has exported its token.
  for (const effect of effects) if (effect.kind === 'note') host.log(`Note: ${effect.text}`);
  const takeBack = host.beginWrites(JSON.stringify(receipts));
  try {
    for (const effect of effects) write(effect, host);
  } catch (error) {
    takeBack();
    for (const receipt of receipts) if ('folder' in receipt) remove(receipt.folder);
    throw error;
  }
}

/** Removes folders; gives every variable its earlier value back, or empties it: a host cannot unset one. */
export function undo(receipts: readonly Receipt[], host: Pick<PostHost, 'setEnvironment'>): void {
  for (const receipt of receipts) {
    if ('folder' in receipt) remove(receipt.folder);
    else host.setEnvironment(receipt.variable, receipt.before);
  }
}

/**
 * Empties variables that a failed run was to set: a later step must not take what was in them for what this run
 * should have given it.
 */
export function emptyVariables(names: readonly string[], host: Host): void {
  if (names.length === 0) return;
  try {
    for (const name of names) host.setEnvironment(name, '');
    host.log(
      `Emptied ${names.join(', ')}, so that no later step uses an earlier value in place of the token.`,
    );
  } catch {
    // The host takes no writes, and the error of the run is the one to report.
  }
}

/** Each folder once; before the variables, so that no secret in it outlives a clean-up that fails half-way. */
function receiptsFor(effects: readonly Effect[], host: Host): Receipt[] {
  const folders = effects.flatMap((effect) => (effect.kind === 'file' ? [dirname(effect.path)] : []));
  const variables = effects.flatMap((effect) =>
    effect.kind === 'environment'
      ? [{ variable: effect.name, before: effect.restore ? (host.environment[effect.name] ?? '') : '' }]
      : [],
  );
  return [...[...new Set(folders)].map((folder) => ({ folder })), ...variables];
}

function write(effect: Effect, host: Host): void {
  if (effect.kind === 'file') {
    const { path, content, isProgram, modified } = effect;
    writeNew(path, { content: textOf(content), isProgram, modified });
  } else if (effect.kind === 'path') {
    host.addPath(effect.folder);
  } else if (effect.kind === 'output') {
    host.setOutput(effect.name, textOf(effect.value), effect.value instanceof Secret);
  } else if (effect.kind === 'environment') {
    host.setEnvironment(effect.name, textOf(effect.value));
  }
}

function textOf(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}
