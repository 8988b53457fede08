import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printUuid } from '../../../src/ldap/syntaxes/uuid.ts';
import { transformFactories } from '../../../src/mapping/transforms/registry.ts';

describe('ids as numbers', () => {
  const words = new Uint32Array(4);

  for (const name of ['uuid', 'guid']) {
    it(`are what ${name} makes text of`, () => {
      const transform = transformFactories.get(name)!.create({});
      const octets =
        name === 'uuid'
          ? fc.uuid().map((text) => Buffer.from(text))
          : fc.uint8Array({ minLength: 15, maxLength: 17 }).map((bytes) => Buffer.from(bytes));
      fc.assert(
        fc.property(octets, (value) => {
          const text = transform.toScim([value], 0);
          assert.equal(transform.writeUuid!(value, words, 0), text !== undefined);
          if (text !== undefined) assert.equal(printUuid(words, 0), text);
        }),
      );
    });
  }
});
