// Connections made ahead of their request: TCP and TLS are set up while another answer is waited for. Nothing is sent on
// them before; the request that comes takes the connection over, with all its checks, or makes one of its own.
import type { RequestOptions } from 'node:http';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { getProxyUrl } from '@actions/http-client/lib/proxy';

/** A server may close an idle connection, and a request on it would fail: older ones are not used. */
const LONGEST_IDLE_MS = 5000;

interface EarlyConnection {
  readonly socket: TLSSocket;
  readonly since: number;
}

const connections = new Map<string, EarlyConnection>();

/**
 * Begins a connection. Behind a proxy it does nothing.
 * @param host A name, with its port where that is not 443.
 * @param ended Closes a connection that nobody has used: while it is not there yet, it would keep the process alive.
 */
export function connectEarly(host: string, ended: AbortSignal): void {
  const url = new URL(`https://${host}`);
  if (connections.has(url.host) || getProxyUrl(url) !== undefined) return;
  const servername = url.hostname;
  const socket = connect({
    host: servername,
    port: Number(url.port || 443),
    servername,
    // As an agent sets it: else the request could wait for the end of the handshake to be acknowledged.
    noDelay: true,
    signal: ended,
  } as ConnectionOptions);
  socket.unref();
  // A connection that fails here is simply not there; the request will meet the reason itself.
  socket.on('error', () => connections.delete(url.host));
  connections.set(url.host, { socket, since: performance.now() });
}

/** Makes a request use the connection that stands ready for its host, if there is one. */
export function useEarlyConnection(url: URL, options: RequestOptions): void {
  const early = connections.get(url.host);
  connections.delete(url.host);
  if (early === undefined) return;
  const { socket, since } = early;
  // Bytes that came unasked, such as a 408 before the close, would be taken for the answer.
  if (socket.destroyed || socket.readableLength > 0 || performance.now() - since > LONGEST_IDLE_MS) {
    socket.destroy();
    return;
  }
  // Node documents `createConnection` for requests without an agent, which else knows the port that Host leaves out.
  options.agent = undefined;
  options.defaultPort = 443;
  options.createConnection = () => socket.ref();
}
