import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { refusedShapes, shapes, userAttributes } from './patch-shapes.ts';
import { assertError, enterprise, type Identified, list, object, useGateway } from './use-gateway.ts';

const work = { value: 'work@example.test', type: 'work' };
const home = { value: 'home@example.test', type: 'home' };

describe('E patch', () => {
  const gateway = useGateway();
  const { scim, read, patch } = gateway;
  let count = 0;
  const fresh = (more: JsonObject = {}): Promise<Identified> => {
    count += 1;
    return gateway.user(`e-${count}`, more);
  };

  describe('messages', () => {
    const replaceTitle = { op: 'replace', path: 'title', value: 'new' };
    const malformed: readonly (readonly [string, unknown, string])[] = [
      ['E1 no schemas', { Operations: [replaceTitle] }, 'invalidSyntax'],
      ['E1 another message', { schemas: [urns.bulkRequest], Operations: [replaceTitle] }, 'invalidSyntax'],
      ['E2 no Operations', { schemas: [urns.patchOp] }, 'invalidSyntax'],
      ['E2 empty Operations', { schemas: [urns.patchOp], Operations: [] }, 'invalidSyntax'],
      ['E2 an object', { schemas: [urns.patchOp], Operations: replaceTitle }, 'invalidSyntax'],
      ['E3 move', { schemas: [urns.patchOp], Operations: [{ ...replaceTitle, op: 'move' }] }, 'invalidSyntax'],
      ['E3 a number', { schemas: [urns.patchOp], Operations: [{ ...replaceTitle, op: 1 }] }, 'invalidSyntax'],
      ['E3 no op', { schemas: [urns.patchOp], Operations: [{ path: 'title', value: 'x' }] }, 'invalidSyntax'],
    ];
    for (const [title, body, scimType] of malformed) {
      it(`${title} -> 400 ${scimType}`, async () => {
        const { id } = await fresh({ title: 'old' });
        assertError(await scim('PATCH', `/Users/${id}`, body), 400, scimType);
        assert.equal((await read(`/Users/${id}`))['title'], 'old');
      });
    }

    it('E2 E3 E14 keys, op and path in any letter case', async () => {
      const { id } = await fresh();
      const Operations = [{ OP: 'Replace', Path: 'TITLE', Value: 'new' }];
      const { status, body } = await scim('PATCH', `/Users/${id}`, { SCHEMAS: [urns.patchOp], operations: Operations });
      assert.deepEqual([status, body['title']], [200, 'new']);
    });

    it('E4 E5 E7 in order, all or none, one error', async () => {
      const { id } = await fresh({ title: 'old' });
      const path = `/Users/${id}`;
      const ordered = await patch(
        path,
        { op: 'add', path: 'title', value: 'first' },
        { op: 'remove', path: 'title' },
        { op: 'add', path: 'title', value: 'last' },
      );
      assert.equal(ordered.body['title'], 'last');
      const refused = await patch(
        path,
        { op: 'replace', path: 'userName', value: `e4-renamed` },
        { op: 'replace', path: 'title', value: 'lost' },
        { op: 'replace', path: 'active', value: 'no boolean' },
        { op: 'remove', path: 'nonsense' },
      );
      assertError(refused, 400, 'invalidValue');
      assert.deepEqual(await read(path), ordered.body);
    });

    it('E6 E16 K1 200 with the user, 204 for groups, and 200 with what is asked for', async () => {
      const user = await fresh();
      const group = await gateway.group('e6');
      const change = (path: string) => patch(path, { op: 'replace', path: 'displayName', value: `e6-${count++}` });
      assert.equal((await change(`/Users/${user.id}`)).status, 200);
      assert.deepEqual((await change(`/Groups/${group.id}`)).status, 204);
      for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
        const named = await change(`${path}?attributes=displayName`);
        assert.deepEqual([named.status, Object.keys(named.body).toSorted()], [200, ['displayName', 'id', 'schemas']]);
      }
    });

    it('E8 an unknown resource is 404', async () => {
      assertError(await patch('/Users/unknown', { op: 'replace', path: 'title', value: 'x' }), 404);
    });

    it('E10 E48 readOnly is 400 mutability', async () => {
      const { id } = await fresh();
      for (const path of ['id', 'meta.created', 'groups', 'meta']) {
        assertError(await patch(`/Users/${id}`, { op: 'replace', path, value: 'x' }), 400, 'mutability');
      }
    });

    it('E11 no change, no new version', async () => {
      const { id, meta } = await fresh({ title: 'same', emails: [work] });
      const operations = [
        { op: 'add', path: 'emails', value: [work] },
        { op: 'replace', path: 'title', value: 'same' },
        { op: 'remove', path: 'nickName' },
      ];
      assert.deepEqual((await patch(`/Users/${id}`, ...operations)).body['meta'], meta);
      const group = await gateway.group('e11', [id]);
      assert.equal(
        (await patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: id }] })).status,
        204,
      );
      assert.deepEqual((await read(`/Groups/${group.id}`))['meta'], group['meta']);
    });

    it('E15 Q11 uniqueness holds', async () => {
      const [one, other] = [await fresh(), await fresh()];
      const taken = String(one['userName']).toUpperCase();
      assertError(
        await patch(`/Users/${other.id}`, { op: 'replace', path: 'userName', value: taken }),
        409,
        'uniqueness',
      );
      assertError(await patch(`/Users/${other.id}`, { op: 'replace', value: { userName: taken } }), 409, 'uniqueness');
      assert.deepEqual(await read(`/Users/${other.id}`), other);
    });

    it('E17 L5 a stale If-Match is 412', async () => {
      const { id, meta } = await fresh();
      const headers = { 'If-Match': String(object(meta)['version']) };
      const send = (value: string) =>
        scim(
          'PATCH',
          `/Users/${id}`,
          { schemas: [urns.patchOp], Operations: [{ op: 'add', path: 'title', value }] },
          headers,
        );
      assert.equal((await send('first')).status, 200);
      assertError(await send('second'), 412);
      assert.equal((await read(`/Users/${id}`))['title'], 'first');
    });

    it('E18 many members in one request', async () => {
      const users = await Promise.all(Array.from({ length: 60 }, () => fresh()));
      const { id } = await gateway.group('e18');
      const members = users.map((user) => ({ value: user.id }));
      await patch(`/Groups/${id}`, { op: 'add', path: 'members', value: members });
      assert.equal(list((await read(`/Groups/${id}`))['members']).length, 60);
      const removals = users.slice(0, 55).map((user) => ({ op: 'remove', path: `members[value eq "${user.id}"]` }));
      assert.equal((await patch(`/Groups/${id}`, ...removals)).status, 204);
      assert.equal(list((await read(`/Groups/${id}`))['members']).length, 5);
    });

    it('E19 PATCH on a collection is 405', async () => {
      for (const path of ['/Users', '/Groups']) {
        assertError(await patch(path, { op: 'replace', path: 'title', value: 'x' }), 405);
      }
    });
  });

  describe('shapes, stored and read back', () => {
    for (const [title, operation, path, expected] of shapes) {
      it(title, async () => {
        const { id } = await fresh(userAttributes);
        const answer = await patch(`/Users/${id}`, operation);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        assert.deepEqual(await read(`/Users/${id}`), answer.body);
        assert.deepEqual(withoutPrimary(at(answer.body, path)), expected);
      });
    }

    for (const [title, operation, scimType] of refusedShapes) {
      it(`${title} -> 400 ${scimType}`, async () => {
        const before = await fresh(userAttributes);
        assertError(await patch(`/Users/${before.id}`, operation), 400, scimType);
        assert.deepEqual(await read(`/Users/${before.id}`), before);
      });
    }
  });

  it('E9 E66 E67 E70 E71 one primary value, shown as a boolean', async () => {
    const { id } = await fresh({ emails: [{ ...work, primary: true }, home] });
    const { body } = await patch(`/Users/${id}`, {
      op: 'add',
      path: 'emails',
      value: [{ value: 'x@example.test', type: 'work', primary: true }],
    });
    const primaries = list(body['emails']).filter((email) => email['primary'] === true);
    assert.deepEqual(
      primaries.map(({ value }) => value),
      ['x@example.test'],
    );
    // E67: of another type, which no order of values tells.
    const other = await patch(`/Users/${id}`, { op: 'replace', path: 'emails[type eq "home"].primary', value: 'True' });
    assert.deepEqual(
      list(other.body['emails']).filter((email) => email['primary'] === true),
      [{ ...home, primary: true }],
    );
    assert.deepEqual(list((await read(`/Users/${id}`))['emails']), list(other.body['emails']));
  });

  it('E37 several adds build one value', async () => {
    const { id } = await fresh();
    const parts = { streetAddress: 'S', locality: 'L', postalCode: 'P' };
    const { body } = await patch(
      `/Users/${id}`,
      ...Object.entries(parts).map(([name, value]) => ({
        op: 'add',
        path: `addresses[type eq "work"].${name}`,
        value,
      })),
    );
    assert.deepEqual(body['addresses'], [{ type: 'work', ...parts }]);
  });

  it('E39 E41 a manager by every form, $ref too', async () => {
    const [first, second] = [await fresh(), await fresh()];
    const { id } = await fresh();
    const path = `${enterprise}:manager`;
    const location = String(object(second['meta'])['location']);
    const steps: readonly (readonly [JsonObject, string | undefined])[] = [
      [{ op: 'add', path, value: { value: first.id } }, first.id],
      [{ op: 'replace', path: `${path}.value`, value: second.id }, second.id],
      [{ op: 'remove', path: `${path}[value eq "${first.id}"]` }, second.id],
      [{ op: 'remove', path: `${path}[value eq "${second.id}"]` }, undefined],
      [{ op: 'add', path, value: { $ref: location } }, second.id],
      [{ op: 'replace', path: 'manager', value: [{ value: first.id }] }, first.id],
      [{ op: 'replace', path: `${path}.$ref`, value: location }, second.id],
      [{ op: 'remove', path }, undefined],
    ];
    for (const [operation, expected] of steps) {
      const { status, body } = await patch(`/Users/${id}`, operation);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(at(body, `${enterprise}.manager.value`), expected, JSON.stringify(operation));
    }
  });

  it('E46 E47 members come and go; what they are does not change', async () => {
    const [a, b] = [await fresh(), await fresh()];
    const { id } = await gateway.group('e46', [a.id]);
    const path = `/Groups/${id}`;
    const members = async (): Promise<unknown[]> => list((await read(path))['members']).map(({ value }) => value);
    await patch(path, { op: 'add', path: 'members', value: [{ value: a.id }, { value: b.id }] });
    assert.deepEqual((await members()).toSorted(), [a.id, b.id].toSorted());
    await patch(path, { op: 'remove', path: `members[value eq "${a.id}"]` });
    assert.equal((await patch(path, { op: 'remove', path: `members[value eq "${a.id}"]` })).status, 204);
    assert.deepEqual(await members(), [b.id]);
    const change = { op: 'replace', path: `members[value eq "${b.id}"].value`, value: a.id };
    assertError(await patch(path, change), 400, 'mutability');
    await patch(path, { op: 'replace', path: 'members', value: [{ value: a.id }] });
    assert.deepEqual(await members(), [a.id]);
  });
});

/** What stands at a path of keys, the extension's URN being one. */
function at(body: JsonObject, path: string): JsonValue | undefined {
  const inExtension = path.startsWith(enterprise);
  const keys = (inExtension ? path.slice(enterprise.length + 1) : path).split('.').filter((key) => key !== '');
  const start: JsonValue | undefined = inExtension ? body[enterprise] : body;
  return keys.reduce<JsonValue | undefined>((value, key) => object(value)[key], start);
}

/** The mapping tells which address is the preferred one. */
function withoutPrimary(value: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(value)) return value;
  return list(value).map(({ primary: _primary, ...rest }) => rest) as unknown as JsonValue;
}
