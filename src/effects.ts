// Everything patless does to a job, as data; apply() is the only caller of a host's writing members.
import type { Host } from './hosts/host.js';
import { Secret } from './secret.js';

export type Effect =
  | { readonly kind: 'mask'; readonly secrets: readonly Secret[] }
  | {
      readonly kind: 'environment';
      readonly name: string;
      readonly value: string | Secret;
      /** Whether clean-up gives the earlier value back; only for what is no secret: a count, path or URL. */
      readonly restore: boolean;
    }
  | { readonly kind: 'output'; readonly name: string; readonly value: string | Secret };

/** What clean-up undoes: this variable, to its earlier value or to nothing. */
export interface Receipt {
  readonly variable: string;
  readonly before: string;
}

/**
 * Masks first, and waits until they have left the process; then the receipts; then the writes. So nothing is
 * readable before it is masked, and a crash half-way leaves a record of everything that may have been written.
 * @throws PatlessError HOST_UNUSABLE before anything is written.
 */
export async function apply(effects: readonly Effect[], host: Host): Promise<void> {
  const masks = effects.flatMap((effect) => (effect.kind === 'mask' ? effect.secrets : []));
  if (masks.length > 0) await host.mask(masks.map((secret) => secret.reveal()));
  const writes = effects.filter((effect) => effect.kind !== 'mask');
  if (writes.length === 0) return;
  host.saveState(JSON.stringify(receiptsFor(writes, host)));
  for (const write of writes) {
    const value = write.value instanceof Secret ? write.value.reveal() : write.value;
    if (write.kind === 'output') host.setOutput(write.name, value);
    else host.setEnvironment(write.name, value);
  }
}

/** Gives every variable its earlier value back, or empties it: a host cannot unset one. */
export function undo(receipts: readonly Receipt[], host: Host): void {
  for (const { variable, before } of receipts) host.setEnvironment(variable, before);
}

function receiptsFor(effects: readonly Effect[], host: Host): Receipt[] {
  return effects.flatMap((effect) =>
    effect.kind === 'environment'
      ? [{ variable: effect.name, before: effect.restore ? (host.environment[effect.name] ?? '') : '' }]
      : [],
  );
}
