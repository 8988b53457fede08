// The listening socket: limits that Node leaves too tight or too loose for a gateway, answers to what never becomes a
// request, and an end that lets running requests finish.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { ScimError } from '../scim/error.ts';
import { errorBody } from '../scim/messages.ts';
import { detailOfStatus } from './to-scim-error.ts';

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Takes no more connections, lets running requests end for at most `graceSeconds`, then closes what is left. */
  stop(graceSeconds: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** PEM; absent: plain HTTP. */
  readonly tls?: TlsListenOptions;
  readonly slow?: SlowLimits;
}

export interface TlsListenOptions {
  readonly cert: string;
  readonly key: string;
  /** Authorities of client certificates. With them clients are asked for one; whether it is enough is decided later. */
  readonly clientCa?: string;
}

/** How long a client may take, in milliseconds, so that many who take long for nothing keep no socket for ever. */
export interface SlowLimits {
  /** For the request line and the headers. */
  readonly headers: number;
  /** For taking any part of an answer that is written. */
  readonly reading: number;
}

const slowLimits: SlowLimits = { headers: 30_000, reading: 60_000 };

/** Koa's callback is one. Never rejects. */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;

// Filters in a URL grow long, and Node answers more than 16 KB of headers with a bare 431.
const maxHeaderBytes = 65_536;
// Above the idle time-outs of usual load balancers (60 s), so that it is never us who closes while they send.
const keepAliveMilliseconds = 75_000;

/** Rejects where the address cannot be had. */
export async function listen(handler: RequestHandler, options: ListenOptions): Promise<Listener> {
  const running = createRunning();
  let stopping = false;
  const { headers, reading } = options.slow ?? slowLimits;
  const server = createServer(options.tls, {
    maxHeaderSize: maxHeaderBytes,
    keepAliveTimeout: keepAliveMilliseconds,
    headersTimeout: headers,
    // The body of a request has its own limit, which a SCIM error goes with (`steps/deadline.ts`).
    requestTimeout: 120_000,
    connectionsCheckingInterval: Math.min(headers, 10_000),
    // A missing Host is answered by the application, with a SCIM body.
    requireHostHeader: false,
  });
  server.on('request', (request, response) => {
    const place = running.add(response);
    response.once('close', () => running.remove(place));
    // From here on the client has to read; Node sets the time-out of an idle connection once it has.
    response.once('prefinish', () => request.socket.setTimeout(reading));
    if (stopping) response.setHeader('Connection', 'close');
    void handler(request, response);
  });
  server.on('checkExpectation', (_request, response: http.ServerResponse) => {
    const [head, body] = rawError(417);
    response.writeHead(417, head).end(body);
  });
  server.on('clientError', answerBrokenRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    host: options.host,
    port: (server.address() as AddressInfo).port,
    async stop(graceSeconds) {
      stopping = true;
      for (const response of running.all()) if (!response.headersSent) response.setHeader('Connection', 'close');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
      await closed;
      clearTimeout(timer);
    },
  };
}

/**
 * The responses that are not complete. An array whose places are used again, not a Set, for the reason that is told in
 * `ldap/client/operation-table.ts`.
 */
function createRunning() {
  const places: (http.ServerResponse | undefined)[] = [];
  const free: number[] = [];
  return {
    add(response: http.ServerResponse): number {
      const place = free.pop() ?? places.length;
      places[place] = response;
      return place;
    },
    remove(place: number): void {
      places[place] = undefined;
      free.push(place);
    },
    all: () => places.filter((response) => response !== undefined),
  };
}

function createServer(tls: TlsListenOptions | undefined, options: http.ServerOptions): http.Server | https.Server {
  if (tls === undefined) return http.createServer(options);
  const { cert, key, clientCa } = tls;
  // A client without a good certificate is no broken connection: it gets a 401 that it can read.
  const clients = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false };
  return https.createServer({ ...options, cert, key, ...clients, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 });
}

/** Bytes that Node's parser refuses never reach the application, and are answered here (O1). */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = parserStatus[error.code ?? ''] ?? 400;
  const [head, body] = rawError(status);
  const headers = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${headers.join('')}\r\n${body}`);
}

const parserStatus: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function rawError(status: number): [head: Record<string, string>, body: string] {
  const body = JSON.stringify(errorBody(new ScimError(status, undefined, detailOfStatus(status))));
  const length = String(Buffer.byteLength(body));
  return [{ 'Content-Type': 'application/scim+json', 'Content-Length': length, Connection: 'close' }, body];
}
