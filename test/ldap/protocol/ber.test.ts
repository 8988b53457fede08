// Our BER against that of ldapts, where that is right, and bounds that it does not check.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BerReader, BerWriter as OtherWriter } from 'ldapts';
import { BerCursor, BerWriter, decode, encode, LdapProtocolError, tag } from '../../../src/ldap/protocol/ber.ts';
import { recallName } from '../../../src/ldap/protocol/names.ts';

type Element =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'octets'; readonly value: Uint8Array }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'sequence'; readonly value: readonly Element[] };

const leaf = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'binary', maxLength: 300 }) }),
  fc.record({ kind: fc.constant('octets' as const), value: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ kind: fc.constant('integer' as const), value: fc.integer() }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
);
const elements: fc.Arbitrary<readonly Element[]> = fc.letrec<{ list: readonly Element[] }>((tie) => ({
  list: fc.array(
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({ kind: fc.constant('sequence' as const), value: tie('list') }),
    ),
    { maxLength: 6 },
  ),
})).list;

type Writer = Pick<
  OtherWriter,
  'startSequence' | 'endSequence' | 'writeString' | 'writeBuffer' | 'writeInt' | 'writeBoolean'
>;

function write(writer: Writer, list: readonly Element[]): void {
  for (const element of list) {
    if (element.kind === 'text') writer.writeString(element.value);
    else if (element.kind === 'octets') writer.writeBuffer(Buffer.from(element.value), tag.octetString);
    else if (element.kind === 'integer') writer.writeInt(element.value);
    else if (element.kind === 'boolean') writer.writeBoolean(element.value);
    else {
      writer.startSequence();
      write(writer, element.value);
      writer.endSequence();
    }
  }
}

function read(cursor: BerCursor, end: number): unknown[] {
  return cursor.list(end, () => {
    const found = cursor.peek(end);
    if (found === tag.integer) return cursor.integer(found, end);
    if (found === tag.boolean) return cursor.boolean(found, end);
    if (found === tag.octetString) return cursor.bytes(found, end).toString('latin1');
    return read(cursor, cursor.enter(tag.sequence, end));
  });
}

function readByLdapts(reader: BerReader, end: number): unknown[] {
  const found: unknown[] = [];
  while (reader.offset < end) {
    const next = reader.peek();
    if (next === tag.integer) found.push(reader.readInt());
    else if (next === tag.boolean) found.push(reader.readBoolean());
    else if (next === tag.octetString) found.push(reader.readString(tag.octetString, true)?.toString('latin1') ?? '');
    else {
      reader.readSequence();
      found.push(readByLdapts(reader, reader.offset + reader.length));
    }
  }
  return found;
}

describe('protocol: BER', () => {
  it('writes the octets that ldapts writes', () => {
    fc.assert(
      fc.property(elements, (list) => {
        const other = new OtherWriter({ size: 65_536 });
        write(other, list);
        assert.equal(encode((writer) => write(writer, list)).toString('hex'), other.buffer.toString('hex'));
      }),
      { numRuns: 500 },
    );
  });

  it('reads what ldapts reads', () => {
    fc.assert(
      fc.property(elements, (list) => {
        const bytes = encode((writer) => write(writer, list));
        assert.deepEqual(decode(bytes, read), readByLdapts(new BerReader(bytes), bytes.length));
      }),
      { numRuns: 500 },
    );
  });

  it('of any octets either reads all or throws its own error, and never reads beyond them', () => {
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      elements.chain((list) => {
        const sound = encode((writer) => write(writer, list));
        return fc.tuple(fc.nat(sound.length), fc.nat(255)).map(([at, octet]) => {
          const broken = Buffer.from(sound);
          if (at < broken.length) broken[at] = octet;
          return new Uint8Array(broken);
        });
      }),
    );
    fc.assert(
      fc.property(octets, (value) => {
        // More octets lie behind: a view of a chunk from a socket.
        const chunk = Buffer.concat([value, Buffer.alloc(64, 0x04)]);
        const bytes = chunk.subarray(0, value.length);
        try {
          const cursor = new BerCursor(bytes);
          read(cursor, bytes.length);
          assert.equal(cursor.offset, bytes.length);
        } catch (error) {
          assert.ok(error instanceof LdapProtocolError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  for (const [title, hex] of [
    ['no length', '04'],
    ['the indefinite length', '048000'],
    ['a length of five octets', '04850000000001ff'],
    ['a length that is cut short', '0482ff'],
    ['more octets than there are', '040561'],
    ['a length of 4 GB', '0484ffffffff'],
  ] as const) {
    it(`${title} is refused`, () => {
      const bytes = Buffer.from(hex, 'hex');
      assert.throws(() => new BerCursor(bytes).bytes(tag.octetString, bytes.length), LdapProtocolError);
    });
  }

  it('takes lengths in a longer form than they need', () => {
    const bytes = Buffer.from('3084000000050403616263', 'hex');
    assert.deepEqual(decode(bytes, read), [['abc']]);
  });

  it('a writer that failed leaves nothing behind for the next message', () => {
    const fail = () =>
      encode((writer) => {
        writer.startSequence();
        writer.writeString('left over');
        throw new Error('no more');
      });
    assert.throws(fail, /no more/);
    assert.equal(encode((writer) => writer.writeInt(5)).toString('hex'), '020105');
    assert.throws(() => encode((writer) => writer.startSequence()), /left open/);
    assert.throws(() => new BerWriter().endSequence(), /no sequence is open/);
  });

  it('a message may be encoded while another one is', () => {
    const outer = encode((writer) => {
      writer.startSequence();
      writer.writeString('before');
      writer.writeBuffer(encode((inner) => inner.writeString('within')));
      writer.writeString('after');
      writer.endSequence();
    });
    assert.deepEqual(decode(outer, read), [['before', '\x04\x06within', 'after']]);
  });

  it('names are folded, and told apart where their keys are equal', () => {
    const name = (text: string) => recallName(Buffer.from(text), 0, Buffer.byteLength(text));
    for (const text of ['objectClass', 'OBJECTCLASS', 'userCertificate;binary', 'größe', '']) {
      assert.equal(name(text), text.toLowerCase());
      assert.equal(name(text), text.toLowerCase(), 'the second time, too');
    }
    // 31 * 'A' + 'a' is 31 * 'B' + 'B'.
    assert.deepEqual([name('Aa'), name('BB'), name('Aa'), name('BB')], ['aa', 'bb', 'aa', 'bb']);
  });
});
