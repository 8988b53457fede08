import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { assertError, enterprise, type Identified, list, object, query, useGateway } from './use-gateway.ts';

describe('C read', () => {
  const gateway = useGateway();
  const { scim, read, patch } = gateway;
  let user: Identified;
  let group: Identified;
  before(async () => {
    user = await gateway.user('c1', { title: 'x', emails: [{ value: 'c1@example.test', type: 'work' }] });
    group = await gateway.group('c1', [user.id]);
  });

  it('C1 L1 200 with type, ETag and Location', async () => {
    const { status, headers, body } = await scim('GET', `/Users/${user.id}`);
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^application\/scim\+json/);
    assert.equal(headers.get('etag'), object(body['meta'])['version']);
    assert.equal(headers.get('location'), object(body['meta'])['location']);
  });

  const ids = ['unknown', '%00', 'x'.repeat(300), '..%2F..%2F', '*', ')(uid=*', '%5C2a', 'cn=x,dc=y', '__proto__'];
  for (const id of [...ids, '00000000-0000-4000-8000-000000000000', '%F0%9F%92%A9', '%22%20or%20id%20pr']) {
    it(`C2 ${id.slice(0, 40)} -> 404`, async () => {
      for (const path of [`/Users/${id}`, `/Groups/${id}`]) assertError(await scim('GET', path), 404);
    });
  }

  it('C3 C4 ids of another letter case or type are 404', async () => {
    assertError(await scim('GET', `/Users/${user.id.toUpperCase()}`), 404);
    assertError(await scim('GET', `/Users/${group.id}`), 404);
    assertError(await scim('GET', `/Groups/${user.id}`), 404);
  });

  it('C5 returned always stays, default can go, never does not come', async () => {
    const shown = await read(`/Users/${user.id}?excludedAttributes=id,schemas,userName,title`);
    assert.deepEqual([shown['id'], shown['userName'], shown['title']], [user.id, undefined, undefined]);
    const named = await read(`/Users/${user.id}?attributes=password,title`);
    assert.deepEqual(Object.keys(named).toSorted(), ['id', 'schemas', 'title']);
  });

  it('C7 C10 Q14 groups of a user; every $ref leads there; nobody writes them', async () => {
    const { groups } = await read(`/Users/${user.id}`);
    const $ref = `${gateway.served().url}/Groups/${group.id}`;
    assert.deepEqual(groups, [{ value: group.id, $ref, display: 'c1', type: 'direct' }]);
    assert.equal((await read(`/Groups/${group.id}`))['id'], group.id);
    const [member] = list((await read(`/Groups/${group.id}`))['members']);
    const memberPath = String(member?.['$ref']).slice(gateway.served().url.length);
    assert.equal((await read(memberPath))['userName'], 'c1');
    assertError(await patch(`/Users/${user.id}`, { op: 'remove', path: 'groups' }), 400, 'mutability');
  });

  it('C8 disabled users are still shown', async () => {
    const { id } = await gateway.user('c8', { active: false });
    assert.equal((await read(`/Users/${id}`))['active'], false);
    assert.deepEqual(await gateway.names(`/Users?${query({ filter: 'userName eq "c8"' })}`), ['c8']);
    assert.deepEqual(await gateway.names(`/Users?${query({ filter: 'active eq false' })}`), ['c8']);
  });

  it('C9 a filter with one resource does no harm', async () => {
    assert.equal((await read(`/Users/${user.id}?filter=userName%20eq%20%22other%22`))['id'], user.id);
  });

  it('C10 Q13 a manager has the $ref of a user and a name that the server gives', async () => {
    const boss = await gateway.user('c10-boss', { displayName: 'The Boss' });
    const manager = { value: boss.id, displayName: 'Somebody else' };
    const { id, [enterprise]: extension } = await gateway.user('c10', { [enterprise]: { manager } });
    const $ref = `${gateway.served().url}/Users/${boss.id}`;
    assert.deepEqual(object(extension)['manager'], { value: boss.id, $ref, displayName: 'The Boss' });
    const path = `${enterprise}:manager.displayName`;
    assertError(await patch(`/Users/${id}`, { op: 'replace', path, value: 'x' }), 400, 'mutability');
  });
});

describe('D replace', () => {
  const gateway = useGateway();
  const { scim, read } = gateway;
  const put = (id: string, body: unknown, headers?: Record<string, string>) =>
    scim('PUT', `/Users/${id}`, body, headers);

  it('D1 D3 D4 200 with the new representation; values as a whole; readOnly ignored', async () => {
    const { id } = await gateway.user('d1', {
      emails: [
        { value: 'a@example.test', type: 'work' },
        { value: 'b@example.test', type: 'home' },
      ],
    });
    const emails = [{ value: 'c@example.test', type: 'home' }];
    const body = { schemas: [urns.user], id: 'other', userName: 'd1', emails, groups: [{ value: 'x' }], meta: {} };
    const answer = await put(id, body);
    assert.equal(answer.status, 200);
    assert.deepEqual([answer.body['id'], answer.body['emails'], answer.body['groups']], [id, emails, undefined]);
    assert.deepEqual(await read(`/Users/${id}`), answer.body);
  });

  it('D2 PUT never creates', async () => {
    const id = '00000000-0000-4000-8000-00000000000d';
    assertError(await put(id, { schemas: [urns.user], userName: 'd2' }), 404);
    assert.deepEqual(await gateway.names('/Users?filter=userName%20eq%20%22d2%22'), []);
  });

  it('D5 D10 what is left out is cleared, but for active and password', async () => {
    const { id } = await gateway.user('d5', {
      active: false,
      title: 'x',
      nickName: 'y',
      [enterprise]: { costCenter: '1' },
    });
    const { body } = await put(id, { schemas: [urns.user], userName: 'd5', nickName: null });
    assert.deepEqual(
      [body['title'], body['nickName'], body[enterprise], body['schemas'], body['active']],
      [undefined, undefined, undefined, [urns.user], false],
    );
  });

  it('D6 a required attribute missing is 400', async () => {
    const { id } = await gateway.user('d6', { title: 'kept' });
    assertError(await put(id, { schemas: [urns.user] }), 400, 'invalidValue');
    assert.equal((await read(`/Users/${id}`))['title'], 'kept');
  });

  it('D8 Q11 userName may change, not to one that is taken', async () => {
    const { id, meta } = await gateway.user('d8');
    await gateway.user('d8-taken');
    const renamed = await put(id, { schemas: [urns.user], userName: 'd8-new' });
    assert.deepEqual([renamed.body['id'], renamed.body['userName']], [id, 'd8-new']);
    assert.equal(object(renamed.body['meta'])['created'], object(meta)['created']);
    assertError(await put(id, { schemas: [urns.user], userName: 'D8-Taken' }), 409, 'uniqueness');
    assert.deepEqual(await read(`/Users/${id}`), renamed.body);
  });

  it('D9 D12 L2 GET then PUT changes nothing; a change changes the version', async () => {
    const boss = await gateway.user('d12-boss', { displayName: 'Boss' });
    const { id } = await gateway.user('d12', {
      name: { givenName: 'G', familyName: 'F' },
      emails: [{ value: 'd12@example.test', type: 'work', primary: true }],
      [enterprise]: { manager: { value: boss.id } },
    });
    await gateway.group('d12', [id]);
    const shown = await read(`/Users/${id}`);
    const same = await put(id, shown);
    assert.deepEqual([same.status, same.body], [200, shown]);
    const changed = await put(id, { ...shown, title: 'new' });
    assert.notEqual(object(changed.body['meta'])['version'], object(shown['meta'])['version']);
    assert.ok(String(object(changed.body['meta'])['lastModified']) >= String(object(shown['meta'])['lastModified']));
  });

  it('D11 L5 a stale If-Match is 412 and nothing is done', async () => {
    const { id, meta } = await gateway.user('d11');
    const tag = String(object(meta)['version']);
    const body = { schemas: [urns.user], userName: 'd11', title: 'first' };
    assert.equal((await put(id, body, { 'If-Match': tag })).status, 200);
    assertError(await put(id, { ...body, title: 'second' }, { 'If-Match': tag }), 412);
    assert.equal((await read(`/Users/${id}`))['title'], 'first');
  });

  it('D13 PUT on a collection is 405', async () => {
    for (const path of ['/Users', '/Groups']) assertError(await scim('PUT', path, {}), 405);
  });

  it('D7 D14 members are replaced in any order, all or none, whatever they are', async () => {
    const [a, b, c] = [await gateway.user('d14-a'), await gateway.user('d14-b'), await gateway.user('d14-c')];
    const { id } = await gateway.group('d14', [a.id, b.id]);
    const inner = await gateway.group('d14-inner');
    const members = async (): Promise<string[]> =>
      list((await read(`/Groups/${id}`))['members'])
        .map(({ value }) => String(value))
        .toSorted();
    const putMembers = (...ids: string[]) =>
      scim('PUT', `/Groups/${id}`, {
        schemas: [urns.group],
        displayName: 'd14',
        members: ids.map((value) => ({ value })),
      });
    assert.equal((await putMembers(inner.id, c.id, b.id)).status, 200);
    assert.deepEqual(await members(), [b.id, c.id, inner.id].toSorted());
    assertError(await putMembers(a.id, 'nobody'), 400, 'invalidValue');
    assert.deepEqual(await members(), [b.id, c.id, inner.id].toSorted());
    assert.equal((await scim('PUT', `/Groups/${id}`, { schemas: [urns.group], displayName: 'd14' })).status, 200);
    assert.equal((await members()).length, 3, 'D5 members that are left out stay');
    assert.equal((await putMembers()).status, 200);
    assert.deepEqual(await members(), []);
  });
});

describe('F delete', () => {
  const gateway = useGateway();
  const { scim, read } = gateway;

  it('F1 F2 F3 F4 F7 F9 P4 204, and nothing is left of it', async () => {
    const { id } = await gateway.user('f1');
    const group = await gateway.group('f1', [id]);
    const total = (await read('/Users?count=0'))['totalResults'];
    const deleted = await scim('DELETE', `/Users/${id}`);
    assert.deepEqual([deleted.status, deleted.body, deleted.headers.get('content-type')], [204, {}, null]);
    const path = `/Users/${id}`;
    assertError(await scim('GET', path), 404);
    assertError(await scim('PUT', path, { schemas: [urns.user], userName: 'f1' }), 404);
    assertError(await gateway.patch(path, { op: 'replace', path: 'title', value: 'x' }), 404);
    assertError(await scim('DELETE', path), 404);
    assert.equal((await read('/Users?count=0'))['totalResults'], Number(total) - 1);
    assert.deepEqual(await gateway.names(`/Users?${query({ filter: `id eq "${id}" or userName eq "f1"` })}`), []);
    assert.equal(list((await read(`/Groups/${group.id}`))['members']).length, 0);
    assert.notEqual((await gateway.user('f1')).id, id);
  });

  it('F5 an unknown id is 404', async () => {
    assertError(await scim('DELETE', '/Users/unknown'), 404);
  });

  it('F6 a stale If-Match is 412', async () => {
    const { id, meta } = await gateway.user('f6');
    await gateway.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'x' });
    assertError(await scim('DELETE', `/Users/${id}`, undefined, { 'If-Match': String(object(meta)['version']) }), 412);
    assert.equal((await read(`/Users/${id}`))['title'], 'x');
  });

  it('F8 DELETE on a collection is 405', async () => {
    for (const path of ['/Users', '/Groups', '/Users/']) assertError(await scim('DELETE', path), 405);
  });
});
