// System.AccessToken: what Azure Pipelines gives to a job to call Azure DevOps with, here as bearer or as the job's identity.
import type { Environment } from '../hosts/host.js';
import { Secret } from '../secret.js';

/**
 * A task finds it in the endpoint of the agent's own connection, a script only where its `env:` maps it.
 * @returns undefined when there is none.
 */
export function systemAccessToken(environment: Environment): Secret | undefined {
  const text =
    environment.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN || environment.SYSTEM_ACCESSTOKEN;
  return text ? new Secret(text) : undefined;
}
