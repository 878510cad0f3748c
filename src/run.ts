// The story of one run: who are we, what do we get, does Azure DevOps take it, who may use it.
import type { Organization } from './azure-devops/organization.js';
import { discoverTenant } from './azure-devops/tenant.js';
import { unverified, type VerifiedToken, verify } from './azure-devops/verify.js';
import type { Clock } from './clock.js';
import { apply, type Effect } from './effects.js';
import type { AccessToken } from './entra/exchange.js';
import { PatlessError } from './errors.js';
import type { Host } from './hosts/host.js';
import type { Send } from './http.js';
import { githubOidc } from './identity/github-oidc.js';
import { type Inputs, parseInputs } from './inputs.js';
import { proxyForms } from './masks.js';
import { mint } from './mint.js';
import { outputs, summaryLines } from './outcome.js';
import { report } from './report.js';
import type { Session } from './session.js';
import { gather } from './surroundings.js';

export async function run(host: Host, send: Send, clock: Clock): Promise<void> {
  try {
    const inputs = parseInputs(host);
    refuseUntrustedTrigger(host, inputs);
    const session = openSession(host, send, clock, inputs);
    await session.protect(proxyUrls(host).flatMap(proxyForms));

    const token = await signIn(inputs, host, session);
    refuseUnexpectedIdentity(token, inputs);
    const verified = inputs.organization && (await check(token, inputs.organization, inputs.verify, session));
    await apply(plan(token, verified, inputs, host, clock), host);
    const setUp = [...inputs.configure.map((consumer) => consumer.name), ...inputs.exportEnv];
    for (const line of summaryLines(token, verified, setUp)) host.log(line);
  } catch (error) {
    const { message, summary } = report(error);
    await host.fail(message, summary);
  }
}

function refuseUntrustedTrigger(host: Host, inputs: Inputs): void {
  const trigger = host.trigger();
  if (trigger.kind === 'unclear') host.log(`Note: ${trigger.reason}.`);
  if (trigger.kind !== 'untrusted' || inputs.allowForkTrigger) return;
  throw new PatlessError('TRIGGER_UNTRUSTED', `Refused to sign in: ${trigger.reason}.`, {
    hint:
      `Guard this step with \`${trigger.guard}\`. Only if no code or text of the fork can reach this job, ` +
      'set `allow-fork-trigger: true`.',
  });
}

function openSession(host: Host, send: Send, clock: Clock, { timeoutSeconds }: Inputs): Session {
  const late = new PatlessError('TIMEOUT', `Not done within ${timeoutSeconds} seconds.`, {
    hint: 'The log above says what was tried. Raise `timeout-seconds`, or run the job again later.',
  });
  const deadline = clock.deadline(timeoutSeconds * 1000, late);
  return {
    clock,
    deadline,
    send: (request) => send(request, deadline),
    log: (line) => host.log(line),
    protect: (secrets) => apply([{ kind: 'mask', secrets }], host),
  };
}

function proxyUrls({ environment }: Host): string[] {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];
  return names.map((name) => environment[name] ?? '').filter((url) => url !== '');
}

async function signIn(inputs: Inputs, host: Host, session: Session): Promise<AccessToken> {
  const tenantId =
    inputs.tenantId ?? (inputs.organization && (await discoverTenant(inputs.organization, session)));
  if (tenantId === undefined) throw new Error('inputs.ts lets no run through without tenant or organization');
  return mint(
    githubOidc(host.environment),
    inputs.audience,
    { clientId: inputs.clientId, tenantId },
    session,
  );
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

async function check(token: AccessToken, organization: Organization, ask: boolean, session: Session) {
  return ask ? verify(token, organization, session) : unverified(token, organization);
}

/** Everything that this run will do to the job, before any of it is done. */
function plan(
  token: AccessToken,
  verified: VerifiedToken | undefined,
  inputs: Inputs,
  host: Host,
  clock: Clock,
): Effect[] {
  const facts = gather(
    inputs.configure.flatMap((consumer) => consumer.needs),
    host.environment,
  );
  const tools = verified ? inputs.configure.flatMap((consumer) => consumer.plan(verified, facts)) : [];
  const exported = inputs.exportEnv.map((name) => ({
    kind: 'environment' as const,
    name,
    value: token.secret,
    restore: false,
  }));
  return [...tools, ...exported, ...outputs(token, verified?.identityName ?? '', clock.now())];
}
