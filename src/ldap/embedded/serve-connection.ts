import type { Socket } from 'node:net';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { decodeRequest } from '../protocol/decode-request.ts';
import { encodeResponse } from '../protocol/encode-response.ts';
import { createFrameSplitter } from '../protocol/frame.ts';
import type { ReceivedRequest, ResponseMessage } from '../protocol/message.ts';
import { extendedOid } from '../protocol/oids.ts';
import { resultCode } from '../result-codes.ts';
import { type AnsweredRequest, answerRequest, isAnswered, resultOf } from './answer-request.ts';
import { anonymous, type DirectoryState } from './directory-state.ts';
import type { FaultPlan } from './faults.ts';
import { PAUSE } from './search.ts';
import type { Session } from './session.ts';

/** Bytes of responses that are put together before they are handed to the socket. */
const BATCH = 64 * 1024;

/** Speaks LDAP with one client until either side goes. */
export function serveConnection(socket: Socket, state: DirectoryState, faults: FaultPlan): void {
  const session: Session = { actor: anonymous, paged: undefined };
  const running = new Map<number, AbortController>();

  const splitter = createFrameSplitter((pdu) => receive(decodeRequest(pdu)));

  function receive(received: ReceivedRequest): void {
    const { request, messageId } = received;
    if (request.kind === 'abandon') running.get(request.messageId)?.abort();
    else if (!isAnswered(request)) socket.end();
    else {
      const abandoned = new AbortController();
      running.set(messageId, abandoned);
      run(request, received, abandoned.signal)
        .catch(() => socket.destroy())
        .finally(() => running.delete(messageId));
    }
  }

  async function run(
    request: AnsweredRequest,
    { messageId, controls }: ReceivedRequest,
    abandoned: AbortSignal,
  ): Promise<void> {
    const batch = createBatch(socket, messageId);
    const fault = faults.take(request);
    // Without a fault nothing is awaited before the operation is done: requests take effect in their order.
    if (fault?.kind === 'delay') await sleep(fault.milliseconds, undefined, { ref: false });
    if (fault?.kind === 'drop' && fault.at === 'beforeApplying') return void socket.destroy();
    if (abandoned.aborted) return;
    const answer =
      fault?.kind === 'answer'
        ? [resultOf(request, fault.code, fault.diagnosticMessage)]
        : answerRequest(state, session, request, controls);
    const drops = fault?.kind === 'drop';
    for (const step of answer) {
      if (abandoned.aborted || socket.destroyed) return;
      if (step === PAUSE) await immediate();
      else if (!drops && batch.add(step)) await batch.flush();
    }
    if (drops) socket.destroy();
    else if (!abandoned.aborted) await batch.flush();
  }

  /** A client that does not speak LDAP is told so (RFC 4511 s4.4.1) and not listened to any more. */
  const disconnect = (text: string) => {
    socket.off('data', take);
    const result = { code: resultCode.protocolError, matchedDn: '', diagnosticMessage: text, referrals: [] };
    socket.end(encodeResponse(0, { kind: 'extended', result, name: extendedOid.noticeOfDisconnection }));
  };
  const take = (chunk: Buffer) => {
    try {
      splitter.push(chunk);
    } catch (error) {
      disconnect(error instanceof Error ? error.message : 'protocol error');
    }
  };

  socket.setNoDelay(true);
  socket.on('data', take);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const controller of running.values()) controller.abort();
  });
}

/** Responses to one message on their way. */
function createBatch(socket: Socket, messageId: number) {
  let waiting: Buffer[] = [];
  let bytes = 0;
  return {
    /** True where enough has come together to be sent. */
    add(response: ResponseMessage): boolean {
      const pdu = encodeResponse(messageId, response);
      waiting.push(pdu);
      bytes += pdu.length;
      return bytes >= BATCH;
    },
    /** Settles as soon as the socket takes more. */
    async flush(): Promise<void> {
      if (waiting.length === 0 || socket.destroyed) return;
      const ready = socket.write(waiting.length === 1 ? (waiting[0] ?? '') : Buffer.concat(waiting, bytes));
      waiting = [];
      bytes = 0;
      if (!ready) await drained(socket);
    },
  };
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
