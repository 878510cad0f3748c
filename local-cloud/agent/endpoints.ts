// What a task finds of service connections in its environment (azure-pipelines-agent, Handler.cs, MaskingUtil.cs).
import type { AzurePipelines, ServiceConnection } from '../azure-pipelines.js';
import { environmentName } from './variables.js';

export interface Endpoint {
  /** A connection's ID, or SYSTEMVSSCONNECTION. */
  readonly key: string;
  readonly url: string;
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Only connections have it. */
  readonly data?: Readonly<Record<string, string>>;
}

/** The agent's own connection to the organization. */
export function systemEndpoint(url: string, accessToken: string): Endpoint {
  return {
    key: 'SYSTEMVSSCONNECTION',
    url,
    scheme: 'OAuth',
    parameters: { AccessToken: accessToken },
  };
}

export async function connectionEndpoint(
  connection: ServiceConnection,
  pipelines: AzurePipelines,
): Promise<Endpoint> {
  const { id, scheme, clientId, tenantId, lateBoundIdToken } = connection;
  return {
    key: id,
    url: 'https://management.azure.com/',
    scheme,
    parameters: {
      tenantid: tenantId,
      serviceprincipalid: clientId,
      ...(lateBoundIdToken && { idToken: await pipelines.newIdToken(connection) }),
    },
    data: { environment: 'AzureCloud' },
  };
}

/** Of the parameters, the agent masks all but those that it knows to be harmless. The client ID is not among those. */
export function secretsOf({ parameters }: Endpoint): string[] {
  return Object.entries(parameters).flatMap(([name, value]) => (name === 'tenantid' ? [] : [value]));
}

export function endpointVariables({ key, url, scheme, parameters, data }: Endpoint): Record<string, string> {
  return {
    [`ENDPOINT_URL_${key}`]: url,
    [`ENDPOINT_AUTH_${key}`]: JSON.stringify({ parameters, scheme }),
    [`ENDPOINT_AUTH_SCHEME_${key}`]: scheme,
    ...prefixed(`ENDPOINT_AUTH_PARAMETER_${key}_`, parameters),
    ...(data && { [`ENDPOINT_DATA_${key}`]: JSON.stringify(data) }),
    ...prefixed(`ENDPOINT_DATA_${key}_`, data ?? {}),
  };
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${environmentName(name)}`, value]),
  );
}
