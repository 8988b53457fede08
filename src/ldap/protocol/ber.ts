// Reading and writing of BER (X.690) as far as LDAP needs it (RFC 4511 s5.1): definite lengths, primitive strings. In
// charge of bounds: an element never reaches beyond the one it stands in. It knows no LDAP message.
import { type LdapValue, toBytes } from '../value.ts';
import { recallName } from './names.ts';

export const tag = { boolean: 0x01, integer: 0x02, octetString: 0x04, enumerated: 0x0a, sequence: 0x30, set: 0x31 };

/** The tag of a context-specific primitive element `[number]`. */
export const context = (number: number): number => 0x80 | number;
/** The tag of a context-specific constructed element `[number]`. */
export const constructed = (number: number): number => 0xa0 | number;

/** Bytes that are not what RFC 4511 says, or a message that cannot be said in it. */
export class LdapProtocolError extends Error {
  override readonly name = 'LdapProtocolError';
}

/** A place in a BER buffer. Every read takes the `end` of the enclosing element and throws `LdapProtocolError`. */
export class BerCursor {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#offset;
  }

  /** The tag of the next element; 0, which LDAP does not use, at `end`. */
  peek(end: number): number {
    return this.#offset < end ? (this.#bytes[this.#offset] ?? 0) : 0;
  }

  /** Steps into an element and says where it ends. */
  enter(expected: number, end: number): number {
    const bytes = this.#bytes;
    const start = this.#offset;
    if (start >= end) throw new LdapProtocolError('an element is missing');
    if (bytes[start] !== expected) throw new LdapProtocolError('an element has an unexpected tag');
    let offset = start + 2;
    let length = bytes[start + 1] ?? 0;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4) throw new LdapProtocolError('an element has a length that LDAP does not allow');
      length = 0;
      for (const last = offset + octets; offset < last; offset += 1) length = length * 256 + (bytes[offset] ?? 0);
    }
    const stop = offset + length;
    if (stop > end) throw new LdapProtocolError('an element is cut short');
    this.#offset = offset;
    return stop;
  }

  /** Goes to `end`, past whatever RFC 4511 s4 (extensibility) lets others add to a sequence. */
  leave(end: number): void {
    this.#offset = end;
  }

  /** Steps over the next element whatever it is. */
  skip(end: number): void {
    this.leave(this.enter(this.peek(end), end));
  }

  /** The octets of a primitive element: a view, not a copy. */
  bytes(expected: number, end: number): Buffer {
    const stop = this.enter(expected, end);
    const value = this.#bytes.subarray(this.#offset, stop);
    this.#offset = stop;
    return value;
  }

  text(expected: number, end: number): string {
    const stop = this.enter(expected, end);
    const value = this.#bytes.toString('utf8', this.#offset, stop);
    this.#offset = stop;
    return value;
  }

  /** An attribute description (RFC 4512 s2.5) in lower case. */
  name(end: number): string {
    const stop = this.enter(tag.octetString, end);
    const value = recallName(this.#bytes, this.#offset, stop);
    this.#offset = stop;
    return value;
  }

  /** INTEGER or ENUMERATED of at most 32 bits: LDAP has no larger one (RFC 4511 s4.1.1 maxInt). */
  integer(expected: number, end: number): number {
    const stop = this.enter(expected, end);
    const length = stop - this.#offset;
    if (length < 1 || length > 4) throw new LdapProtocolError('an integer has a wrong length');
    const value = this.#bytes.readIntBE(this.#offset, length);
    this.#offset = stop;
    return value;
  }

  boolean(expected: number, end: number): boolean {
    const stop = this.enter(expected, end);
    if (stop - this.#offset !== 1) throw new LdapProtocolError('a boolean has a wrong length');
    const value = this.#bytes[this.#offset] !== 0;
    this.#offset = stop;
    return value;
  }

  /** All elements up to `end`, each read by `read`. */
  list<T>(end: number, read: () => T): T[] {
    const items: T[] = [];
    while (this.#offset < end) items.push(read());
    return items;
  }
}

/** Runs `read` over all of `bytes`. */
export function decode<T>(bytes: Buffer, read: (cursor: BerCursor, end: number) => T): T {
  return read(new BerCursor(bytes), bytes.length);
}

/** Longest message in bytes, both ways: a larger one is a mistake rather than an entry. */
export const MAX_PDU = 64 * 1024 * 1024;

const FIRST_SIZE = 4096;
/** A buffer that grew beyond this is not kept. */
const MOST_KEPT = 256 * 1024;

/** Elements one after the other, nested by sequences. Lengths come in the shortest form. */
export class BerWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #offset = 0;
  /** Where the contents of the sequences that are open begin. */
  readonly #open: number[] = [];

  startSequence(as: number = tag.sequence): void {
    // One octet for the length; who needs more moves the contents.
    this.#reserve(2);
    this.#bytes[this.#offset] = as;
    this.#offset += 2;
    this.#open.push(this.#offset);
  }

  endSequence(): void {
    const start = this.#open.pop();
    if (start === undefined) throw new LdapProtocolError('no sequence is open');
    const length = this.#offset - start;
    const octets = lengthOctets(length);
    if (octets > 1) {
      this.#reserve(octets - 1);
      this.#bytes.copyWithin(start + octets - 1, start, this.#offset);
    }
    this.#putLength(start - 1, length, octets);
    this.#offset += octets - 1;
  }

  writeString(text: string, as: number = tag.octetString): void {
    // Three octets of UTF-8 for a UTF-16 code unit at most.
    const length = text.length < 40 ? undefined : Buffer.byteLength(text);
    if (length === undefined) {
      this.#reserve(2 + 3 * text.length);
      const written = this.#bytes.write(text, this.#offset + 2, 'utf8');
      this.#bytes[this.#offset] = as;
      this.#bytes[this.#offset + 1] = written;
      this.#offset += 2 + written;
      return;
    }
    this.#putHeader(as, length);
    this.#offset += this.#bytes.write(text, this.#offset, 'utf8');
  }

  writeBuffer(value: Buffer, as: number = tag.octetString): void {
    this.#putHeader(as, value.length);
    this.#offset += value.copy(this.#bytes, this.#offset);
  }

  /** A number of at most 32 bits, in the shortest form. */
  writeInt(value: number, as: number = tag.integer): void {
    let octets = 1;
    while (octets < 4 && (value < -(2 ** (8 * octets - 1)) || value >= 2 ** (8 * octets - 1))) octets += 1;
    this.#putHeader(as, octets);
    this.#offset = this.#bytes.writeIntBE(value, this.#offset, octets);
  }

  writeEnumeration(value: number): void {
    this.writeInt(value, tag.enumerated);
  }

  writeBoolean(value: boolean, as: number = tag.boolean): void {
    this.#putHeader(as, 1);
    this.#bytes[this.#offset] = value ? 0xff : 0x00;
    this.#offset += 1;
  }

  /** An element without contents. */
  writeEmpty(as: number): void {
    this.#putHeader(as, 0);
  }

  writeStringArray(texts: readonly string[]): void {
    for (const text of texts) this.writeString(text);
  }

  /** A copy of what was written; the writer begins anew. */
  take(): Buffer {
    if (this.#open.length > 0) throw new LdapProtocolError('a sequence was left open');
    const written = Buffer.from(this.#bytes.subarray(0, this.#offset));
    this.reset();
    return written;
  }

  reset(): void {
    this.#offset = 0;
    this.#open.length = 0;
    if (this.#bytes.length > MOST_KEPT) this.#bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  }

  #putHeader(as: number, length: number): void {
    const octets = lengthOctets(length);
    this.#reserve(1 + octets + length);
    this.#bytes[this.#offset] = as;
    this.#putLength(this.#offset + 1, length, octets);
    this.#offset += 1 + octets;
  }

  #putLength(offset: number, length: number, octets: number): void {
    if (octets === 1) {
      this.#bytes[offset] = length;
      return;
    }
    this.#bytes[offset] = 0x80 | (octets - 1);
    this.#bytes.writeUIntBE(length, offset + 1, octets - 1);
  }

  #reserve(more: number): void {
    const needed = this.#offset + more;
    if (needed <= this.#bytes.length) return;
    if (needed > MAX_PDU) throw new LdapProtocolError(`a message is longer than the limit of ${MAX_PDU} bytes`);
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#offset);
    this.#bytes = larger;
  }
}

/** Octets that a length takes in its shortest form. */
function lengthOctets(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  if (length < 0x1_0000) return 3;
  return length < 0x100_0000 ? 4 : 5;
}

/** One writer serves all messages; a second one is made for what is encoded while another is. */
let idle: BerWriter | undefined;

/** Bytes from `write`. Throws `LdapProtocolError` beyond `MAX_PDU`. */
export function encode(write: (writer: BerWriter) => void): Buffer {
  const writer = idle ?? new BerWriter();
  idle = undefined;
  try {
    write(writer);
    return writer.take();
  } finally {
    writer.reset();
    idle = writer;
  }
}

export function writeValue(writer: BerWriter, value: LdapValue, as: number = tag.octetString): void {
  if (typeof value === 'string') writer.writeString(value, as);
  else writer.writeBuffer(toBytes(value), as);
}

/** Writes one constructed element around what `write` writes. */
export function writeSequence(writer: BerWriter, as: number, write: () => void): void {
  writer.startSequence(as);
  write();
  writer.endSequence();
}
