// What the environment says of the network: refused where it is unsafe or would be ignored; and a proxy's
// credentials in every form that a log could show.
import { PatlessError } from './errors.js';
import type { Environment } from './hosts/host.js';
import { base64, isMaskable } from './masks.js';
import { Secret } from './secret.js';

/** In the order in which the library looks; all requests are https. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY'] as const;

/** @throws PatlessError INPUT_INVALID that names the variable, not its value. */
export function checkNetworkSettings(environment: Environment): void {
  refuseUncheckedCertificates(environment);
  refuseUnreadableProxy(environment);
}

function refuseUncheckedCertificates(environment: Environment): void {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return;
  throw new PatlessError(
    'INPUT_INVALID',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the checks of certificates off.',
    {
      hint:
        'Unset it: anybody on the way could take the token. For a TLS-inspecting proxy, set NODE_EXTRA_CA_CERTS to a ' +
        "PEM file with the proxy's root certificate instead.",
    },
  );
}

/** The library falls back to a direct connection, in silence, when it cannot read the variable. */
function refuseUnreadableProxy(environment: Environment): void {
  const name = VARIABLES.find((candidate) => environment[candidate]);
  if (name === undefined || isReadable(environment[name] ?? '')) return;
  const what = environment.AGENT_PROXYURL
    ? 'The proxy that the agent is set up with'
    : `The variable ${name}`;
  throw new PatlessError('INPUT_INVALID', `${what} cannot be read as the URL of a proxy.`, {
    hint: 'Write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded.',
  });
}

/** The library reads a value that is no URL once more with http:// before it, unless it begins with that. */
function isReadable(value: string): boolean {
  const text = URL.canParse(value) || /^https?:\/\//.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && canDecode(username) && canDecode(password);
}

/** The password, `user:password` as written and as meant, and the Basic header made of it. */
export function proxyCredentials(environment: Environment): Secret[] {
  const userInfos = [...VARIABLES, 'http_proxy', 'HTTP_PROXY'].flatMap((name) => {
    const userInfo = /^(?:[a-z]+:\/\/)?([^/]*)@/i.exec(environment[name] ?? '')?.[1];
    return userInfo === undefined ? [] : [userInfo.includes(':') ? userInfo : `${userInfo}:`];
  });
  const forms = userInfos.flatMap((userInfo) => {
    const decoded = canDecode(userInfo) ? decodeURIComponent(userInfo) : userInfo;
    const passwords = [userInfo, decoded].map((pair) => pair.slice(pair.indexOf(':') + 1));
    return [...passwords, userInfo, decoded, base64(decoded)];
  });
  return [...new Set(forms)].map((form) => new Secret(form)).filter(isMaskable);
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
