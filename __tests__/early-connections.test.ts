// What a request is told; that it then works, is used once and only without a proxy, http.test.ts shows with real servers.
import { once } from 'node:events';
import type { RequestOptions } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { connectEarly, useEarlyConnection } from '../src/early-connections.js';

test('the request gets the connection once, and leaves the usual port out of its Host', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  connectEarly(host, new AbortController().signal);
  const first: RequestOptions = { agent: false };
  useEarlyConnection(new URL(`https://${host}/path`), first);
  expect(first).toEqual({ agent: undefined, defaultPort: 443, createConnection: expect.any(Function) });
  const second: RequestOptions = { agent: false };
  useEarlyConnection(new URL(`https://${host}/path`), second);
  expect(second).toEqual({ agent: false });
  const socket = first.createConnection?.({}, () => undefined);
  if (socket && 'destroy' in socket) socket.destroy();
  server.close();
});

test('when the run has ended, a connection that nobody has used is closed', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const ended = new AbortController();
  connectEarly(host, ended.signal);
  const [socket] = (await once(server, 'connection')) as [Socket];
  ended.abort();
  await once(socket.resume(), 'close');
  const options: RequestOptions = {};
  useEarlyConnection(new URL(`https://${host}`), options);
  expect(options).toEqual({});
  server.close();
});
