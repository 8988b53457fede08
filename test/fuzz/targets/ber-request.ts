import assert from 'node:assert/strict';
import { decodeRequest } from '../../../src/ldap/protocol/decode-request.ts';
import { encodeRequest } from '../../../src/ldap/protocol/encode-request.ts';
import { decodePasswordModify } from '../../../src/ldap/protocol/extended.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { protocolRefusable } from './protocol.ts';

/** What a client sends to the embedded directory. */
export const berRequest: FuzzTarget = {
  name: 'ber-request',
  shape: 'ber',
  dictionary: [
    'cn',
    'objectClass',
    'dc=example,dc=com',
    '1.3.6.1.4.1.4203.1.11.1',
    '1.2.840.113556.1.4.319',
    '1.3.6.1.1.12',
  ],
  weight: 13,
  prepare: () => (input) => {
    const received = protocolRefusable(() => decodeRequest(input));
    protocolRefusable(() => decodePasswordModify(input));
    if (received === undefined) return;
    const again = decodeRequest(encodeRequest(received.messageId, received.request));
    assert.deepEqual(again.request, received.request, 'written and read it is the same');
  },
};
