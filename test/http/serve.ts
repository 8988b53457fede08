import net from 'node:net';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { bearer, hashToken } from '../../src/auth/bearer.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { type Listener, listen } from '../../src/http/listen.ts';
import type { Observation } from '../../src/observe/observation.ts';
import { interop } from '../../src/scim/profile.ts';
import { type Answer, type FakeGateway, fakeGateway } from './fake-gateway.ts';

export const token = 'a-token-for-tests-0123456789';

export interface Served {
  readonly url: string;
  readonly gateway: FakeGateway;
  readonly observations: Observation[];
  readonly listener: Listener;
  /** With the token, unless `headers` says something about Authorization. */
  fetch(
    path: string,
    init?: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Response>;
  /** Bytes in, bytes out, until the server closes. */
  raw(request: string): Promise<string>;
}

/** An app over a fake gateway on a free port of the loopback. */
export async function serve(answer?: Answer, options: Partial<AppOptions> = {}): Promise<Served> {
  const gateway = fakeGateway(answer);
  const observations: Observation[] = [];
  const principal = { name: 'tester', profile: interop };
  const app = createApp({
    gateway,
    authenticator: createAuthenticator([bearer([{ tokenHash: hashToken(token), principal }])]),
    observe: (observation) => observations.push(observation),
    basePath: '/scim/v2',
    trustedProxies: [],
    etag: true,
    publicDiscovery: 'serviceProviderConfig',
    bodyBytes: 100_000,
    requestSeconds: 10,
    ...options,
  });
  const listener = await listen(app.callback(), { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${listener.port}`;
  return {
    url,
    gateway,
    observations,
    listener,
    fetch: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } }),
    raw: (request) =>
      new Promise((resolve, reject) => {
        const socket = net.connect(listener.port, '127.0.0.1');
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk.toString('latin1');
        });
        socket.on('error', reject);
        socket.on('close', () => resolve(text));
        socket.write(request, 'latin1');
      }),
  };
}
