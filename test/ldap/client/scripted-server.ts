// An LDAP server that does what a test tells it, byte by byte where need be. It listens on 127.0.0.1 on a free port.
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { LdapEntry } from '../../../src/ldap/entry.ts';
import { decodeRequest } from '../../../src/ldap/protocol/decode-request.ts';
import { encodeResponse } from '../../../src/ldap/protocol/encode-response.ts';
import { createFrameSplitter } from '../../../src/ldap/protocol/frame.ts';
import type { ReceivedRequest, ResponseMessage, ResultFields } from '../../../src/ldap/protocol/message.ts';

export interface Peer {
  /** 1 for the first connection that came. */
  readonly number: number;
  send(messageId: number, response: ResponseMessage): void;
  raw(bytes: Buffer): void;
  readonly close: () => void;
}

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  /** Every request in order of arrival, abandon and unbind included. */
  readonly requests: ReceivedRequest[];
  /** Connections that came, and those that are open. */
  readonly count: { came: number; open: number };
  close(): Promise<void>;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface ServerOptions {
  /** Gets the binds, which otherwise succeed. */
  readonly onBind?: (received: ReceivedRequest, peer: Peer) => unknown;
  /** Speak TLS from the first byte, or after StartTLS was answered with success. */
  readonly tls?: { readonly certificate: Certificate; readonly start: 'first' | 'startTls' };
}

/** `answer` gets every request but bind and unbind; `startTls` as what it returns makes the server speak TLS. */
export async function startScriptedServer(
  answer: (received: ReceivedRequest, peer: Peer) => unknown,
  options: ServerOptions = {},
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const count = { came: 0, open: 0 };

  function serve(plain: Socket): void {
    count.came += 1;
    count.open += 1;
    sockets.add(plain);
    let socket = plain;
    const number = count.came;
    plain.on('error', () => undefined);
    plain.on('close', () => {
      sockets.delete(plain);
      count.open -= 1;
    });
    const peer: Peer = {
      number,
      send: (messageId, response) => void socket.write(encodeResponse(messageId, response)),
      raw: (bytes) => void socket.write(bytes),
      close: () => socket.destroy(),
    };
    const listen = (): void => {
      const splitter = createFrameSplitter((pdu) => {
        const received = decodeRequest(pdu);
        requests.push(received);
        if (received.request.kind === 'unbind') return;
        if (received.request.kind === 'bind') {
          if (options.onBind !== undefined) options.onBind(received, peer);
          else peer.send(received.messageId, { kind: 'bind', result: result(0) });
          return;
        }
        const handled = answer(received, peer);
        if (handled === 'startTls') secure();
      });
      socket.on('data', (chunk: Buffer) => splitter.push(chunk));
    };
    const secure = (): void => {
      if (options.tls === undefined) return;
      plain.removeAllListeners('data');
      socket = new TLSSocket(plain, { isServer: true, ...options.tls.certificate });
      socket.on('error', () => undefined);
      listen();
    };
    if (options.tls?.start === 'first') secure();
    else listen();
  }

  const server = createServer({ noDelay: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const scheme = options.tls?.start === 'first' ? 'ldaps' : 'ldap';
  return {
    url: `${scheme}://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    count,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function result(code: number, diagnosticMessage = ''): ResultFields {
  return { code, matchedDn: '', diagnosticMessage, referrals: [] };
}

export function entry(dn: string, attributes: Record<string, readonly (string | Buffer)[]> = {}): ResponseMessage {
  const values = Object.entries(attributes).map(
    ([name, list]) => [name.toLowerCase(), list.map((value) => Buffer.from(value as string))] as const,
  );
  return { kind: 'searchEntry', entry: new LdapEntry(dn, new Map(values)) };
}

export const done = (code = 0): ResponseMessage => ({ kind: 'searchDone', result: result(code) });
