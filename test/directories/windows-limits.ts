// The limits of Windows in front of a directory that has none: what goes there passes as it is, what comes back is cut as a
// domain controller of Windows cuts it. So Active Directory's own controls and its limits can be tried together.

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { connect } from 'node:tls';
import type { TlsConfig } from '../../src/ldap/client/directory-config.ts';
import type { DirectoryLimits } from '../../src/ldap/embedded/directory-state.ts';
import { compileRanges, type RangedSelection } from '../../src/ldap/embedded/value-ranges.ts';
import type { RequestControl } from '../../src/ldap/operations.ts';
import { decodeRequest } from '../../src/ldap/protocol/decode-request.ts';
import { decodeResponse } from '../../src/ldap/protocol/decode-response.ts';
import { encodeRequest } from '../../src/ldap/protocol/encode-request.ts';
import { encodeResponse } from '../../src/ldap/protocol/encode-response.ts';
import { createFrameSplitter } from '../../src/ldap/protocol/frame.ts';
import { resultCode } from '../../src/ldap/result-codes.ts';

interface RunningSearch {
  readonly ranges: RangedSelection;
  readonly paged: boolean;
  entries: number;
}

/** Listens on loopback without TLS; `target` is a server of ldaps. */
export async function startWindowsLimits(
  target: { readonly url: string; readonly tls: TlsConfig },
  limits: Required<DirectoryLimits>,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { hostname: host, port } = new URL(target.url);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host, port: Number(port), ca: target.tls.ca });
    const searches = new Map<number, RunningSearch>();
    const toServer = createFrameSplitter((pdu) => upstream.write(passRequest(pdu, searches, limits)));
    const toClient = createFrameSplitter((pdu) => {
      const passed = passResponse(pdu, searches, limits);
      if (passed !== undefined) client.write(passed);
    });
    client.on('data', (chunk: Buffer) => toServer.push(chunk));
    upstream.on('data', (chunk: Buffer) => toClient.push(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `ldap://127.0.0.1:${address.port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function passRequest(pdu: Buffer, searches: Map<number, RunningSearch>, limits: Required<DirectoryLimits>): Buffer {
  const { messageId, request, controls } = decodeRequest(pdu);
  if (request.kind !== 'search') return pdu;
  const ranges = compileRanges(request.attributes, limits.values);
  const known = controls.flatMap((control): RequestControl[] => {
    if (control.kind === 'unknown') return [];
    return [control.kind === 'pagedResults' ? { ...control, size: Math.min(control.size, limits.entries) } : control];
  });
  searches.set(messageId, { ranges, paged: known.some(({ kind }) => kind === 'pagedResults'), entries: 0 });
  return encodeRequest(messageId, { ...request, attributes: ranges.names, controls: known });
}

/** Undefined for what the client does not get. */
function passResponse(
  pdu: Buffer,
  searches: Map<number, RunningSearch>,
  limits: Required<DirectoryLimits>,
): Buffer | undefined {
  const { messageId, response } = decodeResponse(pdu);
  const search = searches.get(messageId);
  if (response === undefined || search === undefined) return pdu;
  const isCut = (): boolean => !search.paged && search.entries > limits.entries;
  if (response.kind === 'searchEntry') {
    search.entries += 1;
    const entry = search.ranges.cut(response.entry);
    return isCut() ? undefined : encodeResponse(messageId, { ...response, entry });
  }
  if (response.kind !== 'searchDone') return pdu;
  searches.delete(messageId);
  const result = { ...response.result, code: resultCode.sizeLimitExceeded };
  return isCut() ? encodeResponse(messageId, { ...response, result }) : pdu;
}
