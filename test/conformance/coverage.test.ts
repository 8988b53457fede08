import assert from 'node:assert/strict';
import { type RuleNumber, untested } from './checklist.ts';
import { coverage, readTitles, rulesIn, withoutTest } from './coverage.ts';

describe('coverage of the checklist', () => {
  const titles: readonly (readonly [string, readonly string[]])[] = [
    ['filters G16 refuses', ['G16']],
    ['B1 B2, B20 stored', ['B1', 'B2', 'B20']],
    ['I1-I3 pages', ['I1', 'I2', 'I3']],
    ['G18 to G21', ['G18', 'G20', 'G21']],
    ['U3, X9, SHA1, utf-8 E, A123, v2.B1 and G19 are none', []],
  ];
  for (const [title, expected] of titles) {
    it(`reads ${title.replace(/\d/g, '#')}`, () => {
      assert.deepEqual(rulesIn(title), expected);
    });
  }

  describe('every rule', () => {
    let missing: readonly RuleNumber[];
    before(async () => {
      missing = withoutTest(coverage(await readTitles()));
    });

    it('has a test, or a reason in checklist.ts', () => {
      assert.deepEqual(
        missing.filter((rule) => untested[rule] === undefined),
        [],
      );
    });

    it('has no reason there once it has a test', () => {
      assert.deepEqual(
        Object.keys(untested).filter((rule) => !missing.includes(rule as RuleNumber)),
        [],
      );
    });
  });
});
