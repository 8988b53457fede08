import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUuid, printUuid, writeUuid } from '../../../src/ldap/syntaxes/uuid.ts';

describe('UUIDs as four numbers', () => {
  const words = new Uint32Array(8);

  it('come back in lower case', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), (uuid, upper) => {
        assert.ok(writeUuid(Buffer.from(upper ? uuid.toUpperCase() : uuid), words, 4));
        assert.equal(printUuid(words, 4), uuid);
      }),
    );
  });

  it('are those texts that are UUIDs and no others', () => {
    const uuid = '6b2f0a0e-1dd2-11b2-80e5-f7d32f4a0001';
    const mutated = fc
      .tuple(fc.nat(35), fc.constantFrom('-', 'g', '0', ' ', 'é', '', '00'))
      .map(([at, put]) => uuid.slice(0, at) + put + uuid.slice(at + 1));
    fc.assert(fc.property(mutated, (text) => assert.equal(writeUuid(Buffer.from(text), words, 0), isUuid(text), text)));
  });
});
