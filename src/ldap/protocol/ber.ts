// Reading and writing of BER (X.690) as far as LDAP needs it (RFC 4511 s5.1): definite lengths, primitive strings. In
// charge of bounds: an element never reaches beyond the one it stands in, and a PDU is written into a buffer that was
// large enough from the start. It knows no LDAP message.
import { BerReader, BerWriter } from 'ldapts';
import { type LdapValue, toBytes } from '../value.ts';

export const tag = { boolean: 0x01, integer: 0x02, octetString: 0x04, enumerated: 0x0a, sequence: 0x30, set: 0x31 };

/** The tag of a context-specific primitive element `[number]`. */
export const context = (number: number): number => 0x80 | number;
/** The tag of a context-specific constructed element `[number]`. */
export const constructed = (number: number): number => 0xa0 | number;

/** Bytes that are not what RFC 4511 says. */
export class LdapProtocolError extends Error {
  override readonly name = 'LdapProtocolError';
}

/** A place in a BER buffer. Every read takes the `end` of the enclosing element and throws `LdapProtocolError`. */
export class BerCursor {
  readonly #reader: BerReader;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#reader = new BerReader(bytes);
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#reader.offset;
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** The tag of the next element; 0, which LDAP does not use, at `end`. */
  peek(end: number): number {
    return this.#reader.offset < end ? (this.#reader.peek() ?? 0) : 0;
  }

  /** Steps into an element and says where it ends. */
  enter(expected: number, end: number): number {
    const reader = this.#reader;
    if (reader.offset >= end) throw new LdapProtocolError('an element is missing');
    let found: number | null;
    try {
      found = reader.readSequence(expected);
    } catch (error) {
      throw new LdapProtocolError('an element has an unexpected tag or length', { cause: error });
    }
    const stop = reader.offset + reader.length;
    // A length of four octets overflows into a negative one in the reader.
    if (found === null || reader.length < 0 || stop > end) throw new LdapProtocolError('an element is cut short');
    return stop;
  }

  /** Goes to `end`, past whatever RFC 4511 s4 (extensibility) lets others add to a sequence. */
  leave(end: number): void {
    this.#reader.offset = end;
  }

  /** Steps over the next element whatever it is. */
  skip(end: number): void {
    this.leave(this.enter(this.peek(end), end));
  }

  /** The octets of a primitive element: a view, not a copy. */
  bytes(expected: number, end: number): Buffer {
    const stop = this.enter(expected, end);
    const value = this.#bytes.subarray(this.#reader.offset, stop);
    this.#reader.offset = stop;
    return value;
  }

  text(expected: number, end: number): string {
    const stop = this.enter(expected, end);
    const value = this.#bytes.toString('utf8', this.#reader.offset, stop);
    this.#reader.offset = stop;
    return value;
  }

  /** INTEGER or ENUMERATED of at most 32 bits: LDAP has no larger one (RFC 4511 s4.1.1 maxInt). */
  integer(expected: number, end: number): number {
    const stop = this.enter(expected, end);
    const length = stop - this.#reader.offset;
    if (length < 1 || length > 4) throw new LdapProtocolError('an integer has a wrong length');
    const value = this.#bytes.readIntBE(this.#reader.offset, length);
    this.#reader.offset = stop;
    return value;
  }

  boolean(expected: number, end: number): boolean {
    const value = this.bytes(expected, end);
    if (value.length !== 1) throw new LdapProtocolError('a boolean has a wrong length');
    return value[0] !== 0;
  }

  /** All elements up to `end`, each read by `read`. */
  list<T>(end: number, read: () => T): T[] {
    const items: T[] = [];
    while (this.#reader.offset < end) items.push(read());
    return items;
  }
}

/** Runs `read` over all of `bytes`. */
export function decode<T>(bytes: Buffer, read: (cursor: BerCursor, end: number) => T): T {
  return read(new BerCursor(bytes), bytes.length);
}

/**
 * Bytes from `write`. The writer truncates a PDU that fills its buffer while a nested sequence is closed (ldapts 9.2 does
 * not check there), so it gets room for everything in `parts` before it starts.
 */
export function encode(parts: unknown, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter({ size: sizeBound(parts) + 256, growthFactor: 2 });
  write(writer);
  return writer.buffer;
}

/** Tag and length take at most 6 octets. */
const OVERHEAD = 8;
/** An object may stand for a few nested elements and some numbers. */
const OVERHEAD_OBJECT = 64;

function sizeBound(part: unknown): number {
  if (typeof part === 'string') return Buffer.byteLength(part) + OVERHEAD;
  if (typeof part !== 'object' || part === null) return OVERHEAD;
  if (part instanceof Uint8Array) return part.byteLength + OVERHEAD;
  let size = OVERHEAD_OBJECT;
  if (part instanceof Map) for (const [key, value] of part) size += sizeBound(key) + sizeBound(value);
  else if (Array.isArray(part)) for (const item of part) size += sizeBound(item);
  else for (const key in part) size += sizeBound(part[key as keyof typeof part]);
  return size;
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

export type { BerWriter };
