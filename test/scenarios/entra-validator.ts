// The requests of Microsoft's SCIM validator, as far as others have reported them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { urns } from '../../src/scim/urns.ts';
import { enterprise, type Identified, list, object, type ScimClient, user } from './client.ts';
import { newEntraUser } from './entra-bodies.ts';

export function describeValidator(client: ScimClient): void {
  const person = (userName: string) => ({
    ...newEntraUser(userName),
    roles: [{ primary: 'True', display: 'R', value: 'r', type: 't' }],
    timezone: 'Africa/Nouakchott',
    locale: 'lb',
    preferredLanguage: 'lt',
    addresses: [{ type: 'work', country: 'Belize', formatted: 'a\nb', primary: true }],
  });
  const create = async (userName: string) => (await client.send('POST', '/Users', person(userName), 201)) as Identified;

  it('users: duplicate, filters, other letter case', async () => {
    const { id, userName } = await create('validator@contoso.test');
    assert.equal(userName, 'validator@contoso.test');
    await client.send('POST', '/Users', person('validator@contoso.test'), 409);
    assert.deepEqual(await client.find('/Users', 'userName eq "validator@contoso.test"'), [id]);
    assert.deepEqual(await client.find('/Users', 'userName eq "VALIDATOR@contoso.test"'), [id]);
    assert.deepEqual(await client.find('/Users', `userName eq "${randomUUID()}"`), []);
  });

  it('users: replaces attribute by attribute, userName without a path, disables', async () => {
    const { id } = await create('verbose@contoso.test');
    const path = `/Users/${id}`;
    const shown = await client.patch(
      path,
      200,
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'v2@contoso.test' },
      { op: 'replace', path: 'addresses[type eq "work"].country', value: 'Bhutan' },
      { op: 'replace', path: 'roles[primary eq "True"].value', value: 'r2' },
      { op: 'replace', path: `${enterprise}:department`, value: 'D2' },
      { op: 'replace', value: { displayName: 'N2', title: 'T2', 'name.familyName': 'F2' } },
    );
    assert.deepEqual([shown['displayName'], shown['title']], ['N2', 'T2']);
    assert.equal(list(shown['roles'])[0]?.['value'], 'r2');
    assert.equal(list(shown['roles'])[0]?.['primary'], true);
    assert.equal(list(shown['addresses'])[0]?.['country'], 'Bhutan');
    const renamed = await client.patch(path, 200, { op: 'replace', value: { userName: 'verbose-2@contoso.test' } });
    assert.equal(renamed['userName'], 'verbose-2@contoso.test');
    assert.equal((await client.patch(path, 200, { op: 'replace', value: { active: false } }))['active'], false);
    // It has been seen to send nothing to do.
    assert.deepEqual(await client.patch(path, 200), await client.get(path));
  });

  it('users: adds everything to an empty user', async () => {
    const { id } = (await client.send(
      'POST',
      '/Users',
      { schemas: [user], userName: 'empty@contoso.test' },
      201,
    )) as Identified;
    const adds: Readonly<Record<string, string>> = {
      displayName: 'D',
      title: 'T',
      preferredLanguage: 'et',
      'name.givenName': 'G',
      'name.familyName': 'F',
      'name.formatted': 'G F',
      'name.middleName': 'M',
      'name.honorificPrefix': 'P',
      'name.honorificSuffix': 'S',
      nickName: 'N',
      userType: 'U',
      locale: 'fr',
      timezone: 'Asia/Gaza',
      profileUrl: 'https://contoso.test/me',
      'emails[type eq "work"].value': 'empty@contoso.test',
      'emails[type eq "home"].value': 'home@contoso.test',
      'emails[type eq "other"].value': 'other@contoso.test',
      'addresses[type eq "work"].formatted': 'a',
      'addresses[type eq "work"].streetAddress': 'b',
      'addresses[type eq "work"].locality': 'c',
      'addresses[type eq "work"].region': 'd',
      'addresses[type eq "work"].postalCode': '98052',
      'addresses[type eq "work"].country': 'Belize',
      'phoneNumbers[type eq "work"].value': '1 1',
      'phoneNumbers[type eq "mobile"].value': '2 2',
      'phoneNumbers[type eq "fax"].value': '3 3',
      'phoneNumbers[type eq "home"].value': '4 4',
      'phoneNumbers[type eq "other"].value': '5 5',
      'phoneNumbers[type eq "pager"].value': '6 6',
      'roles[primary eq "True"].display': 'x',
      'roles[primary eq "True"].value': 'y',
      'roles[primary eq "True"].type': 'z',
      [`${enterprise}:employeeNumber`]: '1',
      [`${enterprise}:department`]: '2',
      [`${enterprise}:costCenter`]: '3',
      [`${enterprise}:organization`]: '4',
      [`${enterprise}:division`]: '5',
    };
    const operations = Object.entries(adds).map(([path, value]) => ({ op: 'add', path, value }));
    await client.patch(`/Users/${id}`, 200, ...operations);
    const shown = await client.get(`/Users/${id}`);
    assert.equal(list(shown['emails']).length, 3);
    assert.equal(list(shown['phoneNumbers']).length, 6);
    assert.equal(Object.keys(list(shown['addresses'])[0] ?? {}).length, 7);
    assert.deepEqual(shown['roles'], [{ display: 'x', value: 'y', type: 'z', primary: true }]);
    assert.equal(Object.keys(object(shown['name'])).length, 6);
    assert.equal(Object.keys(object(shown[enterprise])).length, 5);
    for (const key of ['displayName', 'title', 'preferredLanguage', 'nickName', 'userType', 'locale', 'timezone']) {
      assert.equal(shown[key], adds[key], key);
    }
  });

  it('users: manager added, replaced, removed; deleted twice', async () => {
    const [one, two] = [await create('vm-1@contoso.test'), await create('vm-2@contoso.test')];
    const { id } = await create('vm-3@contoso.test');
    const path = `/Users/${id}`;
    for (const [operation, manager] of [
      [{ op: 'add', path: `${enterprise}:manager`, value: one.id }, one.id],
      [{ op: 'replace', path: `${enterprise}:manager`, value: { value: two.id } }, two.id],
      [{ op: 'remove', path: `${enterprise}:manager` }, undefined],
    ] as const) {
      const shown = await client.patch(path, 200, operation);
      assert.equal(object(object(shown[enterprise])['manager'])['value'], manager);
    }
    await client.send('DELETE', path, undefined, 204);
    await client.send('DELETE', path, undefined, 404);
    await client.send('DELETE', `/Users/${randomUUID()}`, undefined, 404);
  });

  it('groups: with and without members, duplicate, letter case, members, delete', async () => {
    const [a, b] = [await create('vg-1@contoso.test'), await create('vg-2@contoso.test')];
    const body = {
      schemas: [urns.group],
      displayName: 'Validator',
      externalId: randomUUID(),
      members: [{ value: a.id }],
    };
    const { id } = (await client.send('POST', '/Groups', body, 201)) as Identified;
    const path = `/Groups/${id}`;
    await client.send('POST', '/Groups', body, 409);
    assert.equal((await client.get(`${path}?excludedAttributes=members`))['members'], undefined);
    const filter = 'displayName eq "VALIDATOR"';
    assert.deepEqual(await client.find('/Groups', filter), [id]);
    assert.deepEqual(await client.find('/Groups', filter, '&excludedAttributes=members'), [id]);
    assert.deepEqual(await client.find('/Groups', `displayName eq "${randomUUID()}"`), []);
    const externalId = randomUUID();
    await client.patch(path, 204, { op: 'replace', value: { displayName: 'Validator 2' } });
    await client.patch(path, 204, { op: 'replace', path: 'externalId', value: externalId });
    await client.patch(path, 204, { op: 'add', path: 'members', value: [{ value: b.id }] });
    assert.deepEqual(await client.memberIds(id), [a.id, b.id].sort());
    await client.patch(path, 204, { op: 'remove', path: 'members', value: [{ value: a.id }] });
    assert.deepEqual(await client.memberIds(id), [b.id]);
    const shown = await client.get(path);
    assert.deepEqual([shown['displayName'], shown['externalId']], ['Validator 2', externalId]);
    await client.send('DELETE', path, undefined, 204);
    await client.send('DELETE', path, undefined, 404);
  });
}
