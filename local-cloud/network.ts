// Production host names on loopback: a CONNECT proxy that leads played hosts to one TLS server, and refuses strangers.
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ServerCertificate } from './certificates.js';
import type { PlayedRequest, PlayedResponse } from './http.js';

const TLS_PORTS = new Set([443, 8443]);

export interface NetworkOptions {
  /** One certificate for all played hosts, and one for the proxy over TLS. */
  readonly certificates: { readonly hosts: ServerCertificate; readonly proxy: ServerCertificate };
  readonly isPlayed: (host: string) => boolean;
  readonly answer: (request: PlayedRequest, response: ServerResponse) => Promise<PlayedResponse | undefined>;
  readonly refuse: (target: string) => void;
  /** Where the TLS server itself listens, for those who reach played hosts without the proxy; 0: anywhere. */
  readonly tlsPort?: number;
}

export interface Network {
  readonly proxyPort: number;
  /** The same proxy, reached over TLS. */
  readonly tlsProxyPort: number;
  /** When set, the proxy demands these credentials ("user:password"). */
  proxyCredentials: string | undefined;
  stop(): Promise<void>;
}

export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };

  const tlsServer = createHttpsServer(options.certificates.hosts, (request, response) => {
    void serve('https', request, response, options);
  });
  tlsServer.on('connection', track);
  const tlsPort = await listen(tlsServer, options.tlsPort);

  const proxy = createHttpServer((request, response) => {
    void serve('http', request, response, options);
  });
  proxy.on('connection', track);
  proxy.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const [host = '', port = ''] = (request.url ?? '').toLowerCase().split(':');
    if (!isAllowed(request, network.proxyCredentials)) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n',
      );
    } else if (!options.isPlayed(host) || !TLS_PORTS.has(Number(port))) {
      options.refuse(request.url ?? '');
      client.end('HTTP/1.1 502 Not Part Of This Cloud\r\n\r\n');
    } else {
      const server = connect(tlsPort, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        server.write(head);
        server.pipe(client).pipe(server);
      });
      track(server);
      client.on('close', () => server.destroy());
    }
  });

  const tlsProxy = createTlsServer(options.certificates.proxy, (socket) => proxy.emit('connection', socket));
  tlsProxy.on('connection', track);

  const network: Network = {
    proxyPort: await listen(proxy),
    tlsProxyPort: await listen(tlsProxy),
    proxyCredentials: undefined,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        [tlsServer, proxy, tlsProxy].map((server) => new Promise((resolve) => server.close(resolve))),
      );
    },
  };
  return network;
}

function isAllowed(request: IncomingMessage, credentials: string | undefined): boolean {
  if (credentials === undefined) return true;
  return request.headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** Plain http reaches this through the proxy as an absolute URL, TLS as a path and a Host header. */
async function serve(
  scheme: 'https' | 'http',
  message: IncomingMessage,
  response: ServerResponse,
  options: NetworkOptions,
): Promise<void> {
  try {
    // Not resolved against a base: a path may begin with two slashes.
    const path = message.url ?? '/';
    const url = new URL(path.startsWith('/') ? `${scheme}://${message.headers.host}${path}` : path);
    if (!options.isPlayed(url.hostname)) {
      options.refuse(url.host);
      response.writeHead(502).end();
      return;
    }
    const request = {
      scheme,
      host: url.hostname,
      port: Number(url.port) || (scheme === 'https' ? 443 : 80),
      method: message.method ?? 'GET',
      url,
      headers: message.headers,
      body: await readAll(message),
    };
    const answer = await options.answer(request, response);
    if (answer === undefined) return;
    response.writeHead(answer.status, {
      'content-length': Buffer.byteLength(answer.body ?? ''),
      ...answer.headers,
    } as never);
    response.end(answer.body);
  } catch (error) {
    response.writeHead(500).end(`local cloud: ${error}`);
  }
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
