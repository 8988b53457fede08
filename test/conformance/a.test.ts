import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { assertError, enterprise, list, object, query, useGateway } from './use-gateway.ts';

const discovery = ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas'];

describe('A discovery', () => {
  const gateway = useGateway();
  const { scim, read, patch } = gateway;

  it('A1 A2 ServiceProviderConfig is one object with every member', async () => {
    const config = await read('/ServiceProviderConfig');
    assert.deepEqual(config['schemas'], ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig']);
    assert.equal(config['Resources'], undefined);
    for (const name of ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag']) {
      assert.equal(typeof object(config[name])['supported'], 'boolean', name);
    }
    const { maxOperations, maxPayloadSize } = object(config['bulk']);
    for (const number of [maxOperations, maxPayloadSize, object(config['filter'])['maxResults']]) {
      assert.ok(Number.isInteger(number) && Number(number) > 0, String(number));
    }
  });

  it('A3 authentication schemes say what they are', async () => {
    const schemes = list((await read('/ServiceProviderConfig'))['authenticationSchemes']);
    assert.ok(schemes.length > 0);
    for (const { type, name, description } of schemes) {
      assert.match(String(type), /^(?:oauth|oauth2|oauthbearertoken|httpbasic|httpdigest)$/);
      assert.ok(typeof name === 'string' && typeof description === 'string');
    }
  });

  it('A5 what is advertised is what happens', async () => {
    const config = await read('/ServiceProviderConfig');
    const supported = (name: string): JsonValue | undefined => object(config[name])['supported'];
    const { id } = await gateway.user('a5', { password: 'a5-first-secret' });
    const patched = await patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'x' });
    assert.equal(supported('patch'), patched.status === 200);
    assert.equal(supported('etag'), patched.headers.has('etag'));
    const changed = await patch(`/Users/${id}`, { op: 'replace', path: 'password', value: 'a5-second-secret' });
    assert.equal(supported('changePassword'), changed.status === 200);
    const filtered = await scim('GET', `/Users?${query({ filter: 'userName eq "a5"', sortBy: 'userName' })}`);
    assert.equal(supported('filter'), filtered.status === 200);
    assert.equal(supported('sort'), filtered.status === 200);
    assert.equal(supported('bulk'), (await scim('POST', '/Bulk', {})).status !== 501);
  });

  it('A6 A8 resource types are complete and name schemas that exist', async () => {
    const body = await read('/ResourceTypes');
    const types = list(body['Resources']);
    assert.deepEqual(body['schemas'], [urns.listResponse]);
    assert.deepEqual([body['totalResults'], types.map(({ name }) => name)], [2, ['User', 'Group']]);
    for (const type of types) {
      assert.equal(type['id'], type['name']);
      assert.equal(object(type['meta'])['resourceType'], 'ResourceType');
      const extensions = list(type['schemaExtensions']);
      for (const urn of [type['schema'], ...extensions.map(({ schema }) => schema)]) {
        assert.equal((await read(`/Schemas/${String(urn)}`))['id'], urn);
      }
      assert.ok(extensions.every(({ required }) => typeof required === 'boolean'));
      const resource = String(type['name']) === 'User' ? await gateway.user('a8') : await gateway.group('a8');
      assert.equal(object(resource['meta'])['resourceType'], type['name']);
    }
  });

  it('A7 one resource type by its id', async () => {
    assert.equal((await read('/ResourceTypes/User'))['endpoint'], '/Users');
    assertError(await scim('GET', '/ResourceTypes/Robot'), 404);
    assertError(await scim('GET', '/ResourceTypes/user'), 404);
  });

  it('A9 A10 A11 the schemas in use, and no others', async () => {
    const body = await read('/Schemas');
    const ids = list(body['Resources']).map(({ id }) => id);
    assert.deepEqual([body['totalResults'], ids.toSorted()], [3, [urns.group, urns.user, enterprise].toSorted()]);
    for (const path of [enterprise, encodeURIComponent(enterprise), enterprise.replaceAll(':', '%3a')]) {
      assert.equal((await read(`/Schemas/${path}`))['id'], enterprise);
    }
    assertError(await scim('GET', `/Schemas/${urns.patchOp}`), 404);
    assertError(await scim('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Schema'), 404);
  });

  it('A12 A14 A19 Q21 definitions have every characteristic, no null, no empty array, nothing common', async () => {
    const schemas = list((await read('/Schemas'))['Resources']);
    const check = (definition: JsonObject, nested: boolean): void => {
      const label = JSON.stringify(definition);
      for (const key of ['name', 'type', 'multiValued', 'description', 'required', 'mutability', 'returned']) {
        assert.notEqual(definition[key], undefined, `${key} in ${label}`);
      }
      assert.ok(!/null|\[\]/.test(label), label);
      const complex = definition['type'] === 'complex';
      assert.equal(complex, definition['subAttributes'] !== undefined, label);
      assert.ok(!(complex && nested), label);
      assert.equal(definition['type'] === 'reference', definition['referenceTypes'] !== undefined, label);
      if (['string', 'reference', 'binary'].includes(String(definition['type']))) {
        assert.equal(typeof definition['caseExact'], 'boolean', label);
      }
      for (const sub of list(definition['subAttributes'])) check(sub, true);
    };
    for (const schema of schemas) {
      const attributes = list(schema['attributes']);
      for (const attribute of attributes) check(attribute, false);
      assert.ok(attributes.every(({ name }) => !['id', 'meta', 'schemas'].includes(String(name))));
    }
  });

  it('A15 a filter is 403; other parameters change nothing', async () => {
    for (const path of discovery) {
      assert.deepEqual(await read(`${path}?startIndex=2&count=0&sortBy=id&attributes=id`), await read(path));
      assertError(await scim('GET', `${path}?filter=id%20pr`), 403);
    }
  });

  for (const path of [...discovery, '/ResourceTypes/User', `/Schemas/${urns.user}`]) {
    it(`A16 A17 A18 ${path} is for reading, and says where it is`, async () => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await scim(method, path, method === 'DELETE' ? undefined : {});
        assertError(answer, 405);
        assert.match(answer.headers.get('allow') ?? '', /\bGET\b/);
      }
      const head = await fetch(`${gateway.served().url}${path}`, {
        method: 'HEAD',
        headers: { Authorization: `Bearer ${gateway.served().token}` },
      });
      assert.deepEqual([head.status, await head.text()], [200, '']);
      const body = await read(path);
      for (const each of body['Resources'] === undefined ? [body] : list(body['Resources'])) {
        const location = String(object(each['meta'])['location']);
        assert.ok(location.startsWith(gateway.served().url));
        assert.deepEqual(await read(location.slice(gateway.served().url.length)), each);
      }
    });
  }

  it('A20 S1 S4 nothing is promised of events, and Prefer is ignored; cursors are where they are promised', async () => {
    const { pagination, securityEvents } = await read('/ServiceProviderConfig');
    assert.equal(securityEvents, undefined);
    const { nextCursor } = await read('/ResourceTypes?cursor');
    assert.equal(nextCursor, undefined);
    await gateway.user('a20-1');
    await gateway.user('a20-2');
    const page = await scim('GET', '/Users?cursor&count=1');
    assert.equal(object(pagination)['cursor'] === true, typeof page.body['nextCursor'] === 'string');
    const answer = await scim('GET', '/Users?count=0', undefined, { Prefer: 'respond-async, wait=10' });
    assert.equal(answer.status, 200);
    assert.ok(!answer.headers.has('preference-applied') && !answer.headers.has('set-txn'));
  });
});

let targets = 0;

describe('A13 every attribute that is advertised can be written and read', () => {
  const gateway = useGateway();
  const { read, scim, patch, user } = gateway;

  /** A value of any attribute by its definition alone, as a client without other knowledge would make it. */
  async function sample(definition: JsonObject): Promise<JsonValue | undefined> {
    const one = async (): Promise<JsonValue> => {
      switch (String(definition['type'])) {
        case 'boolean':
          return true;
        case 'binary':
          return Buffer.from('sample octets').toString('base64');
        case 'complex': {
          const subs = list(definition['subAttributes']);
          const $ref = subs.find(({ name, mutability }) => name === '$ref' && mutability !== 'readOnly');
          if ($ref !== undefined) {
            const target = await user(`a13-target-${targets++}`);
            return { $ref: object(target['meta'])['location'] ?? '' };
          }
          const parts = await Promise.all(subs.map(async (sub) => [String(sub['name']), await sample(sub)] as const));
          return Object.fromEntries(parts.filter(([, value]) => value !== undefined)) as JsonObject;
        }
        case 'reference':
          return 'https://example.com/sample';
        default:
          return String((definition['canonicalValues'] as unknown as string[] | undefined)?.[0] ?? 'sample');
      }
    };
    if (definition['mutability'] === 'readOnly') return undefined;
    const value = await one();
    return definition['multiValued'] === true ? [value] : value;
  }

  /** Whether all that was sent is there; the server may know more. */
  function holds(found: JsonValue | undefined, sent: JsonValue): boolean {
    if (Array.isArray(sent)) {
      return sent.every((each: JsonValue) => list(found).some((other) => holds(other, each)));
    }
    if (typeof sent !== 'object' || sent === null) return found === sent;
    return Object.entries(sent).every(([key, value]) => holds(object(found)[key], value as JsonValue));
  }

  async function definitions(urn: string): Promise<readonly JsonObject[]> {
    const all = list((await read(`/Schemas/${urn}`))['attributes']);
    return all.filter(({ mutability }) => mutability !== 'readOnly');
  }

  for (const [urn, endpoint] of [
    [urns.user, '/Users'],
    [enterprise, '/Users'],
    [urns.group, '/Groups'],
  ] as const) {
    it(`by PATCH, PUT and POST: ${urn}`, async () => {
      let count = 0;
      for (const definition of await definitions(urn)) {
        const name = String(definition['name']);
        const value = await sample(definition);
        assert.ok(value !== undefined, name);
        const own: JsonObject = urn === enterprise ? { [enterprise]: { [name]: value } } : { [name]: value };
        const unique = (method: string): JsonObject =>
          endpoint === '/Users'
            ? { schemas: [urns.user], userName: `a13-${name}-${method}` }
            : { schemas: [urns.group], displayName: `a13-${name}-${method}` };
        const shown = (body: JsonObject): JsonValue | undefined =>
          urn === enterprise ? object(body[enterprise])[name] : body[name];
        const check = (body: JsonObject, method: string): void => {
          const found = shown(body);
          if (definition['returned'] === 'never') assert.equal(found, undefined);
          else
            assert.ok(
              holds(found, value),
              `${method} ${name}: sent ${JSON.stringify(value)}, found ${JSON.stringify(found)}`,
            );
        };

        const posted = await scim('POST', endpoint, { ...unique('post'), ...own });
        assert.equal(posted.status, 201, `${name}: ${JSON.stringify(posted.body)}`);
        check(await read(`${endpoint}/${String(posted.body['id'])}`), 'POST');
        await scim('DELETE', `${endpoint}/${String(posted.body['id'])}`);

        const { body } = await scim('POST', endpoint, unique('put'));
        const path = `${endpoint}/${String(body['id'])}`;
        const put = await scim('PUT', path, { ...unique('put'), ...own });
        assert.equal(put.status, 200, `${name}: ${JSON.stringify(put.body)}`);
        check(await read(path), 'PUT');
        await scim('DELETE', path);

        const created = await scim('POST', endpoint, unique('patch'));
        const patchPath = `${endpoint}/${String(created.body['id'])}`;
        const prefix = urn === enterprise ? `${enterprise}:` : '';
        const patched = await patch(patchPath, { op: 'replace', path: `${prefix}${name}`, value });
        assert.ok(patched.status === 200 || patched.status === 204, `${name}: ${JSON.stringify(patched.body)}`);
        check(await read(patchPath), 'PATCH');
        await scim('DELETE', patchPath);
        count += 1;
      }
      assert.ok(count >= 2);
    });
  }
});
