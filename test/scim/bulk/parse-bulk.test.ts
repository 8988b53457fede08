import assert from 'node:assert/strict';
import { type BulkOperation, bulkResponse, findBulkId } from '../../../src/scim/bulk/bulk.ts';
import { parseBulk } from '../../../src/scim/bulk/parse-bulk.ts';
import { ScimError } from '../../../src/scim/error.ts';
import type { JsonObject, JsonValue } from '../../../src/scim/json.ts';
import { urns } from '../../../src/scim/urns.ts';
import { assertRefused, groupType, userType } from '../sample.ts';

const scope = {
  types: [userType, groupType, { ...userType, name: 'Guest', endpoint: '/hr/Guests' }],
  baseUrl: 'https://scim.example.com/scim/v2',
  maxOperations: 3,
};
const message = (...operations: readonly JsonValue[]): JsonObject => ({
  schemas: [urns.bulkRequest],
  Operations: operations,
});
const parseOne = (operation: JsonValue) => {
  const [first] = parseBulk(message(operation), scope).operations;
  assert.ok(first !== undefined);
  return first;
};
const accepted = (operation: JsonValue): BulkOperation => {
  const parsed = parseOne(operation);
  if ('error' in parsed) throw parsed.error;
  return parsed;
};
const post = { method: 'POST', path: '/Users', bulkId: 'x', data: {} };

describe('parseBulk', () => {
  describe('M21 the message', () => {
    for (const [title, body] of [
      ['no object', [post]],
      ['no schemas', { Operations: [post] }],
      ['another message', { ...message(post), schemas: [urns.patchOp] }],
      ['no Operations', { schemas: [urns.bulkRequest] }],
      ['empty Operations', message()],
      ['Operations that are no array', { schemas: [urns.bulkRequest], Operations: post }],
      ['a name twice', { ...message(post), operations: [] }],
    ] as const) {
      it(title, () => assertRefused(() => parseBulk(body, scope), 'invalidSyntax'));
    }

    it('names in any letter case', () => {
      const body = { SCHEMAS: [urns.bulkRequest.toUpperCase()], operations: [post], FailOnErrors: 2 };
      assert.equal(parseBulk(body, scope).failOnErrors, 2);
    });

    it('M15 too many operations are 413, and the limit is named', () => {
      assert.equal(parseBulk(message(post, post, post), scope).operations.length, 3);
      assert.throws(
        () => parseBulk(message(post, post, post, post), scope),
        (error: unknown) => error instanceof ScimError && error.status === 413 && /\b3\b/.test(error.detail),
      );
    });

    it('M11 failOnErrors is a whole number above 0', () => {
      for (const value of [0, -1, 1.5, '1', true, []]) {
        assertRefused(() => parseBulk({ ...message(post), failOnErrors: value }, scope), 'invalidValue');
      }
      for (const value of [undefined, null]) {
        assert.equal(parseBulk({ ...message(post), failOnErrors: value }, scope).failOnErrors, undefined);
      }
    });
  });

  describe('an operation that is wrong fails alone', () => {
    for (const [title, operation, status, scimType] of [
      ['M3 GET', { method: 'GET', path: '/Users/1' }, 400, 'invalidSyntax'],
      ['M3 no method', { path: '/Users/1' }, 400, 'invalidSyntax'],
      ['M3 a method that is no string', { method: 7, path: '/Users/1' }, 400, 'invalidSyntax'],
      ['M4 POST without bulkId', { ...post, bulkId: undefined }, 400, 'invalidSyntax'],
      ['M4 POST with an empty bulkId', { ...post, bulkId: '' }, 400, 'invalidSyntax'],
      ['M4 a bulkId that is no string', { ...post, bulkId: 7 }, 400, 'invalidSyntax'],
      ['M5 no path', { method: 'DELETE' }, 400, 'invalidSyntax'],
      ['M5 POST to a resource', { ...post, path: '/Users/1' }, 405, undefined],
      ['M5 DELETE of an endpoint', { method: 'DELETE', path: '/Users' }, 405, undefined],
      ['M5 a path below a resource', { method: 'DELETE', path: '/Users/1/emails' }, 404, undefined],
      ['M5 another server', { method: 'DELETE', path: 'https://other.example.com/scim/v2/Users/1' }, 404, undefined],
      ['M5 a malformed escape', { method: 'DELETE', path: '/Users/%zz' }, 404, undefined],
      ['M5 letter case', { ...post, path: '/users' }, 404, undefined],
      ['M6 POST without data', { ...post, data: undefined }, 400, 'invalidSyntax'],
      ['M6 PUT with an array', { method: 'PUT', path: '/Users/1', data: [] }, 400, 'invalidSyntax'],
      ['M6 PATCH without data', { method: 'PATCH', path: '/Users/1' }, 400, 'invalidSyntax'],
      ['M19 a version that is no string', { method: 'DELETE', path: '/Users/1', version: 1 }, 400, 'invalidSyntax'],
      ['B14 a name twice', { ...post, METHOD: 'PUT' }, 400, 'invalidSyntax'],
      ['no object', 'DELETE', 400, 'invalidSyntax'],
      ...['/Bulk', '/Me', '/.search', '/Schemas', '/', ''].map(
        (path) => [`M5 ${path}`, { ...post, path }, 404, undefined] as const,
      ),
    ] as const) {
      it(title, () => {
        const parsed = parseOne(operation);
        assert.ok('error' in parsed);
        assert.deepEqual([parsed.error.status, parsed.error.scimType], [status, scimType], parsed.error.detail);
      });
    }

    it('M5 /Users/.search is a resource that cannot be', () => {
      const parsed = parseOne({ ...post, path: '/Users/.search' });
      assert.equal('error' in parsed && parsed.error.status, 405);
    });

    it('M4 what could be read goes into the answer', () => {
      const parsed = parseOne({ method: 'get', path: '/Users', bulkId: 'x' });
      assert.deepEqual([parsed.method, parsed.bulkId], ['get', 'x']);
    });

    it('M4 of two operations with one bulkId the first keeps it', () => {
      const { operations } = parseBulk(
        message(post, { ...post, path: '/Groups' }, { method: 'DELETE', path: '/Users/1', bulkId: 'x' }),
        scope,
      );
      assert.deepEqual(
        operations.map((each) => ('error' in each ? [each.method, each.bulkId, each.error.status] : each.bulkId)),
        ['x', ['POST', 'x', 400], ['DELETE', 'x', 400]],
      );
    });
  });

  it('M3 methods in any letter case', () => {
    assert.equal(accepted({ method: 'Delete', path: '/Users/1' }).method, 'DELETE');
  });

  describe('M5 paths', () => {
    for (const [path, type, target] of [
      ['/Users/1', 'User', { id: '1' }],
      ['Users/1', 'User', { id: '1' }],
      ['/Users/1/', 'User', { id: '1' }],
      ['/v2/Groups/1', 'Group', { id: '1' }],
      ['/scim/v2/Groups/1', 'Group', { id: '1' }],
      ['https://scim.example.com/scim/v2/Groups/1', 'Group', { id: '1' }],
      ['/Users/a%2Fb', 'User', { id: 'a/b' }],
      ['/Users/bulkId:x', 'User', { bulkId: 'x' }],
      ['/Users/bulkId%3Ax%20y', 'User', { bulkId: 'x y' }],
      ['/hr/Guests/1', 'Guest', { id: '1' }],
    ] as const) {
      it(path, () => {
        const { resourceType, target: found } = accepted({ method: 'DELETE', path });
        assert.deepEqual([resourceType.name, found], [type, target]);
      });
    }

    it('of a create', () => {
      for (const path of ['/hr/Guests', 'hr/Guests/', '/v2/hr/Guests']) {
        const { resourceType, target } = accepted({ ...post, path });
        assert.deepEqual([resourceType.name, target], ['Guest', undefined]);
      }
    });

    it('takes no long time', () => {
      for (const path of ['/a'.repeat(50_000), '/'.repeat(100_000), 'a'.repeat(100_000)]) {
        assert.ok('error' in parseOne({ method: 'DELETE', path }));
      }
    });
  });

  it('M6 the bare operations of the example in RFC 7644 s3.7.3 are a message', () => {
    const operation = { op: 'remove', path: 'nickName' };
    assert.deepEqual(accepted({ method: 'PATCH', path: '/Users/1', data: [operation] }).data, {
      schemas: [urns.patchOp],
      Operations: [operation],
    });
  });
});

describe('findBulkId', () => {
  it('knows its form', () => {
    for (const [text, bulkId] of [
      ['bulkId:x', 'x'],
      ['bulkId:', ''],
      ['bulkId:a:b', 'a:b'],
      ['BULKID:x', undefined],
      [' bulkId:x', undefined],
      ['x', undefined],
    ] as const) {
      assert.equal(findBulkId(text), bulkId, text);
    }
  });
});

describe('bulkResponse', () => {
  it('M7 M8 M9 M10 shows what there is, status as a string', () => {
    const error = new ScimError(412, undefined, 'Changed.');
    assert.deepEqual(
      bulkResponse([
        { method: 'POST', bulkId: 'x', location: 'https://e/Users/1', version: '3', status: 201 },
        { status: 412, error },
      ]),
      {
        schemas: [urns.bulkResponse],
        Operations: [
          { location: 'https://e/Users/1', method: 'POST', bulkId: 'x', version: 'W/"3"', status: '201' },
          { status: '412', response: { schemas: [urns.error], status: '412', detail: 'Changed.' } },
        ],
      },
    );
  });
});
