import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Filter as OracleFilter, parse as parseByOracle } from 'scim2-parse-filter';
import { findAttributePath } from '../../../src/scim/filter/attribute-path.ts';
import type { AttributePath, ScimFilter } from '../../../src/scim/filter/filter.ts';
import { parseFilter } from '../../../src/scim/filter/parse.ts';
import { printFilter, printResolvedFilter } from '../../../src/scim/filter/print.ts';
import { resolveFilter } from '../../../src/scim/filter/resolve.ts';
import { anyValue, arbitraryFilter, attributeName, withoutPositions } from './arbitrary-filter.ts';
import { enterprise, userType } from './sample-type.ts';

const urn = fc.constantFrom(enterprise, 'urn:example:sample:1.0', 'http://example.com/2.0/Group');

describe('printFilter', () => {
  it('parsing what is printed gives the same filter', () => {
    const filters = arbitraryFilter({
      name: fc.oneof(attributeName, fc.constant('$ref')),
      urn,
      value: anyValue,
    });
    fc.assert(
      fc.property(filters, (filter) => {
        assert.deepEqual(withoutPositions(parseFilter(printFilter(filter))), filter);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the structure by parentheses', () => {
    for (const text of ['(a pr or b pr) and c pr', '(a pr and b pr) and c pr', '(a pr or b pr) or c pr']) {
      assert.equal(printFilter(parseFilter(text)), text);
    }
    assert.equal(printFilter(parseFilter('(a pr and b pr) or (c pr)')), 'a pr and b pr or c pr');
  });
});

describe('printResolvedFilter', () => {
  it('prints names in the spelling of the schema and values as written', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['USERNAME eq "b"', 'userName eq "b"'],
      ['Manager eq "2"', `${enterprise}:manager.value eq "2"`],
      [
        'EMAILS[Type eq "work" and (VALUE sw "a" or display pr)]',
        'emails[type eq "work" and (value sw "a" or display pr)]',
      ],
      ['meta.created gt "2026-01-02T03:04:05+02:00"', 'meta.created gt "2026-01-02T03:04:05+02:00"'],
      ['tags[value eq "x"]', 'urn:example:sample:1.0:tags[value eq "x"]'],
      ['active eq "True" or title eq null', 'active eq true or not (title pr)'],
    ];
    for (const [text, printed] of rows) {
      assert.equal(printResolvedFilter(resolveFilter(parseFilter(text), userType)), printed);
    }
    assert.equal(printResolvedFilter(resolveFilter(parseFilter('foo pr'), userType, { unknown: 'never' })), '(never)');
  });
});

// What scim2-parse-filter 0.2.10 reads as the RFC does: no `$ref`, no backslash escapes but \", no negative numbers and
// no exponents with a plus, no sub-attribute behind a value path.
describe('parseFilter against scim2-parse-filter', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\\\p{Cc}]/u.test(text)),
    fc.nat(),
    fc.nat(9999).map((number) => number / 100),
    fc.boolean(),
    fc.constant(null),
  );

  it('reads generated filters alike', () => {
    fc.assert(
      fc.property(arbitraryFilter({ name: attributeName, urn, value }), (filter) => {
        const text = printFilter(filter);
        assert.deepEqual(flat(withoutPositions(parseFilter(text))), flat(fromOracle(parseByOracle(text))), text);
      }),
      { numRuns: 500 },
    );
  });

  it('reads the examples of RFC 7644 Figure 2 alike', () => {
    for (const text of [
      'userName eq "bjensen"',
      'name.familyName co "O\'Malley"',
      'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"',
      'title pr and userType eq "Employee"',
      'title pr or userType eq "Intern"',
      'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
      'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
      'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
    ]) {
      assert.deepEqual(flat(withoutPositions(parseFilter(text))), flat(fromOracle(parseByOracle(text))), text);
    }
  });
});

function fromOracle(filter: OracleFilter): ScimFilter {
  if ('filters' in filter) {
    assert.ok(filter.op === 'and' || filter.op === 'or');
    return { kind: filter.op, filters: filter.filters.map(fromOracle) };
  }
  if ('filter' in filter) return { kind: 'not', filter: fromOracle(filter.filter) };
  const path = oraclePath(filter.attrPath);
  if ('valFilter' in filter) return { kind: 'valuePath', path, filter: fromOracle(filter.valFilter), position: 0 };
  if (!('compValue' in filter)) return { kind: 'present', path, position: 0 };
  return { kind: 'compare', operator: filter.op, path, value: filter.compValue, position: 0 };
}

function oraclePath(text: string): AttributePath {
  const path = findAttributePath(text);
  assert.ok(path, text);
  return path;
}

// The two differ in whether `(a and b) and c` is one node, which means the same.
function flat(filter: ScimFilter): ScimFilter {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const filters = filter.filters.map(flat);
      return {
        kind: filter.kind,
        filters: filters.flatMap((part) => (part.kind === filter.kind && 'filters' in part ? part.filters : [part])),
      };
    }
    case 'not':
      return { kind: 'not', filter: flat(filter.filter) };
    case 'valuePath':
      return { ...filter, filter: flat(filter.filter) };
    case 'present':
    case 'compare':
      return filter;
  }
}
