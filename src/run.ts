// The story of one run: who are we, what do we get, does Azure DevOps take it, who may use it.
import { advice } from './advice.js';
import type { Organization } from './azure-devops/organization.js';
import { discoverTenant } from './azure-devops/tenant.js';
import { unverified, type VerifiedToken, verify } from './azure-devops/verify.js';
import type { Clock } from './clock.js';
import { apply, type Effect, empty, mask } from './effects.js';
import type { Client } from './entra/client.js';
import type { AccessToken } from './entra/exchange.js';
import { PatlessError } from './errors.js';
import type { Host } from './hosts/host.js';
import type { HttpResponse, Send } from './http.js';
import { identitySources } from './identity/register.js';
import { type Inputs, parseInputs, variablesToFill } from './inputs.js';
import { mint } from './mint.js';
import { checkNetworkSettings, proxyCredentials } from './network-settings.js';
import { logLines, outputs } from './outcome.js';
import { looksLikePat } from './pat.js';
import { report } from './report.js';
import type { Session } from './session.js';
import { gather } from './surroundings.js';

/** @param stop Ends the run as a failure, with its reason: for errors that nobody awaits. */
export async function run(host: Host, send: Send, clock: Clock, stop: AbortSignal): Promise<void> {
  const ended = new AbortController();
  let filled: string[] = [];
  try {
    filled = filledBefore(variablesToFill(host), host);
    const inputs = parseInputs(host);
    await signIn(inputs, host, openSession(inputs, host, send, clock, AbortSignal.any([stop, ended.signal])));
  } catch (error) {
    empty(filled, host);
    const { message, summary } = report(error);
    await host.fail(message, summary);
  } finally {
    // Whatever still waits, say for the tenant when there is no ID token, would hold the process up.
    ended.abort();
  }
}

async function signIn(inputs: Inputs, host: Host, session: Session): Promise<void> {
  checkTrigger(host, inputs);
  checkNetworkSettings(host.environment);
  await session.mask(proxyCredentials(host.environment));

  const source = identitySources[inputs.identity](host.environment, host.event());
  const { token, claims } = await mint(source, inputs.audience, clientOf(inputs, session), session);
  refuseUnexpectedIdentity(token, inputs);
  const verified = inputs.organization && (await verifyIfAsked(token, inputs.organization, inputs, session));

  const effects = [
    ...toolEffects(verified, inputs, host),
    ...exportEffects(token, inputs),
    ...outputs(token, verified, session.clock),
  ];
  for (const name of filledBefore(inputs.exportEnv, host)) {
    const what = looksLikePat(host.environment[name] ?? '') ? 'holds a personal access token' : 'has a value';
    host.log(`Note: ${name} ${what}; later steps find the access token in its place.`);
  }
  const setUp = [...inputs.configure.map((consumer) => consumer.name), ...inputs.exportEnv];
  for (const line of logLines(token, verified, setUp)) host.log(line);
  for (const line of advice(token, claims, session.clock.now(), session.skewSeconds())) host.log(line);

  session.deadline.throwIfAborted();
  apply(effects, host);
}

function checkTrigger(host: Host, inputs: Inputs): void {
  const trigger = host.trigger();
  if (trigger.kind === 'unclear') host.log(`Note: ${trigger.reason}.`);
  if (trigger.kind !== 'untrusted' || inputs.allowForkTrigger) return;
  throw new PatlessError('TRIGGER_UNTRUSTED', `Refused to sign in: ${trigger.reason}.`, {
    hint:
      `Guard this step with \`${trigger.guard}\`. Only if no code or text of the fork can reach this job, ` +
      'set `allow-fork-trigger: true`.',
  });
}

function openSession(inputs: Inputs, host: Host, send: Send, clock: Clock, stop: AbortSignal): Session {
  const seconds = inputs.timeoutSeconds + inputs.propagationWaitSeconds;
  const late = new PatlessError('TIMEOUT', `Not done within ${seconds} seconds.`, {
    hint: 'The log above says what was tried. Raise `timeout-seconds`, or run the job again later.',
  });
  const deadline = AbortSignal.any([stop, clock.deadline(seconds * 1000, late)]);
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

async function clientOf({ clientId, tenantId, organization }: Inputs, session: Session): Promise<Client> {
  if (tenantId !== undefined) return { clientId, tenantId };
  if (organization !== undefined) return { clientId, tenantId: await discoverTenant(organization, session) };
  throw new Error('inputs.ts lets no run through without tenant or organization');
}

function refuseUnexpectedIdentity(token: AccessToken, { expectedObjectId }: Inputs): void {
  if (expectedObjectId === undefined || expectedObjectId === token.objectId) return;
  throw new PatlessError(
    'IDENTITY_UNEXPECTED',
    `The token belongs to object ID ${token.objectId || '(not readable from this token)'}, not ${expectedObjectId}.`,
    {
      hint: '`expected-object-id` is the object ID of the enterprise application, not of the app registration.',
    },
  );
}

async function verifyIfAsked(
  token: AccessToken,
  organization: Organization,
  inputs: Inputs,
  session: Session,
) {
  return inputs.verify ? verify(token, organization, session) : unverified(token, organization);
}

function toolEffects(verified: VerifiedToken | undefined, { configure }: Inputs, host: Host): Effect[] {
  if (verified === undefined) return [];
  const facts = gather(
    configure.flatMap((consumer) => consumer.needs),
    host.environment,
  );
  return configure.flatMap((consumer) => consumer.plan(verified, facts));
}

function exportEffects({ secret }: AccessToken, { exportEnv }: Inputs): Effect[] {
  return exportEnv.map((name) => ({ kind: 'environment', name, value: secret, restore: false }));
}

/** Undefined when the answer has no date. */
function skewOf({ headers }: HttpResponse, clock: Clock): number | undefined {
  const server = Date.parse(headers.date ?? '');
  return Number.isNaN(server) ? undefined : (clock.now() - server) / 1000;
}

/** Those that the job had filled before, perhaps with a stored PAT or another identity's token. */
function filledBefore(names: readonly string[], { environment }: Host): string[] {
  return names.filter((name) => environment[name]);
}
