// The story of one run: who are we, what do we get, does Azure DevOps take it, who may use it.

import type { AccessToken } from './access-token.js';
import { advice } from './advice.js';
import type { OrganizationToken } from './azure-devops/verify.js';
import type { Clock } from './clock.js';
import { apply, type Effect, emptiedAfterJob, emptyVariables, mask, withoutRepeats } from './effects.js';
import type { Environment, Host } from './hosts/host.js';
import type { Send } from './http.js';
import { systemAccessToken } from './identity/system-access-token.js';
import { type Inputs, parseInputs, wanted } from './inputs.js';
import { leftOver } from './left-over.js';
import { accessTokenForms } from './masks.js';
import { proxyCredentials } from './network-settings.js';
import { openSession } from './open-session.js';
import { logLines, outputs } from './outcome.js';
import { looksLikePat } from './pat.js';
import { renewalEffects } from './renewal.js';
import { report } from './report.js';
import type { Secret } from './secret.js';
import type { Session } from './session.js';
import { type SignedIn, signIn } from './sign-in.js';
import { factsFor, gather } from './surroundings.js';

/** @param stop Ends the run as a failure, with its reason: for errors that nobody awaits. */
export async function run(host: Host, send: Send, clock: Clock, stop: AbortSignal): Promise<void> {
  let alreadyFilled: string[] = [];
  try {
    alreadyFilled = leftOver(wanted(host), host);
    await setUp(host, send, clock, stop);
  } catch (error) {
    emptyVariables(alreadyFilled, host);
    const { message, summary } = report(error);
    await host.fail(message, summary);
  }
}

/** The run itself, with nobody to tell of its failure yet. @throws PatlessError of any code */
export async function setUp(host: Host, send: Send, clock: Clock, stop: AbortSignal): Promise<void> {
  const ended = new AbortController();
  try {
    await mask(secretsAround(host.environment), host);
    const inputs = parseInputs(host);
    const cutOff = AbortSignal.any([stop, ended.signal]);
    await signInAndSetUp(inputs, host, openSession(inputs, host, send, clock, cutOff));
  } finally {
    // Whatever still waits, say for the tenant when there is no ID token, would hold the process up.
    ended.abort();
  }
}

async function signInAndSetUp(inputs: Inputs, host: Host, session: Session): Promise<void> {
  const signedIn = await signIn(inputs, host, session);
  const { token, claims, forOrganization } = signedIn;

  const effects = [
    ...(await toolEffects(signedIn, inputs, host, session)),
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

async function toolEffects(
  { token, forOrganization, forLater }: SignedIn,
  inputs: Inputs,
  host: Host,
  session: Session,
): Promise<Effect[]> {
  if (inputs.configure.length === 0) return [];
  const consumers = await Promise.all(inputs.configure.map((tool) => tool.load()));
  const needs = consumers.flatMap((consumer) => consumer.needs);
  const facts = await gather(needs, forOrganization, host, session);
  // Without an organization there are only tools whose plan does not look at it.
  const planned = forOrganization ?? (token as OrganizationToken);
  return withoutRepeats([
    ...consumers.flatMap((consumer) => consumer.plan(planned, factsFor(consumer.needs, facts))),
    ...renewalEffects(token, inputs, forLater, host, facts),
  ]);
}

function exportEffects({ secret }: AccessToken, { exportEnv }: Inputs): Effect[] {
  return exportEnv.map((name) => emptiedAfterJob(name, secret));
}

/** Those that the job has filled already, perhaps with a stored PAT or another identity's token. */
function filledIn(names: readonly string[], host: Host): string[] {
  return names.filter((name) => host.currentValue(name) !== '');
}
