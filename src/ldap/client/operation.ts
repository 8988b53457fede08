// One operation on a connection: what is asked, what comes back, and how far it has got.
import type { LdapEntry } from '../entry.ts';
import type { ResponseControls } from '../operations.ts';
import type { RequestMessage, ResultFields } from '../protocol/message.ts';

/** Requests that are answered: all but unbind and abandon. */
type ExchangeKind = Exclude<RequestMessage['kind'], 'unbind' | 'abandon'>;
export type ExchangeRequest = RequestMessage & { readonly kind: ExchangeKind };

/** The last response to an operation, whatever its result code. */
export interface FinalResponse {
  readonly result: ResultFields;
  readonly controls: ResponseControls;
  /** Value of an extended response. */
  readonly value: Buffer | undefined;
}

export interface RunOptions {
  /** Milliseconds from now, time in the queue included. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEntry?: (entry: LdapEntry) => void;
  readonly onReference?: (urls: readonly string[]) => void;
}

export interface RunningOperation {
  readonly response: Promise<FinalResponse>;
  /** Ends it with `reason`: sends Abandon (RFC 4511 s4.11) where it has gone out. Nothing where it has ended. */
  readonly abandon: (reason: Error) => void;
}

/** What a connection knows of an operation that it runs. */
export interface Operation extends RunOptions {
  readonly request: ExchangeRequest;
  /** 0 while it waits in the queue. */
  messageId: number;
  /** What the connection had received when it went out. */
  chunksBefore: number;
  state: 'queued' | 'buffered' | 'sent' | 'ended';
  timer: NodeJS.Timeout | undefined;
  onAbort: (() => void) | undefined;
  readonly resolve: (response: FinalResponse) => void;
  readonly reject: (error: unknown) => void;
}

/** Of one connection. */
export interface ConnectionOptions {
  /** URL of the server, for messages. */
  readonly server: string;
  readonly maxInFlight: number;
  /** Longest message taken from the server, in bytes. Default 64 MiB. */
  readonly maxMessage?: number;
  /** For tests of the wrap at 2147483647. */
  readonly firstMessageId?: number;
}
