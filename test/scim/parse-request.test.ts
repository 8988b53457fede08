import assert from 'node:assert/strict';
import type { ScimType } from '../../src/scim/error.ts';
import { parseProjection, parseSearchBody, parseSearchQuery, readQueryParameters } from '../../src/scim/parse-query.ts';
import {
  parseCreate,
  parseDelete,
  parsePatchRequest,
  parseRead,
  parseReplace,
  parseSearch,
} from '../../src/scim/parse-request.ts';
import { interop } from '../../src/scim/profile.ts';
import { attributeKey } from '../../src/scim/schema/schema.ts';
import { urns } from '../../src/scim/urns.ts';
import { assertRefused, core, deviceType, userType, warranty } from './sample.ts';

const limits = { defaultCount: 50, maxCount: 200 };
const parts = { resourceType: userType, profile: interop, parameters: [] };

function query(text: string) {
  return parseSearchQuery(readQueryParameters(new URLSearchParams(text)), userType, limits);
}

function body(members: object) {
  return parseSearchQuery(parseSearchBody({ schemas: [urns.searchRequest], ...members }), userType, limits);
}

describe('parseSearchQuery', () => {
  const pages: readonly [rule: string, text: string, startIndex: number, count: number][] = [
    ['I1, I6 defaults', '', 1, 50],
    ['I1 startIndex 0', 'startIndex=0', 1, 50],
    ['I1 startIndex negative', 'startIndex=-5', 1, 50],
    ['I2 count negative', 'count=-1', 1, 0],
    ['I3 count 0', 'count=0', 1, 0],
    ['I5 count above the maximum', 'count=1000', 1, 200],
    ['I7 startIndex beyond any end', 'startIndex=4000', 4000, 50],
    ['I10 huge numbers', `startIndex=${'9'.repeat(400)}&count=9007199254740993`, Number.MAX_SAFE_INTEGER, 200],
    ['I13 names in any letter case', 'STARTindex=3&Count=4', 3, 4],
    ['I14 unknown parameters, repeated too', 'aadOptscim062020&x=1&x=2&count=4', 1, 4],
  ];
  for (const [rule, text, startIndex, count] of pages) {
    it(rule, () => assert.deepEqual(query(text), { sortOrder: 'ascending', startIndex, count }));
  }

  it('R2 R13 a cursor, empty for the first page', () => {
    assert.equal(query('cursor=&count=3').cursor, '');
    assert.equal(body({ cursor: 'abc.def' }).cursor, 'abc.def');
    assert.equal(query('count=3').cursor, undefined);
  });

  it('R16 startIndex and cursor together -> 400 invalidValue', () => {
    assertRefused(() => query('startIndex=1&cursor='), 'invalidValue', /cannot be used together/);
  });

  for (const value of ['abc', '1.5', '1e2', '', ' ', '0x10', 'NaN', '1,2']) {
    it(`I10 count "${value}" -> 400 invalidValue`, () => {
      assertRefused(() => query(`count=${value}`), 'invalidValue', /count must be a whole number/);
    });
    it(`I10 startIndex "${value}" -> 400 invalidValue`, () => {
      assertRefused(() => query(`startIndex=${value}`), 'invalidValue', /startIndex/);
    });
  }

  it('G1 the filter is resolved', () => {
    const { filter } = query('filter=USERNAME eq "x"');
    assert.equal(filter?.kind === 'compare' ? attributeKey(filter.ref) : undefined, 'userName');
  });

  it('G18 + is a space', () => assert.equal(query('filter=userName+eq+"x"').filter?.kind, 'compare'));

  it('H1, H2, H7 order', () => {
    const { sortBy, sortOrder } = query('sortBy=META.lastmodified&sortOrder=Descending');
    assert.deepEqual([sortBy && attributeKey(sortBy), sortOrder], ['meta.lastModified', 'descending']);
    assert.equal(query('sortBy=userName').sortOrder, 'ascending');
  });

  it('H10 sortOrder without sortBy is ignored', () => {
    assert.deepEqual(query('sortOrder=descending'), query(''));
    assert.deepEqual(query('sortOrder=sideways&sortBy='), query(''));
  });

  const refused: readonly [rule: string, text: string, scimType: ScimType][] = [
    ['G16 an empty filter', 'filter=', 'invalidFilter'],
    ['G31 an unknown attribute', 'filter=shoeSize eq 1', 'invalidFilter'],
    ['H2 another sortOrder', 'sortBy=userName&sortOrder=up', 'invalidValue'],
    ['H5 a complex sortBy', 'sortBy=name', 'invalidValue'],
    ['H9 an unknown sortBy', 'sortBy=shoeSize', 'invalidValue'],
    ['a filter twice', 'filter=title pr&filter=title pr', 'invalidValue'],
    ['count twice, in other letter case', 'count=1&COUNT=2', 'invalidValue'],
  ];
  for (const [rule, text, scimType] of refused) {
    it(`${rule} -> 400 ${scimType}`, () => assertRefused(() => query(text), scimType));
  }
});

describe('parseSearchBody', () => {
  it('J3, J5 the same as the query', () => {
    const text = 'filter=title pr&sortBy=title&sortOrder=descending&startIndex=2&count=3';
    assert.deepEqual(
      body({ filter: 'title pr', sortBy: 'title', sortOrder: 'descending', startIndex: 2, count: 3 }),
      query(text),
    );
  });

  it('J8 count 0, negative; names in any letter case; null says nothing', () => {
    assert.equal(body({ COUNT: 0 }).count, 0);
    assert.deepEqual(body({ count: -4, startIndex: -4, filter: null }), {
      sortOrder: 'ascending',
      startIndex: 1,
      count: 0,
    });
  });

  it('J9 attributes as an array or as text', () => {
    const paths = (attributes: unknown) => parseSearchBody({ schemas: [urns.searchRequest], attributes }).attributes;
    assert.deepEqual(paths(['userName', 'name.givenName']), ['userName', 'name.givenName']);
    assert.deepEqual(paths('userName, name.givenName'), ['userName', 'name.givenName']);
  });

  const refused: readonly [rule: string, given: unknown, scimType: ScimType][] = [
    ['J4 no schemas', { filter: 'title pr' }, 'invalidSyntax'],
    ['J4 other schemas', { schemas: [urns.patchOp] }, 'invalidSyntax'],
    ['J4 no object', [], 'invalidSyntax'],
    ['J3 count as text', { schemas: [urns.searchRequest], count: '5' }, 'invalidValue'],
    ['J3 a fraction', { schemas: [urns.searchRequest], count: 1.5 }, 'invalidValue'],
    ['J3 filter a number', { schemas: [urns.searchRequest], filter: 1 }, 'invalidValue'],
    ['J3 attributes of numbers', { schemas: [urns.searchRequest], attributes: [1] }, 'invalidValue'],
    ['J3 a name twice', { schemas: [urns.searchRequest], count: 1, Count: 2 }, 'invalidSyntax'],
  ];
  for (const [rule, given, scimType] of refused) {
    it(`${rule} -> 400 ${scimType}`, () => {
      assertRefused(() => parseSearchQuery(parseSearchBody(given), userType, limits), scimType);
    });
  }
});

describe('parseProjection', () => {
  const both = (attributes: string[], excludedAttributes: string[]) => () =>
    parseProjection({ attributes, excludedAttributes }, userType);

  it('K2 both -> 400 invalidValue', () => assertRefused(both(['id'], ['name']), 'invalidValue'));
  it('K8 a repeated name counts once', () => {
    const { attributes } = parseProjection(
      { attributes: ['name', 'NAME', `${core}:name`, 'name.givenName'] },
      userType,
    );
    assert.equal(attributes?.length, 2);
  });
  it('K14 an empty one does not count', () => assert.deepEqual(Object.keys(both(['id'], [])()), ['attributes']));
});

describe('requests from their parts', () => {
  const resource = { schemas: [core], userName: 'b' };
  const common = { resourceType: userType, projection: {}, preconditions: {} };

  it('create', () => {
    assert.deepEqual(parseCreate({ ...parts, body: resource }), { operation: 'create', ...common, resource });
  });

  it('read', () => {
    const request = parseRead({
      ...parts,
      id: '../x',
      ifNoneMatch: 'W/"5"',
      parameters: new URLSearchParams('attributes=name'),
    });
    assert.deepEqual([request.operation, request.id, request.preconditions], ['read', '../x', { ifNoneMatch: ['5'] }]);
    assert.equal(request.projection.attributes?.length, 1);
  });

  it('search by query and by body', () => {
    const expected = { operation: 'search', ...common, query: { sortOrder: 'ascending', startIndex: 1, count: 7 } };
    assert.deepEqual(parseSearch({ ...parts, limits, parameters: [['count', '7']] }), expected);
    assert.deepEqual(parseSearch({ ...parts, limits, body: { schemas: [urns.searchRequest], count: 7 } }), expected);
    assertRefused(() => parseSearch({ ...parts, limits, body: null }), 'invalidSyntax');
  });

  it('replace, with what the body clears', () => {
    const request = parseReplace({ ...parts, id: '1', body: { ...resource, emails: [] }, ifMatch: '*' });
    assert.deepEqual([request.id, request.resource, request.preconditions], ['1', resource, { ifMatch: ['*'] }]);
    assert.deepEqual(request.cleared?.map(attributeKey), ['emails']);
  });

  it('K4 a write says what it wrote of attributes that are returned on request', () => {
    const device = { ...parts, resourceType: deviceType };
    const written = [
      { schemas: [deviceType.schema.id], serial: 'S', secret: 's', [warranty]: { until: '2026-01-01T00:00:00Z' } },
    ].map((body) => parseCreate({ ...device, body }).projection.written?.map(attributeKey));
    assert.deepEqual(written, [['secret']]);
    const patch = { schemas: [urns.patchOp], Operations: [{ op: 'add', path: 'secret', value: 'x' }] };
    const { projection } = parsePatchRequest({ ...device, id: '1', body: patch });
    assert.deepEqual(projection.written?.map(attributeKey), ['secret']);
  });

  it('delete', () => {
    assert.deepEqual(parseDelete({ ...parts, id: '1', ifMatch: '' }), { operation: 'delete', id: '1', ...common });
  });

  const preferences: readonly [header: string | undefined, prefer: string | undefined][] = [
    [undefined, undefined],
    ['return=representation', 'representation'],
    ['respond-async, RETURN = "Minimal"; foo=1', 'minimal'],
    ['return=everything', undefined],
    ['x-return=minimal', undefined],
  ];
  for (const [header, prefer] of preferences) {
    it(`E6 Prefer: ${header}`, () => {
      const patch = { schemas: [urns.patchOp], Operations: [{ op: 'add', path: 'title', value: 'x' }] };
      const request = parsePatchRequest({ ...parts, id: '1', body: patch, prefer: header });
      assert.deepEqual([request.operation, request.operations.length, request.prefer], ['patch', 1, prefer]);
    });
  }
});
