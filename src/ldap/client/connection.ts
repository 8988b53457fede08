// One connection to one server, from the bytes up: many operations at once, each with its own fate. In charge of
// message ids, deadlines, abandoning and of telling every operation when the connection ends. It is used once: what has
// closed stays closed. It never connects, binds, retries or chooses a server.
import type { Socket } from 'node:net';
import { LdapConnectionError, LdapTimeoutError } from '../errors.ts';
import type { ResponseControls } from '../operations.ts';
import { decodeMessageId, decodeResponse } from '../protocol/decode-response.ts';
import { encodeRequest } from '../protocol/encode-request.ts';
import { createFrameSplitter } from '../protocol/frame.ts';
import type { ResponseMessage } from '../protocol/message.ts';
import { extendedOid } from '../protocol/oids.ts';
import type {
  ConnectionOptions,
  ExchangeRequest,
  FinalResponse,
  Operation,
  RunningOperation,
  RunOptions,
} from './operation.ts';
import { OperationTable } from './operation-table.ts';
import { abortError } from './race-signal.ts';

const NO_CONTROLS: ResponseControls = Object.freeze({});

export class LdapConnection {
  readonly server: string;
  readonly #socket: Socket;
  readonly #maxInFlight: number;
  readonly #active: OperationTable;
  #queue: Operation[] = [];
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #idleListeners: (() => void)[] = [];
  #outgoing: { readonly bytes: Buffer; readonly operation: Operation | undefined }[] = [];
  #closeReason: string | undefined;
  #chunks = 0;
  #suspect = false;

  /** Takes over a socket that is connected and, where it is to be, secured. */
  constructor(socket: Socket, options: ConnectionOptions) {
    this.server = options.server;
    this.#socket = socket;
    this.#maxInFlight = options.maxInFlight;
    this.#active = new OperationTable(options.maxInFlight, options.firstMessageId ?? 1);
    const splitter = createFrameSplitter((pdu) => this.#receive(pdu), options.maxMessage);
    socket.on('data', (chunk: Buffer) => {
      if (this.closed) return;
      this.#chunks += 1;
      try {
        splitter.push(chunk);
      } catch (error) {
        this.destroy(`the server broke the protocol: ${messageOf(error)}`);
      }
    });
    socket.on('error', (error) => this.destroy(messageOf(error)));
    socket.on('close', () => this.destroy('the server closed the connection'));
    if (socket.destroyed) this.destroy('the server closed the connection');
  }

  get closed(): boolean {
    return this.#closeReason !== undefined;
  }

  /**
   * True after an operation timed out during which nothing at all arrived: the server may be gone without a word. What
   * runs may still end; new operations belong elsewhere.
   */
  get suspect(): boolean {
    return this.#suspect;
  }

  /** Operations that have not ended, in the queue or on the way. */
  get load(): number {
    return this.#active.size + this.#queue.length;
  }

  /** Of these, those that wait to be sent. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Resolves when no operation is left, or the connection is closed. */
  idle(): Promise<void> {
    if (this.closed || this.load === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleListeners.push(resolve));
  }

  onClose(listener: (reason: string) => void): void {
    if (this.#closeReason === undefined) this.#closeListeners.push(listener);
    else listener(this.#closeReason);
  }

  /**
   * Sends a request. The response rejects with `LdapTimeoutError`, `LdapConnectionError` or the signal's reason, never
   * because of a result code. Throws where the request cannot be encoded.
   */
  start(request: ExchangeRequest, options: RunOptions): RunningOperation {
    const { promise, resolve, reject } = Promise.withResolvers<FinalResponse>();
    const operation: Operation = {
      ...options,
      request,
      messageId: 0,
      chunksBefore: 0,
      state: 'queued',
      timer: undefined,
      onAbort: undefined,
      resolve,
      reject,
    };
    const running = {
      response: promise,
      abandon: (reason: Error) => this.#abandon(operation, reason),
    };
    const { signal } = options;
    if (this.#closeReason !== undefined) {
      this.#end(operation, () => reject(this.#connectionError(operation)));
    } else if (signal?.aborted) {
      this.#end(operation, () => reject(abortError(signal, false)));
    } else {
      operation.timer = setTimeout(() => this.#timeOut(operation), options.timeout);
      if (signal !== undefined) {
        operation.onAbort = () => this.#abandon(operation, abortError(signal, operation.state === 'sent'));
        signal.addEventListener('abort', operation.onAbort, { once: true });
      }
      if (this.#active.size < this.#maxInFlight) this.#send(operation);
      else this.#queue.push(operation);
    }
    return running;
  }

  run(request: ExchangeRequest, options: RunOptions): Promise<FinalResponse> {
    return this.start(request, options).response;
  }

  /** Says goodbye and closes (RFC 4511 s4.3). Operations that are still running fail. */
  unbind(): void {
    if (this.closed) return;
    this.#flush();
    this.#socket.end(encodeRequest(this.#active.nextId(), { kind: 'unbind' }));
    this.#close('the connection was closed by the client');
    // A server that does not close its side must not keep the socket.
    setTimeout(() => this.#socket.destroy(), 1_000).unref();
  }

  /** Closes at once; every operation fails with `reason`. */
  destroy(reason: string): void {
    if (this.closed) return;
    this.#close(reason);
    this.#socket.destroy();
  }

  #close(reason: string): void {
    this.#closeReason = reason;
    this.#outgoing = [];
    for (const operation of [...this.#active.all(), ...this.#queue]) {
      const error = this.#connectionError(operation);
      this.#end(operation, () => operation.reject(error));
    }
    for (const listener of this.#closeListeners) listener(reason);
  }

  #connectionError(operation: Operation): LdapConnectionError {
    return new LdapConnectionError(`${this.server}: ${this.#closeReason}`, {
      mayBeApplied: operation.state === 'sent',
    });
  }

  #send(operation: Operation): void {
    const messageId = this.#active.nextId();
    let bytes: Buffer;
    try {
      bytes = encodeRequest(messageId, operation.request);
    } catch (error) {
      this.#end(operation, () => operation.reject(error));
      return;
    }
    operation.messageId = messageId;
    operation.state = 'buffered';
    this.#active.add(operation);
    this.#write(bytes, operation);
  }

  /**
   * A lone request goes out at once. Where more are running, those of one turn of the event loop go out in one write:
   * the system call costs more than the encoding.
   */
  #write(bytes: Buffer, operation?: Operation): void {
    if (this.#outgoing.push({ bytes, operation }) > 1) return;
    if (this.#active.size <= 1) this.#flush();
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    const outgoing = this.#outgoing;
    if (this.closed || outgoing.length === 0) return;
    this.#outgoing = [];
    const parts: Buffer[] = [];
    for (const { bytes, operation } of outgoing) {
      if (operation?.state === 'ended') continue;
      if (operation !== undefined) {
        operation.state = 'sent';
        operation.chunksBefore = this.#chunks;
      }
      parts.push(bytes);
    }
    const [only] = parts;
    if (only !== undefined) this.#socket.write(parts.length === 1 ? only : Buffer.concat(parts));
  }

  #timeOut(operation: Operation): void {
    if (operation.state === 'sent' && operation.chunksBefore === this.#chunks) this.#suspect = true;
    const text = `${this.server}: no answer to ${operation.request.kind} within ${operation.timeout} ms`;
    this.#abandon(operation, new LdapTimeoutError(text, { mayBeApplied: operation.state === 'sent' }));
  }

  #abandon(operation: Operation, reason: unknown): void {
    if (operation.state === 'ended') return;
    const { messageId, state } = operation;
    this.#end(operation, () => operation.reject(reason));
    if (this.closed || state !== 'sent') return;
    // RFC 4511 s4.11: a bind cannot be abandoned, and what is left of it would confuse the next one.
    if (operation.request.kind === 'bind') this.destroy('the bind was given up');
    else this.#write(encodeRequest(this.#active.nextId(), { kind: 'abandon', messageId }));
  }

  #end(operation: Operation, settle: () => void): void {
    operation.state = 'ended';
    clearTimeout(operation.timer);
    if (operation.onAbort !== undefined) operation.signal?.removeEventListener('abort', operation.onAbort);
    if (operation.messageId !== 0) this.#active.delete(operation);
    else if (this.#queue.length > 0) this.#queue = this.#queue.filter((other) => other !== operation);
    settle();
    if (this.load === 0) {
      for (const listener of this.#idleListeners) listener();
      this.#idleListeners = [];
    }
    if (this.closed || this.#active.size >= this.#maxInFlight) return;
    const next = this.#queue.shift();
    if (next !== undefined) this.#send(next);
  }

  #receive(pdu: Buffer): void {
    if (this.closed) return;
    let message: ReturnType<typeof decodeResponse>;
    try {
      message = decodeResponse(pdu);
    } catch (error) {
      // The frame is sound, so the other operations are: only the one that this answers is lost.
      const operation = this.#active.get(decodeMessageId(pdu));
      if (operation !== undefined) this.#lose(operation, messageOf(error));
      return;
    }
    const { messageId, response } = message;
    if (response === undefined || response.kind === 'intermediate') return;
    if (messageId === 0) {
      this.#receiveNotice(response);
      return;
    }
    // Nobody waits for the answer to an operation that was abandoned.
    const operation = this.#active.get(messageId);
    if (operation !== undefined) this.#deliver(operation, response);
  }

  #deliver(operation: Operation, response: Exclude<ResponseMessage, { kind: 'intermediate' }>): void {
    const expected = operation.request.kind === 'search' ? 'searchDone' : operation.request.kind;
    if (response.kind === expected) {
      const controls = 'controls' in response ? (response.controls ?? NO_CONTROLS) : NO_CONTROLS;
      const value = 'value' in response ? response.value : undefined;
      this.#end(operation, () => operation.resolve({ result: response.result, controls, value }));
    } else if (response.kind === 'searchEntry' && expected === 'searchDone') {
      operation.onEntry?.(response.entry);
    } else if (response.kind === 'searchReference' && expected === 'searchDone') {
      operation.onReference?.(response.urls);
    } else {
      this.#lose(operation, `${response.kind} does not answer ${operation.request.kind}`);
    }
  }

  #lose(operation: Operation, text: string): void {
    this.#abandon(operation, new LdapConnectionError(`${this.server}: ${text}`, { mayBeApplied: true }));
  }

  /** RFC 4511 s4.4: of the unsolicited notifications one has a meaning here. */
  #receiveNotice(response: ResponseMessage): void {
    if (response.kind !== 'extended' || response.name !== extendedOid.noticeOfDisconnection) return;
    const { code, diagnosticMessage } = response.result;
    this.destroy(`the server announced that it disconnects (${code}): ${diagnosticMessage}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
