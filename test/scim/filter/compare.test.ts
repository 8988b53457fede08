import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  comparableString,
  compareSortKeys,
  compareText,
  type SortKey,
  sortKey,
} from '../../../src/scim/filter/compare.ts';
import type { JsonValue } from '../../../src/scim/json.ts';
import { resolveSortPath } from '../../../src/scim/path/resolve-path.ts';
import { type Resource, withAttribute } from '../../../src/scim/resource.ts';
import { sampleExtension, userType } from './sample-type.ts';

const text = fc.string({ unit: 'binary', maxLength: 8 }).filter((value) => value.isWellFormed());

describe('comparableString', () => {
  it('G20 leaves case-exact text as it is', () => {
    fc.assert(fc.property(text, (value) => comparableString(value, true) === value));
  });

  it('G20, G39 folds the rest', () => {
    for (const [value, expected] of [
      ['  Barbara \t Jensen\n', 'barbara jensen'],
      ['É', '\u00e9'],
      ['E\u0301', '\u00e9'],
      ['\u212b', '\u00e5'],
      ['ﬁ', 'fi'],
      ['ΣΑΣ', 'σασ'],
      ['\u03aa\u0301', '\u0390'],
      ['\u00a0', ''],
    ] as const) {
      assert.equal(comparableString(value, false), expected);
    }
  });

  it('G39 is stable when applied twice', () => {
    fc.assert(
      fc.property(text, (value) => {
        const once = comparableString(value, false);
        assert.equal(comparableString(once, false), once);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compareText', () => {
  it('G21 orders by code point', () => {
    const points = (value: string): readonly number[] => Array.from(value, (point) => point.codePointAt(0) ?? 0);
    const mixed = fc.string({
      unit: fc.constantFrom('a', 'b', '\u07ff', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(mixed, mixed, (a, b) => {
        const [left, right] = [points(a), points(b)];
        const at = left.findIndex((point, index) => point !== right[index]);
        const expected =
          at === -1 || at >= right.length ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? 0);
        assert.equal(Math.sign(compareText(a, b)), Math.sign(expected));
      }),
    );
  });
});

describe('compareSortKeys', () => {
  const order = (path: string, a: JsonValue | undefined, b: JsonValue | undefined): number => {
    const ref = resolveSortPath(path, userType);
    return Math.sign(compareSortKeys(sortKey(withAttribute({}, ref, a), ref), sortKey(withAttribute({}, ref, b), ref)));
  };

  it('J2 keys of one attribute that differs between types have one order', () => {
    const keys: readonly SortKey[] = ['b', 2, undefined, 'a', 10, ''];
    assert.deepEqual([...keys].sort(compareSortKeys), [2, 10, '', 'a', 'b', undefined]);
    assert.ok(compareSortKeys('1', 2) > 0 && compareSortKeys(2, '1') < 0);
  });

  it('H3, H6 orders values by their type, absent ones last', () => {
    const sorted: readonly (readonly [string, readonly (JsonValue | undefined)[]])[] = [
      ['userName', ['adam', 'Bert', 'carl', 'Zoe', 'éa', undefined]],
      ['id', ['Bert', 'Zoe', 'adam', 'carl', undefined]],
      ['level', [-5, 0, 2, 10, undefined]],
      ['score', [-0.5, 0.25, 3, undefined]],
      ['active', [false, true, undefined]],
      ['hired', ['2026-01-02T04:00:00+02:00', '2026-01-02T02:30:00Z', '2026-01-02T01:59:59-05:00', undefined]],
    ];
    for (const [name, values] of sorted) {
      values.forEach((a, i) => {
        values.forEach((b, j) => {
          assert.equal(order(name, a, b), Math.sign(i - j), JSON.stringify([name, a, b]));
        });
      });
    }
  });

  it('H3 holds values equal that only differ in form', () => {
    assert.equal(order('userName', 'Bert', ' bERT'), 0);
    assert.equal(order('hired', '2026-01-02T00:00:00.0Z', '2026-01-02T01:00:00+01:00'), 0);
  });

  it('H6 puts what is no value of the type with the absent ones', () => {
    for (const [name, odd] of [
      ['userName', 3],
      ['userName', ''],
      ['userName', null],
      ['level', '3'],
      ['active', 'true'],
      ['hired', 'yesterday'],
    ] as const) {
      assert.equal(order(name, odd, undefined), 0, name);
    }
  });
});

describe('sortKey', () => {
  const key = (path: string, resource: Resource): SortKey => sortKey(resource, resolveSortPath(path, userType));

  it('H4, H5 takes the primary value, else the first', () => {
    const emails = [{ value: 'A@x' }, { value: 'B@x', primary: true }];
    assert.equal(key('emails', { emails }), 'b@x');
    assert.equal(key('emails.value', { emails: emails.slice(0, 1) }), 'a@x');
    assert.equal(key('emails', { emails: [] }), undefined);
    assert.equal(key('emails', {}), undefined);
    assert.equal(key('name.familyName', { name: { familyName: 'Jensen' } }), 'jensen');
    assert.equal(key('name.familyName', { name: {} }), undefined);
    assert.equal(key('tags', { [sampleExtension.id]: { tags: ['Red', 'blue'] } }), 'red');
    assert.equal(key('meta.created', { meta: { created: '1970-01-01T00:00:01Z' } }), 1000);
    assert.equal(key('active', { active: true }), 1);
  });

  it('H6 sorts resources without the attribute last', () => {
    const resources: readonly Resource[] = [{}, { userName: 'b' }, { title: 'x' }, { userName: 'A' }];
    const keys = resources.map((resource) => key('userName', resource));
    const order = resources.map((_, index) => index).sort((i, j) => compareSortKeys(keys[i], keys[j]) || i - j);
    assert.deepEqual(order, [3, 1, 0, 2]);
  });
});
