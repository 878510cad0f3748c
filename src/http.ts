// The one HTTP client: https only (but for this machine's own metadata endpoints), no redirects, one deadline over the whole exchange, a capped body.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { isIP } from 'node:net';
import tls, { type ConnectionOptions } from 'node:tls';
import { HttpClient as ActionsHttpClient } from '@actions/http-client';
import { useEarlyConnection } from './early-connections.js';
import { PatlessError, TRANSIENT } from './errors.js';
import { printable } from './printable.js';
import { VERSION } from './version.js';

const LARGEST_BODY = 1024 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Limit for connecting, headers and the whole body. */
  readonly timeoutSeconds: number;
  /** For the endpoints of managed identities: plain http, without a proxy, to this machine's own addresses only. */
  readonly isLocal?: true;
  /** Called when the request has left: what is done now costs no time, and done before would delay it. */
  readonly whileWaiting?: () => void;
}

export interface HttpResponse {
  /** Redirects (3xx) are returned like any other status, and never followed. */
  readonly status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A redirect is an answer like any other here; whoever asked says in its error that it is not followed. */
export function isRedirect({ status }: HttpResponse): boolean {
  return status >= 300 && status < 400;
}

/** @throws PatlessError NETWORK, or the reason of `deadline` when that has aborted. */
export type Send = (request: HttpRequest, deadline: AbortSignal) => Promise<HttpResponse>;

export const send: Send = async (request, deadline) => {
  const url = request.isLocal ? localUrl(request.url) : httpsUrl(request.url);
  const attempt = AbortSignal.timeout(request.timeoutSeconds * 1000);
  const signal = AbortSignal.any([deadline, attempt]);
  try {
    return await sendOnce(request, url, signal, undefined).catch((error: unknown) => {
      const trusted = isUnknownIssuer(error) ? withSystemStore() : undefined;
      if (trusted === undefined) throw error;
      return sendOnce(request, url, signal, trusted);
    });
  } catch (error) {
    if (deadline.aborted) throw deadline.reason;
    throw networkError(url, error, attempt.aborted ? request.timeoutSeconds : undefined);
  }
};

async function sendOnce(
  request: HttpRequest,
  url: URL,
  signal: AbortSignal,
  trusted: readonly string[] | undefined,
): Promise<HttpResponse> {
  const client = new ActionsHttpClient(undefined, [onEveryRequest(url, signal, trusted)], {
    allowRedirects: false,
  });
  const headers = { ...request.headers };
  if (request.whileWaiting) onceSent(url, request.whileWaiting);
  const { message } = await client.request(request.method, url.href, request.body ?? null, headers);
  return {
    status: message.statusCode ?? 0,
    headers: flatten(message.headers),
    body: await readBody(message),
  };
}

/** The library does not show its request, but Node announces each; a proxy's CONNECT is not the one meant. */
function onceSent(url: URL, whileWaiting: () => void): void {
  const channel = 'http.client.request.start';
  const onStart = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    if (request.host !== url.hostname || request.method === 'CONNECT') return;
    unsubscribe(channel, onStart);
    request.once('finish', whileWaiting);
  };
  subscribe(channel, onStart);
}

function isUnknownIssuer(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^(?:UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/.test(
    code,
  );
}

/**
 * A TLS-inspecting proxy's root is often in the system's store only, which Node does not read by itself.
 * @returns undefined where Node has no way to read it (before 22.15).
 */
function withSystemStore(): readonly string[] | undefined {
  if (typeof tls.getCACertificates !== 'function') return undefined;
  return [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
}

/** Loopback and link-local addresses never leave the machine or its host; App Service and Azure's metadata are there. */
const LOCAL_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|169\.254(?:\.\d{1,3}){2}|\[::1\])$/;

function localUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && LOCAL_HOST.test(url.hostname) && !url.username && !url.password)
    return url;
  throw new PatlessError('NETWORK', `Refused to call ${printable(url?.origin ?? 'an unreadable URL')}.`, {
    hint: "This is no plain http address of this machine's own; check the variable that holds this URL.",
  });
}

function httpsUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url;
  throw new PatlessError('NETWORK', `Refused to call ${printable(url?.origin ?? 'an unreadable URL')}.`, {
    hint: 'Only https URLs without credentials are called; check the variable that holds this URL.',
  });
}

/** The options of the CONNECT request that the `tunnel` package, below @actions/http-client, makes to a proxy. */
type ConnectOptions = RequestOptions & { servername?: string; proxyAuth?: string };

/** What @actions/http-client lets a handler add: deadline, trust and user agent of every request. */
function onEveryRequest(url: URL, signal: AbortSignal, trusted: readonly string[] | undefined) {
  return {
    prepareRequest(options: RequestOptions): void {
      options.signal = signal;
      options.headers = { ...options.headers, 'user-agent': `patless/${VERSION}` };
      if (url.protocol === 'http:') {
        // Not the library's, which would take it to the proxy in HTTP_PROXY.
        options.agent = new Agent();
        return;
      }
      const agent = options.agent as { options?: ConnectionOptions; proxyOptions?: ConnectOptions };
      if (trusted !== undefined && agent.options) agent.options.ca = [...trusted];
      if (trusted === undefined) useEarlyConnection(url, options);
      const { proxyOptions } = agent;
      if (proxyOptions === undefined) return;
      proxyOptions.signal = signal;
      // Else Node would hold the certificate of a TLS proxy against the name of the target.
      proxyOptions.servername = isIP(proxyOptions.host ?? '') ? '' : (proxyOptions.host ?? '');
      // It encodes credentials with `new Buffer`, whose deprecation warning would stand in the job's log.
      if (proxyOptions.proxyAuth) process.noDeprecation = true;
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('not used')),
  };
}

/** The library's own reader has no limit and waits for ever for the rest of a truncated body. */
async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      message.destroy();
      throw new Error(`the answer is larger than ${LARGEST_BODY} bytes`);
    }
    chunks.push(chunk);
  }
  if (!message.complete) throw new Error('the answer was cut off');
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

const CERTIFICATE_PROBLEM = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

function networkError(url: URL, cause: unknown, timedOutAfter: number | undefined): PatlessError {
  if (timedOutAfter !== undefined) {
    return new PatlessError('NETWORK', `${url.host} did not answer within ${timedOutAfter} seconds.`, {
      hint: 'If this repeats, check the network or proxy between this runner and that host.',
      cause,
      retry: TRANSIENT,
    });
  }
  const reason = printable(cause instanceof Error ? describe(cause) : String(cause));
  const message = `Could not reach ${url.host}: ${reason}.`;
  if (/CERT_(?:HAS_EXPIRED|NOT_YET_VALID)/.test(reason)) {
    return new PatlessError('NETWORK', message, {
      hint:
        `Compare this machine's clock, ${new Date().toISOString()}, with the real time: it decides whether a ` +
        `certificate is valid. If it is right, the certificate of ${url.host}, or of a proxy on the way, is out of date.`,
      cause,
    });
  }
  if (/ERR_TLS_CERT_ALTNAME_INVALID/.test(reason)) {
    return new PatlessError('NETWORK', message, {
      hint: `Another server answers in the place of ${url.host}: check the DNS and the proxy of this runner.`,
      cause,
    });
  }
  if (CERTIFICATE_PROBLEM.test(reason)) {
    return new PatlessError('NETWORK', message, {
      hint:
        'The certificate is not trusted by Node. Behind a TLS-inspecting proxy, set NODE_EXTRA_CA_CERTS ' +
        "on the runner to a PEM file with the proxy's root certificate.",
      cause,
    });
  }
  if (/statusCode=4\d\d/.test(reason)) {
    return new PatlessError('NETWORK', message, {
      hint: `The proxy in HTTPS_PROXY refused the connection: check its credentials and that it allows ${url.host}.`,
      cause,
    });
  }
  return new PatlessError('NETWORK', message, {
    hint: `Check that this runner can reach https://${url.host} (HTTPS_PROXY and NO_PROXY are honoured).`,
    cause,
    retry: TRANSIENT,
  });
}

function describe(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  // Happy eyeballs gives an AggregateError with an empty message; its parts hold the reason.
  const parts = error instanceof AggregateError ? error.errors.map(String) : [error.message];
  return [code, ...parts].filter(Boolean).join(': ');
}
