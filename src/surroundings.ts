// Gathers, once per run, the facts that the chosen consumers need.
import type { Facts, Need } from './consumers/consumer.js';
import type { Environment } from './hosts/host.js';

export function gather(needs: readonly Need[], environment: Environment): Facts {
  const wanted = Object.entries(environment).filter(([name]) => needs.some((need) => need.names.test(name)));
  return { environment: Object.fromEntries(wanted.map(([name, value]) => [name, value ?? ''])) };
}
