// The service connection that the pipeline task was given, as the agent describes it in the task's environment.
// Source: microsoft/azure-pipelines-agent, Handler.cs; docs/DECISIONS.md says why no library reads it.
import { GUID } from '../guid.js';
import type { Environment } from '../hosts/host.js';
import { printable } from '../printable.js';

/** The task's inputs that name one, as its users write them. */
const INPUTS = ['azureDevOpsServiceConnection', 'azureSubscription'] as const;
const FEDERATION = 'WorkloadIdentityFederation';

export interface ServiceConnection {
  readonly id: string;
  readonly scheme: string;
  readonly clientId: string;
  readonly tenantId: string;
  /** The ID token, where the agent has been given one with the job; empty otherwise. */
  readonly idToken: string;
}

/** @returns undefined unless exactly one is named, by its ID. */
export function serviceConnection(environment: Environment): ServiceConnection | undefined {
  // The agent writes IDs in small letters.
  const [id = '', ...more] = given(environment).map(({ id }) => id.toLowerCase());
  if (more.length > 0 || !GUID.test(id)) return undefined;
  const parameter = (name: string) => environment[`ENDPOINT_AUTH_PARAMETER_${id}_${name}`] ?? '';
  return {
    id,
    scheme: environment[`ENDPOINT_AUTH_SCHEME_${id}`] ?? '',
    clientId: parameter('SERVICEPRINCIPALID'),
    tenantId: parameter('TENANTID'),
    idToken: parameter('IDTOKEN'),
  };
}

/** For a later step, which has no inputs of the task: what tells `serviceConnection` the same ID. */
export function variablesNaming({ id }: ServiceConnection): Record<string, string> {
  return { [`INPUT_${INPUTS[0].toUpperCase()}`]: id };
}

/** @returns whole sentences; none when the connection can be used, or when none is needed and none is there. */
export function connectionMistakes(environment: Environment, isNeeded: boolean): string[] {
  const names = given(environment).map(({ input }) => `\`${input}\``);
  if (!isNeeded) {
    return names.map((name) => `${name} is not used with \`identity: job-token\`: leave one of the two out.`);
  }
  if (names.length > 1)
    return [`${names.join(' and ')} are both given: patless uses one service connection.`];
  if (names.length === 0) {
    return [
      '`azureDevOpsServiceConnection` (or `azureSubscription`) is required: the name of a service connection with ' +
        "workload identity federation. For the pipeline's own organization, `identity: job-token` needs none.",
    ];
  }
  const connection = serviceConnection(environment);
  if (connection === undefined)
    return [`${names.join()} names no service connection by its ID, as the agent does.`];
  return problemWith(connection).map((problem) => `${names.join()} ${problem}`);
}

function given(environment: Environment): { input: string; id: string }[] {
  return INPUTS.map((input) => ({
    input,
    id: (environment[`INPUT_${input.toUpperCase()}`] ?? '').trim(),
  })).filter(({ id }) => id !== '');
}

function problemWith({ scheme, clientId, tenantId }: ServiceConnection): string[] {
  if (scheme === '') return ['names no service connection that the agent knows.'];
  if (scheme !== FEDERATION) {
    return [
      `is a service connection with the scheme "${printable(scheme)}", whose secret patless does not use: ` +
        'convert it to workload identity federation (in its page, "Convert"), or make one of the type "Azure DevOps".',
    ];
  }
  if (clientId !== '' && tenantId !== '') return [];
  return [
    'is a service connection without client ID or tenant ID: open it in Project settings, and save it again.',
  ];
}
