// System.AccessToken: what Azure Pipelines gives to a job to call Azure DevOps with, here as bearer or as the job's identity.
import type { Environment } from '../hosts/host.js';
import { claimsOf } from '../jwt.js';
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

/** @returns undefined for a token that does not say when it expires. */
export function expiryOf(token: Secret): Date | undefined {
  const expires = claimsOf(token.reveal())?.exp;
  const date = new Date(typeof expires === 'number' ? expires * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export const EXPIRED_CURE =
  "Sign in earlier in the job; the token lives as long as the job's `timeoutInMinutes` lets it.";
