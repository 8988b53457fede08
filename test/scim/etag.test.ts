import assert from 'node:assert/strict';
import { formatEtag, matchesEtag, parsePreconditions } from '../../src/scim/etag.ts';
import { assertRefused } from './sample.ts';

const csn = '20260131083000.123456Z#000000#000#000000';

describe('entity tags', () => {
  for (const [version, tag] of [
    ['5', 'W/"5"'],
    [csn, `W/"${csn}"`],
    ['a"b c\u00e9', 'W/"a%22b%20c%C3%A9"'],
    ['50%', 'W/"50%25"'],
    ['*', 'W/"%2A"'],
  ] as const) {
    it(`L1 version ${version} is ${tag} and matches it`, () => {
      assert.equal(formatEtag(version), tag);
      assert.equal(matchesEtag(parsePreconditions(tag, undefined).ifMatch ?? [], version), true);
    });
  }

  const headers: readonly [rule: string, header: string | undefined, tags: readonly string[] | undefined][] = [
    ['L5 weak', 'W/"5"', ['5']],
    ['L6 strong is compared weakly', '"5"', ['5']],
    ['L7 a list', '"a", W/"b"  ,"c,d"', ['a', 'b', 'c,d']],
    ['L7 any', '*', ['*']],
    ['L7 without quotes', `${csn}, x`, [csn, 'x']],
    ['L7 empty elements', ', "a",, W/"b",', ['a', 'b']],
    ['L7 weak without quotes', 'W/5', ['5']],
    ['L7 a quoted star is no "any"', '"*"', ['"*"']],
    ['L12 absent', undefined, undefined],
    ['L12 empty', '  ', undefined],
  ];
  for (const [rule, header, tags] of headers) {
    it(rule, () => {
      assert.deepEqual(parsePreconditions(header, undefined).ifMatch, tags);
      assert.deepEqual(parsePreconditions(undefined, header).ifNoneMatch, tags);
    });
  }

  for (const header of ['"5', '"a" "b"', ',', 'a"b"', '"a\u0001"']) {
    it(`L11 ${header} -> 400`, () =>
      assertRefused(() => parsePreconditions(header, undefined), 'invalidValue', /If-Match/));
  }

  it('L3, L4 compares', () => {
    assert.equal(matchesEtag(['4', '5'], '5'), true);
    assert.equal(matchesEtag(['4'], '5'), false);
    assert.equal(matchesEtag(['*'], '5'), true);
    assert.equal(matchesEtag(['"*"'], '*'), false);
    assert.equal(matchesEtag([], '5'), false);
  });
});
