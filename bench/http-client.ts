// A client of one keep-alive connection that asks one thing at a time and looks at no more of the answer than its
// length. The usual clients cost more than the gateway that they measure.

import { connect } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface HttpClient {
  send(method: string, path: string, body?: unknown): Promise<HttpAnswer>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** `base` is a URL without a trailing slash. */
export function connectHttp(base: string, token: string): HttpClient {
  const { hostname, port, pathname, host } = new URL(base);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received = Buffer.alloc(0);
  let waiting: Waiting | undefined;
  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The gateway closed the connection')));
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer === undefined) return;
    received = Buffer.alloc(0);
    waiting?.resolve(answer);
    waiting = undefined;
  });
  return {
    send(method, path, body) {
      const text = body === undefined ? '' : JSON.stringify(body);
      const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
      waiting = { resolve, reject };
      socket.write(
        `${method} ${pathname}${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
          'Accept: application/scim+json\r\nContent-Type: application/scim+json\r\n' +
          `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      );
      return promise;
    },
    close: () => void socket.destroy(),
  };
}

/** Undefined where the rest is still to come. The gateway always says how long its answers are. */
function readAnswer(received: Buffer): HttpAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = received.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const start = end + 4;
  if (received.length < start + length) return undefined;
  return { status: Number(head.slice(9, 12)), text: received.toString('utf8', start, start + length) };
}
