// What lets later steps get a fresh token when this one runs out: how to sign in again, and until when it serves. No secret.
import { join, resolve } from 'node:path';
import type { AccessToken } from './access-token.js';
import { variablesOf } from './azure-devops/organization.js';
import type { Facts } from './consumers/consumer.js';
import { launchers } from './consumers/launcher.js';
import { type Effect, emptiedAfterJob } from './effects.js';
import type { Host } from './hosts/host.js';
import type { InputName } from './input-names.js';
import type { Inputs } from './inputs.js';

/** With less life than this, a token is not handed out any more: it has to last for the call it is asked for. */
export const LEAST_VALIDITY_SECONDS = 300;

/** A tool waits for it, and it has only to ask twice. */
export const LONGEST_RENEWAL_SECONDS = 30;

/** In the run's folder: how to sign in again, as JSON (`SignIn`). */
export const SIGN_IN_FILE = 'sign-in.json';
/**
 * In the run's folder: when the present token expires, in seconds since 1970, and on a second line the token, if it is
 * a later one than the environment's. Its time of change is when a fresh one is due, so that a shell can tell without
 * starting a process.
 */
export const CURRENT_FILE = 'current';
/** In the run's folder, while there is one: digests of tokens that a server has refused. */
export const REFUSED_FILE = 'refused';

export interface SignIn {
  /** By the names of action.yml. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What the identity source needs and a later step lacks. */
  readonly variables: Readonly<Record<string, string>>;
}

export function renewalEffects(
  token: AccessToken,
  inputs: Inputs,
  variables: Readonly<Record<string, string>>,
  host: Pick<Host, 'identities'>,
  facts: Pick<Facts, 'folder' | 'program'>,
): Effect[] {
  const signIn: SignIn = { inputs: inputsForLater(token, inputs, host), variables };
  return [
    {
      kind: 'file',
      path: join(facts.folder, SIGN_IN_FILE),
      content: JSON.stringify(signIn),
      isProgram: false,
    },
    {
      kind: 'file',
      path: join(facts.folder, CURRENT_FILE),
      content: `${Math.floor(token.expiresOn.getTime() / 1000)}\n`,
      isProgram: false,
      modified: freshTokenDue(token.expiresOn),
    },
    ...launchers({ name: 'patless' }, facts),
    emptiedAfterJob(variablesOf(inputs.organization).token, token.secret),
    emptiedAfterJob(variablesOf(inputs.organization).folder, facts.folder),
  ];
}

export function freshTokenDue(expiresOn: Date): Date {
  return new Date(expiresOn.getTime() - LEAST_VALIDITY_SECONDS * 1000);
}

/** Whoever is signed in again is the same as now, whom Azure DevOps has been asked about, and it must not take long. */
function inputsForLater(
  { objectId, tenantId }: AccessToken,
  inputs: Inputs,
  { identities }: Pick<Host, 'identities'>,
): Record<string, string> {
  const { organization, clientId, tokenFile, audience, allowForkTrigger, configure, exportEnv } = inputs;
  const all: Record<Exclude<InputName, 'propagation-wait-seconds'>, string | undefined> = {
    identity: inputs.identity === 'auto' ? identities[0] : inputs.identity,
    'client-id': clientId,
    'tenant-id': tenantId || inputs.tenantId,
    organization: organization?.name,
    configure: configure.map(({ name }) => name).join(),
    'export-env': exportEnv.join(),
    verify: 'false',
    'expected-object-id': objectId,
    'token-file': tokenFile && resolve(tokenFile),
    'managed-identity-client-id': inputs.managedIdentityClientId,
    audience,
    'allow-fork-trigger': String(allowForkTrigger),
    'timeout-seconds': String(LONGEST_RENEWAL_SECONDS),
  };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
