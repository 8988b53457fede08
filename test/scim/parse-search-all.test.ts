// A query over several resource types: one search for each, resolved as each knows the names (G31, J2).
import assert from 'node:assert/strict';
import { printResolvedFilter } from '../../src/scim/filter/print.ts';
import { parseSearchAll } from '../../src/scim/parse-request.ts';
import { clientProfiles, interop } from '../../src/scim/profile.ts';
import type { SearchRequest } from '../../src/scim/request.ts';
import { attributeKey } from '../../src/scim/schema/schema.ts';
import { urns } from '../../src/scim/urns.ts';
import { assertRefused, deviceType, groupType, userType } from './sample.ts';

const limits = { defaultCount: 10, maxCount: 50 };
const parse = (parameters: Readonly<Record<string, string>>, profile = interop): readonly SearchRequest[] =>
  parseSearchAll({ types: [userType, groupType, deviceType], parameters: Object.entries(parameters), profile, limits })
    .searches;
const filtersOf = (filter: string): readonly string[] =>
  parse({ filter }).map(({ query }) => (query.filter === undefined ? '' : printResolvedFilter(query.filter)));

describe('parseSearchAll', () => {
  it('J2 one search for each type, in their order, with one page', () => {
    const searches = parse({ startIndex: '3', count: '99' });
    assert.deepEqual(
      searches.map(({ resourceType }) => resourceType.name),
      ['User', 'Group', 'Device'],
    );
    for (const { query } of searches) {
      assert.deepEqual(query, { startIndex: 3, count: 50, sortOrder: 'ascending' });
    }
  });

  it('G31 what a type lacks has no value there', () => {
    for (const [filter, expected] of [
      ['userName pr', ['userName pr', '(never)', '(never)']],
      [
        'serial eq "1" or displayName pr',
        ['(never) or displayName pr', '(never) or displayName pr', 'serial eq "1" or (never)'],
      ],
      ['members[display eq "x"]', ['(never)', 'members[display eq "x"]', '(never)']],
      ['emails[shoeSize eq 4]', ['emails[(never)]', '(never)', '(never)']],
      ['shoeSize ne 4', ['not ((never))', 'not ((never))', 'not ((never))']],
    ] as const) {
      assert.deepEqual(filtersOf(filter), expected, filter);
    }
  });

  it('H9 a type that cannot be sorted so has no order; where no type can it is refused', () => {
    const keys = (sortBy: string) =>
      parse({ sortBy, sortOrder: 'descending' }).map(({ query }) => [
        query.sortBy === undefined ? undefined : attributeKey(query.sortBy),
        query.sortOrder,
      ]);
    assert.deepEqual(keys('displayname'), [
      ['displayName', 'descending'],
      ['displayName', 'descending'],
      [undefined, 'descending'],
    ]);
    assert.deepEqual(keys('serial')[2], ['serial', 'descending']);
    for (const sortBy of ['shoeSize', 'password', 'name', 'x[']) {
      assertRefused(() => parse({ sortBy }), 'invalidValue', /sortBy/);
    }
  });

  it('K3 each type is shown what it knows of the attributes named', () => {
    const named = parse({ attributes: 'userName,members' }).map(({ projection }) => projection.attributes?.length);
    assert.deepEqual(named, [1, 1, 0]);
  });

  it('J3 J4 J8 takes a SearchRequest', () => {
    const parts = { types: [userType], parameters: [], profile: interop, limits };
    const body = { schemas: [urns.searchRequest], filter: 'userName pr', count: -1 };
    const [search] = parseSearchAll({ ...parts, body }).searches;
    assert.deepEqual([search?.query.count, search?.query.filter?.kind], [0, 'present']);
    assertRefused(() => parseSearchAll({ ...parts, body: { filter: 'userName pr' } }), 'invalidSyntax');
  });

  it('G25 the profile counts', () => {
    const strict = clientProfiles.get('strict');
    assert.ok(strict !== undefined);
    assert.equal(parse({ filter: 'active eq "true"' })[0]?.query.filter?.kind, 'compare');
    assertRefused(() => parse({ filter: 'active eq "true"' }, strict), 'invalidFilter');
  });

  it('G what no type can understand is refused', () => {
    for (const filter of ['userName', 'active gt true', 'password eq "x"']) {
      assertRefused(() => parse({ filter }), 'invalidFilter');
    }
  });
});
