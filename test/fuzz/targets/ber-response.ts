import { decodeMessageId, decodeResponse } from '../../../src/ldap/protocol/decode-response.ts';
import { decodeGeneratedPassword } from '../../../src/ldap/protocol/extended.ts';
import { createFrameSplitter } from '../../../src/ldap/protocol/frame.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { protocolRefusable } from './protocol.ts';

/** What a directory, or somebody in its place, sends: a stream in pieces, cut into messages, each of them read. */
export const berResponse: FuzzTarget = {
  name: 'ber-response',
  shape: 'ber',
  dictionary: [
    'cn',
    'entryUUID',
    'member;range=0-1499',
    '1.2.840.113556.1.4.319',
    '1.3.6.1.1.13.2',
    '1.3.6.1.4.1.1466.20036',
  ],
  weight: 13,
  prepare: () => (input) => {
    protocolRefusable(() => decodeGeneratedPassword(input));
    const splitter = createFrameSplitter((pdu) => {
      protocolRefusable(() => decodeMessageId(pdu));
      const received = protocolRefusable(() => decodeResponse(pdu));
      if (received?.response?.kind !== 'searchEntry') return;
      const { entry } = received.response;
      for (const [type] of entry.attributes) {
        entry.strings(type);
        entry.bytes(type);
      }
    }, 65_536);
    // Where a message is cut must not matter, so the octets themselves say where.
    const half = input.length === 0 ? 0 : (input[input.length - 1] ?? 0) % (input.length + 1);
    protocolRefusable(() => {
      splitter.push(input.subarray(0, half));
      splitter.push(input.subarray(half));
    });
  },
};
