import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { LongArray } from '../../src/scim/long-array.ts';
import { isLong, printJson } from '../../src/scim/print-json.ts';

const plain = fc.jsonValue({ maxDepth: 2 }).map((value) => value as JsonValue);
const long = fc.array(plain, { maxLength: 30 }).map((elements) => new LongArray(elements));
/** A body as answers have them: long arrays at the top, in extensions, in the resources of a list. */
const body = fc.dictionary(
  fc.string(),
  fc.oneof(plain, long, fc.dictionary(fc.string(), fc.oneof(plain, long)), fc.constant(undefined)),
) as fc.Arbitrary<JsonObject>;
const list = fc
  .tuple(fc.array(body), body)
  .map(([resources, rest]): JsonObject => ({ ...rest, Resources: new LongArray(resources) }));

describe('printing JSON in pieces', () => {
  it('gives the text that JSON.stringify gives', () => {
    fc.assert(
      fc.property(fc.oneof(body, list), (value) => {
        assert.equal([...printJson(value)].join(''), JSON.stringify(value));
      }),
    );
  });

  it('makes no element before its piece is asked for', () => {
    let made = 0;
    const elements = {
      *[Symbol.iterator]() {
        for (let index = 0; index < 100_000; index += 1) {
          made += 1;
          yield { value: `member ${index}` };
        }
      },
    };
    const pieces = printJson({ members: new LongArray(elements) });
    const first = pieces.next().value ?? '';
    assert.ok(first.length < 33_000, `a piece of ${first.length} characters`);
    assert.ok(made > 100 && made < 2000, `${made} elements for the first piece`);
    assert.equal(JSON.parse(first + [...pieces].join('')).members.length, 100_000);
  });

  it('knows what is worth it', () => {
    const members = new LongArray([1]);
    assert.ok(isLong({ members }) && isLong({ 'urn:x': { members } }) && isLong({ a: null, Resources: members }));
    assert.ok(!isLong({ members: [1, 2] }) && !isLong({}) && !isLong(undefined) && !isLong([members]));
  });
});
