import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LdapProtocolError } from '../../../src/ldap/protocol/ber.ts';
import { createFrameSplitter } from '../../../src/ldap/protocol/frame.ts';

function pdu(length: number): Buffer {
  const header = length < 128 ? Buffer.from([0x30, length]) : Buffer.from([0x30, 0x84, 0, 0, 0, 0]);
  if (length >= 128) header.writeUInt32BE(length, 2);
  return Buffer.concat([header, Buffer.alloc(length, length & 0xff)]);
}

describe('protocol: frame', () => {
  it('D5 gives back the messages however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
        (lengths, cuts) => {
          const messages = lengths.map(pdu);
          const stream = Buffer.concat(messages);
          const found: Buffer[] = [];
          const splitter = createFrameSplitter((message) => found.push(message));
          for (let offset = 0, turn = 0; offset < stream.length; turn += 1) {
            const size = cuts[turn % cuts.length] ?? 1;
            splitter.push(stream.subarray(offset, offset + size));
            offset += size;
          }
          assert.deepEqual(found, messages);
          assert.equal(splitter.partial, false);
        },
      ),
    );
  });

  it('D5 the same of messages that are larger than a chunk', () => {
    const lengths = [70_000, 3, 65_529, 65_530, 65_531, 200_000, 0, 131_072];
    const messages = lengths.map(pdu);
    const stream = Buffer.concat(messages);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 9 }), (cuts) => {
        const found: Buffer[] = [];
        const splitter = createFrameSplitter((message) => found.push(message));
        for (let offset = 0, turn = 0; offset < stream.length; turn += 1) {
          const size = cuts[turn % cuts.length]! + 999;
          splitter.push(stream.subarray(offset, offset + size));
          offset += size;
        }
        assert.ok(found.length === messages.length && found.every((message, at) => message.equals(messages[at]!)));
        assert.equal(splitter.partial, false);
      }),
    );
  });

  it('takes 16 MB in pieces of 64 KB, and what follows', () => {
    const stream = Buffer.concat([pdu(16 * 1024 * 1024), pdu(3)]);
    const found: number[] = [];
    const splitter = createFrameSplitter((message) => found.push(message.length));
    for (let offset = 0; offset < stream.length; offset += 65_536)
      splitter.push(stream.subarray(offset, offset + 65_536));
    assert.deepEqual(found, [16 * 1024 * 1024 + 6, 5]);
  });

  it('says that a message is not complete', () => {
    const splitter = createFrameSplitter(() => assert.fail('nothing is complete'));
    splitter.push(pdu(5).subarray(0, 4));
    assert.equal(splitter.partial, true);
  });

  for (const [name, hex] of [
    ['another tag', '310100'],
    ['indefinite length', '3080'],
    ['a length of five octets', '30850000000001'],
    ['a length beyond the limit', '308403000000'],
  ] as const) {
    it(`refuses ${name}, after what came before it`, () => {
      const found: Buffer[] = [];
      const splitter = createFrameSplitter((message) => found.push(message), 1_000_000);
      assert.throws(() => splitter.push(Buffer.concat([pdu(2), Buffer.from(hex, 'hex')])), LdapProtocolError);
      assert.deepEqual(found, [pdu(2)]);
    });
  }
});
