import assert from 'node:assert/strict';
import fc from 'fast-check';
import { and, equality, type LdapFilter, matchNone, not, or } from '../../src/ldap/filter.ts';
import { printLdapFilter } from '../../src/ldap/print-filter.ts';
import { splitDisjunction } from '../../src/ldap/split-disjunction.ts';

const items = (count: number, name = 'a'): LdapFilter[] =>
  Array.from({ length: count }, (_, index) => equality(name, String(index)));

describe('splitDisjunction', () => {
  const rows: readonly [string, LdapFilter, readonly string[]][] = [
    ['a short one', or(...items(2)), ['(|(a=0)(a=1))']],
    ['a long one', or(...items(3)), ['(|(a=0)(a=1))', '(a=2)']],
    ['one among conditions', and(equality('x', 'y'), or(...items(3))), ['(&(x=y)(|(a=0)(a=1)))', '(&(x=y)(a=2))']],
    ['a negated one', not(or(...items(3))), ['(!(|(a=0)(a=1)(a=2)))']],
    ['nothing', matchNone, ['(|)']],
    ['no disjunction', equality('x', 'y'), ['(x=y)']],
  ];
  for (const [name, filter, parts] of rows) {
    it(name, () => assert.deepEqual(splitDisjunction(filter, 2).map(printLdapFilter), parts));
  }

  it('leaves none out and makes none too long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 1, max: 50 }), (count, most) => {
        const parts = splitDisjunction(and(equality('x', 'y'), or(...items(count))), most).flatMap((part) =>
          part.kind === 'and' ? part.filters.slice(1) : [],
        );
        const alternatives = parts.map((part) => (part.kind === 'or' ? part.filters : [part]));
        assert.ok(alternatives.every((each) => each.length <= most));
        assert.deepEqual(alternatives.flat(), items(count));
      }),
    );
  });
});
