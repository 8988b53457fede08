// Bulk as HTTP sees it: limits, paths, and what is told of failures.
import assert from 'node:assert/strict';
import { ScimError } from '../../src/scim/error.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Served, serve } from './serve.ts';

describe('http bulk', () => {
  let served: Served;
  /** By id of the resource: what the gateway throws. */
  const failures: Record<string, unknown> = {};

  before(async () => {
    served = await serve(
      (request, { baseUrl }) => {
        const id = 'id' in request ? request.id : 'new';
        if (id in failures) throw failures[id];
        if (request.operation === 'delete') return { status: 204 };
        return { status: 200, body: { id }, location: `${baseUrl}/Users/${id}`, version: '1' };
      },
      { bodyBytes: 5000 },
    );
  });
  after(async () => {
    await served.listener.stop(1);
  });
  beforeEach(() => {
    served.gateway.calls.length = 0;
    served.observations.length = 0;
  });

  const send = async (operations: JsonValue): Promise<{ status: number; body: JsonObject }> => {
    const response = await served.fetch('/scim/v2/Bulk', {
      method: 'POST',
      headers: { 'Content-Type': 'application/scim+json' },
      body: JSON.stringify({ schemas: [urns.bulkRequest], Operations: operations }),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  };
  const resultsOf = (body: JsonObject) =>
    body['Operations'] as unknown as readonly { status: string; location?: string; response?: JsonObject }[];

  it('M5 a path may begin with the base URL, its path or the version', async () => {
    const base = `${served.url}/scim/v2`;
    const paths = ['/Users/a%20b', 'Users/a%20b', '/Users/a%20b/', '/v2/Users/a%20b', '/scim/v2/Users/a%20b'];
    const { status, body } = await send([...paths, `${base}/Users/a%20b`].map((path) => ({ method: 'DELETE', path })));
    assert.equal(status, 200);
    assert.deepEqual(
      resultsOf(body).map((result) => [result.status, result.location]),
      Array.from({ length: 6 }, () => ['204', `${base}/Users/a%20b`]),
    );
    for (const { request } of served.gateway.calls) assert.ok('id' in request && request.id === 'a b');
  });

  it('M15 M16 a body above the limit is 413 and names it', async () => {
    const { status, body } = await send([{ method: 'DELETE', path: `/Users/${'x'.repeat(5000)}` }]);
    assert.equal(status, 413);
    assert.match(String(body['detail']), /5000/);
    assert.equal(served.gateway.calls.length, 0);
  });

  it('M15 more operations than the limit are 413, and none is run', async () => {
    const { status, body } = await send(Array.from({ length: 21 }, () => ({ method: 'DELETE', path: '/Users/1' })));
    assert.equal(status, 413);
    assert.match(String(body['detail']), /\b20\b/);
    assert.equal(served.gateway.calls.length, 0);
  });

  it('M9 O3 an unexpected failure is told to the log and not to the client', async () => {
    failures['broken'] = new Error('ldap://inside.example.com broke');
    failures['busy'] = new ScimError(503, undefined, 'Busy.');
    failures['gone'] = new ScimError(404, undefined, 'Gone.');
    const { body } = await send(
      ['broken', 'busy', 'gone', 'fine'].map((id) => ({ method: 'DELETE', path: `/Users/${id}` })),
    );
    assert.deepEqual(
      resultsOf(body).map((result) => [result.status, result.response?.['status']]),
      [
        ['500', '500'],
        ['503', '503'],
        ['404', '404'],
        ['204', undefined],
      ],
    );
    assert.ok(!JSON.stringify(body).includes('inside'));
    const told = served.observations.flatMap((each) => (each.kind === 'requestFailed' ? [each.error] : []));
    assert.deepEqual(new Set(told), new Set([failures['broken'], failures['busy']]));
  });

  it('a request that was given up begins nothing more', async () => {
    const slow = await serve(
      async (_request, { signal }) =>
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      { requestSeconds: 0.05 },
    );
    try {
      const response = await slow.fetch('/scim/v2/Bulk', {
        method: 'POST',
        headers: { 'Content-Type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: [urns.bulkRequest],
          Operations: Array.from({ length: 20 }, (_, index) => ({ method: 'DELETE', path: `/Groups/${index}` })),
        }),
      });
      assert.equal(response.status, 503);
      assert.ok(slow.gateway.calls.length > 0 && slow.gateway.calls.length < 20);
    } finally {
      await slow.listener.stop(1);
    }
  });
});
