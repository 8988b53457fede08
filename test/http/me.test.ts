// `/Me` (RFC 7644 s3.11) with a method of authentication that knows which resource a caller is.
import assert from 'node:assert/strict';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { accepted, refused } from '../../src/auth/method.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Served, serve } from './serve.ts';

const callers: Readonly<Record<string, Principal>> = {
  person: { name: 'person', profile: interop, resource: { type: 'User', id: 'a b' } },
  team: { name: 'team', profile: interop, resource: { type: 'Group', id: '7' } },
  service: { name: 'service', profile: interop },
  robot: { name: 'robot', profile: interop, resource: { type: 'Robot', id: '1' } },
};

describe('http /Me', () => {
  let served: Served;

  before(async () => {
    const authenticator = createAuthenticator([
      {
        advertised: [{ type: 'httpbasic', name: 'Name', description: 'A name.' }],
        schemes: ['name'],
        tiesCallers: true,
        challenges: () => ['Name'],
        authenticate: ({ credentials: name }) => {
          const principal = callers[name];
          return principal === undefined ? refused('no such name') : accepted(principal);
        },
      },
    ]);
    served = await serve(undefined, { authenticator });
  });
  after(async () => {
    await served.listener.stop(1);
  });
  beforeEach(() => {
    served.gateway.calls.length = 0;
  });

  const send = (caller: string, method: string, body?: unknown, headers: Record<string, string> = {}) =>
    served.fetch('/scim/v2/Me', {
      method,
      headers: { Authorization: `Name ${caller}`, 'Content-Type': 'application/scim+json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const patch = { schemas: [urns.patchOp], Operations: [{ op: 'replace', path: 'displayName', value: 'x' }] };

  for (const [method, body, operation, status] of [
    ['GET', undefined, 'read', 200],
    ['PUT', { schemas: [urns.user], userName: 'bjensen' }, 'replace', 200],
    ['PATCH', patch, 'patch', 200],
    ['DELETE', undefined, 'delete', 204],
  ] as const) {
    it(`N3 N4 ${method} is done to the caller's resource, under its permanent URI`, async () => {
      const response = await send('person', method, body, { 'If-Match': 'W/"3"' });
      assert.equal(response.status, status, await response.text());
      const [call] = served.gateway.calls;
      assert.ok(call !== undefined && 'id' in call.request);
      assert.deepEqual(
        [call.request.operation, call.request.resourceType.name, call.request.id],
        [operation, 'User', 'a b'],
      );
      assert.deepEqual(call.request.preconditions, { ifMatch: ['3'] });
      const location = method === 'DELETE' ? null : `${served.url}/scim/v2/Users/a%20b`;
      assert.equal(response.headers.get('location'), location);
    });
  }

  it('N4 the caller may be of any resource type, and parameters count', async () => {
    const response = await served.fetch('/scim/v2/Me?attributes=displayName', {
      headers: { Authorization: 'Name team' },
    });
    assert.equal(response.headers.get('location'), `${served.url}/scim/v2/Groups/7`);
    const [call] = served.gateway.calls;
    assert.equal(call?.request.operation === 'read' && call.request.projection.attributes?.length, 1);
  });

  it('N5 a caller that is no resource gets 404', async () => {
    for (const caller of ['service', 'robot']) {
      for (const method of ['GET', 'DELETE']) assert.equal((await send(caller, method)).status, 404);
    }
    assert.equal(served.gateway.calls.length, 0);
  });

  it('POST is no operation on a resource that exists', async () => {
    const response = await send('person', 'POST', { schemas: [urns.user], userName: 'x' });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS');
  });

  it('N1 without a method that can tell, every method is 501', async () => {
    const without = await serve();
    try {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        assert.equal((await without.fetch('/scim/v2/Me', { method })).status, 501, method);
      }
    } finally {
      await without.listener.stop(1);
    }
  });

  it('who is nobody gets 401', async () => {
    assert.equal((await send('stranger', 'GET')).status, 401);
  });
});
