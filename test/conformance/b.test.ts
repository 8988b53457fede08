import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { clientProfiles, interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { assertError, enterprise, list, object, useGateway } from './use-gateway.ts';

const entraGroup = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

describe('B create', () => {
  const gateway = useGateway();
  const { scim, read, patch } = gateway;
  const post = (body: unknown, path = '/Users') => scim('POST', path, body);

  it('B1 B2 201, Location, the whole resource, and what the server sets', async () => {
    const { status, headers, body } = await post({ schemas: [urns.user], userName: 'b1', title: 'x' });
    assert.equal(status, 201);
    const { location, created, lastModified, resourceType, version } = object(body['meta']);
    assert.equal(headers.get('location'), location);
    assert.ok(String(location).startsWith(`${gateway.served().url}/Users/`));
    assert.deepEqual([resourceType, created], ['User', lastModified]);
    assert.equal(headers.get('etag'), version);
    assert.deepEqual(await read(`/Users/${String(body['id'])}`), body);
  });

  it('B3 B23 what is readOnly is ignored; externalId is kept as sent and not made up', async () => {
    const group = await gateway.group('b3');
    const sent = {
      schemas: [urns.user],
      id: 'mine',
      userName: 'b3',
      externalId: ' CaseMatters:é ',
      groups: [{ value: group.id }],
      meta: { resourceType: 'Group', created: '2001-01-01T00:00:00Z', location: 'https://evil.test/', version: 'x' },
    };
    const { status, body } = await post(sent);
    assert.equal(status, 201);
    const { location, created, resourceType } = object(body['meta']);
    assert.notEqual(body['id'], 'mine');
    assert.deepEqual([body['groups'], body['externalId'], resourceType], [undefined, ' CaseMatters:é ', 'User']);
    assert.ok(!String(location).includes('evil') && !String(created).startsWith('2001'));
    assert.equal((await gateway.user('b23'))['externalId'], undefined);
  });

  const refused: readonly (readonly [string, unknown, string])[] = [
    ['B4 no schemas', { userName: 'x' }, 'invalidSyntax'],
    ['B4 empty schemas', { schemas: [], userName: 'x' }, 'invalidSyntax'],
    ['B4 without the URN of the type', { schemas: [enterprise], userName: 'x' }, 'invalidSyntax'],
    ['B6 no userName', { schemas: [urns.user] }, 'invalidValue'],
    ['B6 empty userName', { schemas: [urns.user], userName: '' }, 'invalidValue'],
    ['B6 blank userName', { schemas: [urns.user], userName: ' \t' }, 'invalidValue'],
    ['B6 null userName', { schemas: [urns.user], userName: null }, 'invalidValue'],
    ['B9 active "maybe"', { schemas: [urns.user], userName: 'x', active: 'maybe' }, 'invalidValue'],
    ['B9 emails as text', { schemas: [urns.user], userName: 'x', emails: 'a@b.test' }, 'invalidValue'],
    ['B9 name as text', { schemas: [urns.user], userName: 'x', name: 'Ann' }, 'invalidValue'],
    ['B9 title a number', { schemas: [urns.user], userName: 'x', title: 7 }, 'invalidValue'],
    [
      'B11 two primary values',
      {
        schemas: [urns.user],
        userName: 'x',
        emails: [
          { value: 'a@b.test', type: 'work', primary: true },
          { value: 'c@b.test', type: 'home', primary: true },
        ],
      },
      'invalidValue',
    ],
    ['B14 a name in two spellings', { schemas: [urns.user], userName: 'x', USERNAME: 'y' }, 'invalidSyntax'],
    ['B16 an array', [], 'invalidSyntax'],
    ['B16 text', '"x"', 'invalidSyntax'],
    ['B16 null', 'null', 'invalidSyntax'],
    ['B16 nothing', '', 'invalidSyntax'],
    ['B16 broken JSON', '{"schemas":', 'invalidSyntax'],
  ];
  for (const [title, body, scimType] of refused) {
    it(`${title} -> 400 ${scimType}`, async () => {
      assertError(await post(body), 400, scimType);
      assert.deepEqual(await gateway.names('/Users?filter=userName%20eq%20%22x%22'), []);
    });
  }
  it('B6 a group without displayName -> 400 invalidValue', async () => {
    assertError(await post({ schemas: [urns.group] }, '/Groups'), 400, 'invalidValue');
  });

  it('B4 Q3 Q4 URNs come in any order and come back once', async () => {
    const schemas = [enterprise, urns.user, enterprise, urns.user.toUpperCase()];
    const { status, body } = await post({ userName: 'b4', [enterprise]: { department: 'x' }, schemas });
    assert.equal(status, 201);
    assert.deepEqual((body['schemas'] as unknown as string[]).toSorted(), [urns.user, enterprise].toSorted());
  });

  it('B5 what is unknown is ignored', async () => {
    const { status, body } = await post({
      schemas: [urns.user, 'urn:x:y'],
      userName: 'b5',
      shoeSize: 44,
      'urn:x:y': {},
    });
    assert.equal(status, 201);
    assert.deepEqual([body['schemas'], body['shoeSize'], body['urn:x:y']], [[urns.user], undefined, undefined]);
    const group = await post({ schemas: [urns.group, entraGroup], displayName: 'b5' }, '/Groups');
    assert.deepEqual([group.status, group.body['schemas']], [201, [urns.group]]);
  });

  it('B7 Q11 a userName that is taken in any letter case or Unicode form is 409', async () => {
    await gateway.user('B7-Müller');
    for (const userName of ['B7-Müller', 'b7-müller', 'B7-MÜLLER', 'b7-mu\u0308ller']) {
      assertError(await post({ schemas: [urns.user], userName }), 409, 'uniqueness');
    }
  });

  it('B8 a group name that is taken is 409', async () => {
    await gateway.group('b8');
    assertError(await post({ schemas: [urns.group], displayName: 'B8' }, '/Groups'), 409, 'uniqueness');
  });

  it('B9 booleans as text in any letter case', async () => {
    assert.equal((await gateway.user('b9', { active: 'FALSE' }))['active'], false);
    assert.equal((await gateway.user('b9-2', { active: 'True' }))['active'], true);
  });

  it('B10 C11 Q2 null, [] and "" are unassigned and not shown', async () => {
    const empty = { nickName: null, title: '', emails: [], name: { honorificPrefix: null }, [enterprise]: {} };
    const shown = await gateway.user('b10', empty as unknown as JsonObject);
    const { id: _id, meta: _meta, ...sent } = await gateway.user('b10-2');
    assert.deepEqual(Object.keys(shown).toSorted(), [...Object.keys(sent), 'id', 'meta'].toSorted());
    assert.ok(!JSON.stringify(shown).includes('null'));
  });

  it('B12 equal values come back once', async () => {
    const email = { value: 'b12@example.test', type: 'work' };
    const { emails } = await gateway.user('b12', { emails: [email, { ...email, value: 'B12@example.test' }, email] });
    assert.equal(list(emails).length, 1);
  });

  it('B13 C6 an extension is in schemas with its data alone', async () => {
    assert.deepEqual((await gateway.user('b13', { [enterprise]: {} }))['schemas'], [urns.user]);
    const with1 = await gateway.user('b13-2', { schemas: [urns.user], [enterprise]: { costCenter: '1' } });
    assert.deepEqual(with1['schemas'], [urns.user, enterprise]);
    const { body } = await patch(`/Users/${with1.id}`, { op: 'remove', path: `${enterprise}:costCenter` });
    assert.deepEqual([body['schemas'], body[enterprise]], [[urns.user], undefined]);
  });

  it('B14 Q1 names in any letter case, shown in the schema’s spelling', async () => {
    const { status, body } = await post({
      SCHEMAS: [urns.user.toUpperCase()],
      username: 'b14',
      NAME: { FamilyNAME: 'F' },
      Emails: [{ VALUE: 'b14@example.test', Type: 'work', Primary: true }],
      [enterprise.toUpperCase()]: { DEPARTMENT: 'D' },
    });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(object(body['name'])['familyName'], 'F');
    assert.deepEqual(body['emails'], [{ value: 'b14@example.test', type: 'work', primary: true }]);
    assert.deepEqual(body[enterprise], { department: 'D' });
  });

  it('B15 K5 Q10 a password shows nowhere', async () => {
    const secret = 'B15-secret-of-the-user';
    const { status, body } = await post(
      { schemas: [urns.user], userName: 'b15', password: secret },
      '/Users?attributes=password,userName',
    );
    assert.equal(status, 201);
    const path = `/Users/${String(body['id'])}`;
    const answers = [
      body,
      await read(path),
      await read(`${path}?attributes=password`),
      (await patch(path, { op: 'replace', path: 'password', value: `${secret}-2` })).body,
      (await scim('GET', `/Users?filter=password%20eq%20%22${secret}%22`)).body,
      (await patch(path, { op: 'replace', path: 'password', value: { [secret]: secret } })).body,
      (await patch(path, { op: 'replace', path: `password[value eq "${secret}"]`, value: secret })).body,
    ];
    const texts = [...answers, ...gateway.served().observations].map((each) => JSON.stringify(each));
    for (const text of texts.slice(0, 4)) assert.ok(!text.includes('password'), text);
    // The client’s own path comes back in its own error; the values of a password do not.
    for (const text of [...texts.slice(0, 4), texts[5] ?? '', ...texts.slice(7)])
      assert.ok(!text.includes(secret), text);
  });

  it('B17 K1 attributes shape the answer', async () => {
    const body = { schemas: [urns.user], userName: 'b17', title: 'x', displayName: 'y' };
    const named = await post(body, '/Users?attributes=title');
    assert.deepEqual(Object.keys(named.body).toSorted(), ['id', 'schemas', 'title']);
    const without = await post({ ...body, userName: 'b17-2' }, '/Users?excludedAttributes=title,meta');
    assert.deepEqual(
      [without.body['title'], without.body['meta'], without.body['displayName']],
      [undefined, undefined, 'y'],
    );
    assert.ok(named.headers.has('etag') && named.headers.has('location'));
  });

  it('B18 B21 immutable parts may come at creation; unknown members may not', async () => {
    const user = await gateway.user('b21');
    const body = { schemas: [urns.group], displayName: 'b18', members: [{ value: user.id, type: 'User' }] };
    const group = await post(body, '/Groups');
    assert.equal(list(group.body['members'])[0]?.['value'], user.id);
    const unknown = '5d1f20c4-0000-4000-8000-000000000000';
    const refusedGroup = await post({ ...body, displayName: 'b21', members: [{ value: unknown }] }, '/Groups');
    assertError(refusedGroup, 400, 'invalidValue');
    assert.ok(String(refusedGroup.body['detail']).includes(unknown));
    assert.deepEqual(await gateway.names('/Groups?filter=displayName%20eq%20%22b21%22'), []);
    assert.equal(list((await gateway.group('b21-none'))['members']).length, 0);
  });

  it('B19 POST where nothing is created', async () => {
    const { id } = await gateway.user('b19');
    const body = { schemas: [urns.user], userName: 'b19-2' };
    assertError(await post(body, `/Users/${id}`), 405);
    assertError(await post(body, '/Robots'), 404);
  });

  it('B20 the answer shows what is stored', async () => {
    const { userName, name } = await gateway.user('b20', { displayName: 'Display' });
    assert.deepEqual([userName, object(name)['familyName']], ['b20', 'Display']);
  });

  it('B22 Q20 ids are unique over types, stay with a rename, and hold no "bulkId"', async () => {
    const [user, group] = [await gateway.user('b22'), await gateway.group('b22')];
    assert.notEqual(user.id, group.id);
    assert.doesNotMatch(`${user.id} ${group.id}`, /bulkid/i);
    const renamed = await patch(`/Users/${user.id}`, { op: 'replace', path: 'userName', value: 'b22-renamed' });
    assert.deepEqual([renamed.body['id'], renamed.body['userName']], [user.id, 'b22-renamed']);
  });
});

describe('B create, strict', () => {
  const gateway = useGateway({ profile: clientProfiles.get('strict') ?? interop });
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ['B5 an unknown attribute', { schemas: [urns.user], userName: 'x', shoeSize: 44 }, 'invalidSyntax'],
    ['B5 an unknown URN', { schemas: [urns.user, 'urn:x:y'], userName: 'x' }, 'invalidSyntax'],
  ];
  for (const [title, body, scimType] of cases) {
    it(`${title} -> 400 ${scimType}`, async () => {
      assertError(await gateway.scim('POST', '/Users', body), 400, scimType);
    });
  }
});
