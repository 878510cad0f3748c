// Opens the session of a run: its deadline, its log, its masks, and how its clock stands beside the servers'.
import type { Clock } from './clock.js';
import { mask } from './effects.js';
import { PatlessError } from './errors.js';
import type { Host } from './hosts/host.js';
import type { HttpResponse, Send } from './http.js';
import type { Inputs } from './inputs.js';
import type { Session } from './session.js';

/** @param cutOff Ends the session early, with its reason. */
export function openSession(
  inputs: Pick<Inputs, 'timeoutSeconds' | 'propagationWaitSeconds'>,
  host: Host,
  send: Send,
  clock: Clock,
  cutOff: AbortSignal,
): Session {
  const seconds = inputs.timeoutSeconds + inputs.propagationWaitSeconds;
  const late = new PatlessError('TIMEOUT', `Not done within ${seconds} seconds.`, {
    hint: 'The log above says what was tried. Raise `timeout-seconds`, or run the job again later.',
  });
  const deadline = AbortSignal.any([cutOff, clock.deadline(seconds * 1000, late)]);
  let skewSeconds = 0;
  return {
    clock,
    deadline,
    endsAt: clock.monotonic() + seconds * 1000,
    propagationWaitSeconds: inputs.propagationWaitSeconds,
    skewSeconds: () => skewSeconds,
    async send(request) {
      const response = await send(request, deadline);
      skewSeconds = skewOf(response, clock) ?? skewSeconds;
      return response;
    },
    log: (line) => host.log(line),
    mask: (secrets) => mask(secrets, host),
  };
}

/** Undefined when the answer has no date. */
function skewOf({ headers }: HttpResponse, clock: Clock): number | undefined {
  const server = Date.parse(headers.date ?? '');
  return Number.isNaN(server) ? undefined : (clock.now() - server) / 1000;
}
