import assert from 'node:assert/strict';
import { equalResources } from '../../src/scim/equal-resources.ts';
import type { JsonObject } from '../../src/scim/json.ts';

const cases: readonly [rule: string, a: JsonObject, b: JsonObject, equal: boolean][] = [
  ['Q3 keys have no order', { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }, true],
  ['D14 values of a list have no order', { m: [{ v: 1 }, { v: 2 }] }, { m: [{ v: 2 }, { v: 1 }] }, true],
  ['how often a value comes counts', { m: ['a', 'a', 'b'] }, { m: ['a', 'b', 'b'] }, false],
  ['letter case counts', { a: 'x' }, { a: 'X' }, false],
  ['types count', { a: 1 }, { a: '1' }, false],
  ['a list of one is not its value', { a: ['x'] }, { a: 'x' }, false],
  ['undefined is absent', { a: 1, b: undefined }, { a: 1 }, true],
  ['false is not absent', { a: false }, {}, false],
  ['keys and values are not mixed up', { 'a":1,"b': 2 }, { a: 1, b: 2 }, false],
  ['lists within lists', { a: [['x'], ['y', 'z']] }, { a: [['z', 'y'], ['x']] }, true],
];

describe('equalResources', () => {
  for (const [rule, a, b, equal] of cases) {
    it(rule, () => {
      assert.equal(equalResources(a, b), equal);
      assert.equal(equalResources(b, a), equal);
    });
  }
});
