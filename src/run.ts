// The story of one run: who are we, what do we get, does Azure DevOps take it, who may use it.

import type { AccessToken } from './access-token.js';
import { advice } from './advice.js';
import { SHARED_HOST } from './azure-devops/organization.js';
import { discoverTenant } from './azure-devops/tenant.js';
import { type OrganizationToken, unverified, verify } from './azure-devops/verify.js';
import type { Clock } from './clock.js';
import { connectEarly } from './early-connections.js';
import { apply, type Effect, emptiedAfterJob, emptyVariables, mask, withoutRepeats } from './effects.js';
import type { Client } from './entra/client.js';
import { PatlessError } from './errors.js';
import type { Environment, Host } from './hosts/host.js';
import type { HttpResponse, Send } from './http.js';
import { identitySource } from './identity/register.js';
import { systemAccessToken } from './identity/system-access-token.js';
import { type Inputs, parseInputs, wanted } from './inputs.js';
import { leftOver } from './left-over.js';
import { accessTokenForms } from './masks.js';
import { mint } from './mint.js';
import { checkNetworkSettings, proxyCredentials } from './network-settings.js';
import { logLines, outputs } from './outcome.js';
import { looksLikePat } from './pat.js';
import { report } from './report.js';
import type { Secret } from './secret.js';
import type { Session } from './session.js';
import { factsFor, gather } from './surroundings.js';

/** @param stop Ends the run as a failure, with its reason: for errors that nobody awaits. */
export async function run(host: Host, send: Send, clock: Clock, stop: AbortSignal): Promise<void> {
  const ended = new AbortController();
  let alreadyFilled: string[] = [];
  try {
    await mask(secretsAround(host.environment), host);
    alreadyFilled = leftOver(wanted(host), host);
    const inputs = parseInputs(host);
    await signIn(inputs, host, openSession(inputs, host, send, clock, AbortSignal.any([stop, ended.signal])));
  } catch (error) {
    emptyVariables(alreadyFilled, host);
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

  const source = identitySource(inputs.identity, host, inputs);
  const mintingSession = inputs.organization && inputs.verify ? preparingVerification(session) : session;
  const { token, claims } = await mint(
    source,
    inputs.audience,
    () => clientOf(inputs, session),
    mintingSession,
  );
  refuseUnexpectedIdentity(token, inputs);
  const forOrganization =
    inputs.organization &&
    (inputs.verify
      ? await verify(token, inputs.organization, session)
      : unverified(token, inputs.organization));

  const effects = [
    ...(forOrganization ? await toolEffects(forOrganization, inputs, host, session) : []),
    ...exportEffects(token, inputs),
    ...outputs(token, forOrganization, session.clock),
  ];
  // Said before it is done: a fault in the log must not make a failure of a run that has exported its token.
  const ofTools = inputs.configure.flatMap(({ variables }) => variables ?? []);
  for (const name of filledIn([...inputs.exportEnv, ...ofTools], host)) {
    const what = looksLikePat(host.currentValue(name)) ? 'holds a personal access token' : 'has a value';
    host.log(`Note: ${name} ${what}; later steps find the access token in its place.`);
  }
  const setUp = [...inputs.configure.map((tool) => tool.name), ...inputs.exportEnv];
  for (const line of logLines(token, forOrganization, setUp)) host.log(line);
  for (const line of advice(token, claims, session.clock.now(), session.skewSeconds())) host.log(line);

  // A plan may have taken long without letting timers run, the deadline's among them.
  await session.clock.sleep(0, session.deadline).catch(() => undefined);
  session.deadline.throwIfAborted();
  apply(effects, host);
}

/** What the environment holds of secrets before anything is asked for: a proxy's password, and System.AccessToken. */
function secretsAround(environment: Environment): Secret[] {
  const jobToken = systemAccessToken(environment);
  return [...proxyCredentials(environment), ...(jobToken ? accessTokenForms(jobToken) : [])];
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

function openSession(inputs: Inputs, host: Host, send: Send, clock: Clock, cutOff: AbortSignal): Session {
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

async function clientOf({ clientId, tenantId, organization }: Inputs, session: Session): Promise<Client> {
  if (clientId !== undefined && tenantId !== undefined) return { clientId, tenantId };
  if (clientId !== undefined && organization !== undefined)
    return { clientId, tenantId: await discoverTenant(organization, session) };
  throw new Error('inputs.ts lets no such run through without client, and tenant or organization');
}

/** Connects to Azure DevOps while the exchange is waited for; a request that prepares something else is left alone. */
function preparingVerification(session: Session): Session {
  const whileWaiting = () => connectEarly(SHARED_HOST, session.deadline);
  return { ...session, send: (request) => session.send({ whileWaiting, ...request }) };
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

async function toolEffects(
  token: OrganizationToken,
  { configure }: Inputs,
  host: Host,
  session: Session,
): Promise<Effect[]> {
  if (configure.length === 0) return [];
  const consumers = await Promise.all(configure.map((tool) => tool.load()));
  const needs = consumers.flatMap((consumer) => consumer.needs);
  const facts = await gather(needs, token, host, session);
  return withoutRepeats(
    consumers.flatMap((consumer) => consumer.plan(token, factsFor(consumer.needs, facts))),
  );
}

function exportEffects({ secret }: AccessToken, { exportEnv }: Inputs): Effect[] {
  return exportEnv.map((name) => emptiedAfterJob(name, secret));
}

/** Undefined when the answer has no date. */
function skewOf({ headers }: HttpResponse, clock: Clock): number | undefined {
  const server = Date.parse(headers.date ?? '');
  return Number.isNaN(server) ? undefined : (clock.now() - server) / 1000;
}

/** Those that the job has filled already, perhaps with a stored PAT or another identity's token. */
function filledIn(names: readonly string[], host: Host): string[] {
  return names.filter((name) => host.currentValue(name) !== '');
}
