// Splits a stream of bytes into LDAP messages (RFC 4511 s5.1). In charge of the boundaries alone: chunks may hold half a
// message or many, and every byte is copied at most once. It never looks inside a message.
import { LdapProtocolError, MAX_PDU, tag } from './ber.ts';

export interface FrameSplitter {
  /** Hands on every message that is complete now. Throws `LdapProtocolError`: the stream is lost from there on. */
  push(chunk: Buffer): void;
  /** True where part of a message is waiting for the rest. */
  readonly partial: boolean;
}

/** Of a message that is longer than a chunk, octets are put in their place as they come. */
const LARGE = 65_536;

/** `limit` in bytes for one message, header included. */
export function createFrameSplitter(onPdu: (pdu: Buffer) => void, limit: number = MAX_PDU): FrameSplitter {
  let waiting: Buffer[] = [];
  let waitingLength = 0;
  let needed: number | undefined;
  /** For the one large message that is arriving: to collect its chunks and join them would take twice its length. */
  let large: Buffer | undefined;

  function cut(bytes: Buffer): void {
    let offset = 0;
    while (offset < bytes.length) {
      needed = frameLength(bytes, offset, limit);
      if (needed === undefined || bytes.length - offset < needed) break;
      const pdu = bytes.subarray(offset, offset + needed);
      offset += needed;
      onPdu(pdu);
    }
    keep(bytes.subarray(offset));
  }

  function keep(rest: Buffer): void {
    waitingLength = rest.length;
    waiting = [];
    large = undefined;
    if (rest.length === 0) needed = undefined;
    else if (needed === undefined || needed <= LARGE) waiting.push(rest);
    else {
      large = Buffer.allocUnsafeSlow(needed);
      rest.copy(large);
    }
  }

  function fill(pdu: Buffer, chunk: Buffer): void {
    const taken = chunk.copy(pdu, waitingLength);
    waitingLength += taken;
    if (waitingLength < pdu.length) return;
    keep(chunk.subarray(0, 0));
    onPdu(pdu);
    cut(chunk.subarray(taken));
  }

  return {
    push(chunk) {
      if (large !== undefined) {
        fill(large, chunk);
        return;
      }
      if (waitingLength === 0) {
        cut(chunk);
        return;
      }
      waiting.push(chunk);
      waitingLength += chunk.length;
      if (needed !== undefined && waitingLength < needed) return;
      cut(Buffer.concat(waiting, waitingLength));
    },
    get partial() {
      return waitingLength > 0;
    },
  };
}

/** Length of the message that starts at `offset`, header included; undefined where the header is not complete. */
function frameLength(bytes: Buffer, offset: number, limit: number): number | undefined {
  if (bytes[offset] !== tag.sequence) throw new LdapProtocolError('the stream is not made of LDAP messages');
  const first = bytes[offset + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw new LdapProtocolError('a message has a length that LDAP does not allow');
  if (bytes.length - offset < 2 + octets) return undefined;
  const length = 2 + octets + bytes.readUIntBE(offset + 2, octets);
  if (length > limit) throw new LdapProtocolError(`a message of ${length} bytes is longer than the limit of ${limit}`);
  return length;
}
