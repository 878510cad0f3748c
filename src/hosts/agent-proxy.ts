// The agent's own proxy settings, as the variables that HTTP clients know, for the hosts that patless contacts.
// Source: Microsoft, "Run a self-hosted agent behind a web proxy"; the bypass list holds regular expressions.
import { FEEDS_HOST, SHARED_HOST } from '../azure-devops/organization.js';
import { AUTHORITY_HOST } from '../entra/addresses.js';
import type { Environment } from './host.js';

export function contactedHosts({ SYSTEM_OIDCREQUESTURI: service = '' }: Environment): string[] {
  return [AUTHORITY_HOST, SHARED_HOST, FEEDS_HOST, ...(URL.canParse(service) ? [new URL(service).host] : [])];
}

/**
 * @param hosts All hosts that may be contacted: those that the bypass list names go without the proxy.
 * @returns nothing when the agent has no proxy, or does not tell how to pass it: then the job's own variables count.
 */
export function agentProxy(environment: Environment, hosts: readonly string[]): Record<string, string> {
  const proxy = environment.AGENT_PROXYURL ?? '';
  const user = environment.AGENT_PROXYUSERNAME ?? '';
  // A script is not told the password; the job's own variables may have it.
  if (proxy === '' || (user !== '' && environment.SECRET_AGENT_PROXYPASSWORD === undefined)) return {};
  const bypass = patterns(environment.AGENT_PROXYBYPASSLIST ?? '');
  const direct = hosts.filter((host) => bypass.some((pattern) => pattern.test(`https://${host}/`)));
  // Both spellings: an empty one would let the other count.
  const noProxy = direct.join(',');
  return { https_proxy: withCredentials(proxy, environment), no_proxy: noProxy, NO_PROXY: noProxy };
}

/** What is no URL is passed on as it is: the check of the network settings says so. */
function withCredentials(proxy: string, environment: Environment): string {
  const user = environment.AGENT_PROXYUSERNAME ?? '';
  if (user === '' || !URL.canParse(proxy)) return proxy;
  const url = new URL(proxy);
  url.username = encodeURIComponent(user);
  // The agent hands the password over as one of the job's secret variables.
  url.password = encodeURIComponent(environment.SECRET_AGENT_PROXYPASSWORD ?? '');
  return url.href;
}

/** The agent, too, goes on without the expressions that it cannot read. */
function patterns(json: string): RegExp[] {
  return list(json).flatMap((text) => {
    try {
      return [new RegExp(text, 'i')];
    } catch {
      return [];
    }
  });
}

function list(json: string): string[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  } catch {
    return [];
  }
}
