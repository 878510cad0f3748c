// Cargo, by a credential provider that answers for this organization's feeds, so that no registry has to be named.
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import type { Consumer, Facts } from './consumer.js';
import { launcher } from './launcher.js';

/** The Cargo book, "Registry Authentication": separated by spaces; the last one is asked first. */
const PROVIDERS = 'CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS';

/** What Cargo does when nothing is configured. */
const DEFAULT_PROVIDER = 'cargo:token';

/** Of an earlier call. It reads the variable of any organization, so that one is enough. */
const OURS = /[\\/]patless-[0-9a-f-]{36}[\\/]cargo-credential(?:\.cmd)?$/;

export const cargo: Consumer = {
  name: 'cargo',
  needs: [{ kind: 'environment', names: /^CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS$/ }],

  plan({ organization, secret }, facts) {
    const provider = launcher({ name: 'cargo-credential', command: 'cargo-credential' }, facts);
    if (/\s/.test(provider.path)) throw unusable(facts.folder);
    return [
      emptiedAfterJob(organization.tokenVariable, secret),
      provider,
      restoredAfterJob(PROVIDERS, [...existingProviders(facts), provider.path].join(' ')),
    ];
  },
};

function existingProviders({ environment }: Facts): string[] {
  const others = (environment[PROVIDERS] ?? '')
    .split(/\s+/)
    .filter((name) => name !== '' && !OURS.test(name));
  return others.length === 0 ? [DEFAULT_PROVIDER] : others;
}

function unusable(folder: string): PatlessError {
  return new PatlessError(
    'HOST_UNUSABLE',
    `Cargo takes no credential provider from a path with spaces: ${folder}`,
    {
      hint: "Move the runner's folder for temporary files to a path without spaces, or leave `cargo` out of `configure`.",
    },
  );
}
