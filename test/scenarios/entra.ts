// Microsoft Entra ID: provisioning as it is by default, with the flag `aadOptscim062020` in the tenant URL, and the
// requests of Microsoft's own validator.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { urns } from '../../src/scim/urns.ts';
import {
  describeClient,
  enterprise,
  type Identified,
  ids,
  list,
  object,
  type ScimClient,
  type StartScenario,
  user,
} from './client.ts';
import { createEntraGroup, createEntraUser, entraSettings, newEntraUser, strangeGroupUrn } from './entra-bodies.ts';
import { describeFlagged } from './entra-flag.ts';
import { describeValidator } from './entra-validator.ts';

export function describeEntra(start: StartScenario): void {
  describeClient(
    'Entra ID',
    () => start('entra'),
    entraSettings,
    (client) => {
      describeMatching(client);
      describeUsers(client);
      describeGroups(client);
    },
  );
  describeClient(
    'Entra ID with aadOptscim062020',
    () => start('entra-flag'),
    { ...entraSettings, flag: 'aadOptscim062020' },
    (client) => {
      describeMatching(client);
      describeFlagged(client);
    },
  );
  describeClient('Entra ID, the validator', () => start('entra-validator'), entraSettings, describeValidator);
}

function describeMatching(client: ScimClient): void {
  it('tests the connection by a user that nobody is', async () => {
    assert.deepEqual(await client.get(`/Users?filter=userName+eq+"${randomUUID()}"`), {
      schemas: [urns.listResponse],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('matches users and groups by what the administrator chose', async () => {
    const userName = 'Match.User+tag@Contoso.test';
    const created = await createEntraUser(client, userName);
    assert.equal(created['userName'], userName);
    for (const query of [
      'userName+eq+%22Match.User%2Btag@Contoso.test%22',
      'userName%20eq%20%22MATCH.USER%2Btag@contoso.test%22',
      `externalId eq "ext-Match.User%2Btag@Contoso.test"`,
      'emails[type eq "work"].value eq "match.user%2Btag@contoso.test"',
      `id eq "${created.id}" and userName eq "${encodeURIComponent(userName)}"`,
    ]) {
      const { Resources } = await client.get(`/Users?filter=${query}`);
      assert.deepEqual(
        list(Resources).map(({ id, userName: name }) => [id, name]),
        [[created.id, userName]],
        query,
      );
    }
    assert.deepEqual(await client.find('/Users', 'externalId eq "EXT-match.user+tag@contoso.test"'), []);
    // G7: as some of its documentation prints it, but not as it is sent.
    assert.equal((await client.get('/Users?filter=externalId eq jyoung', 400))['scimType'], 'invalidFilter');
    assert.equal(list((await client.get('/Users?AzureAdScimPatch2017&count=1'))['Resources']).length, 1);

    const group = await createEntraGroup(client, 'Match Group');
    const { Resources } = await client.get('/Groups?excludedAttributes=members&filter=displayName+eq+"Match Group"');
    assert.deepEqual(
      list(Resources).map(({ id, members }) => [id, members]),
      [[group.id, undefined]],
    );
  });

  it('asks whether a reference is there, in either order', async () => {
    const boss = await createEntraUser(client, 'ref-boss@contoso.test');
    const worker = await createEntraUser(client, 'ref-worker@contoso.test');
    await client.patch(`/Users/${worker.id}`, 200, { op: 'Add', path: 'manager', value: boss.id });
    const group = await createEntraGroup(client, 'Reference Group');
    await client.patch(`/Groups/${group.id}`, 204, { op: 'Add', path: 'members', value: [{ value: worker.id }] });
    const cases: readonly [string, string, readonly string[]][] = [
      ['/Users', `id eq "${worker.id}" and manager eq "${boss.id}"`, [worker.id]],
      ['/Users', `manager eq "${boss.id}" and id eq "${worker.id}"`, [worker.id]],
      ['/Users', `id eq "${boss.id}" and manager eq "${worker.id}"`, []],
      ['/Groups', `id eq "${group.id}" and members eq "${worker.id}"`, [group.id]],
      ['/Groups', `members eq "${boss.id}" and id eq "${group.id}"`, []],
    ];
    for (const [endpoint, filter, expected] of cases) {
      assert.deepEqual(await client.find(endpoint, filter, '&attributes=id'), expected, filter);
    }
  });
}

function describeUsers(client: ScimClient): void {
  it('creates, updates attribute by attribute, disables, enables and deletes', async () => {
    const userName = 'life@contoso.test';
    const { id } = await createEntraUser(client, userName);
    const path = `/Users/${id}`;
    const entry = await client.userEntry(userName);
    assert.deepEqual(entry?.strings('mail'), [userName]);
    assert.deepEqual(entry?.strings(client.attribute('departmentNumber')), ['Marketing']);
    assert.equal((await client.send('POST', '/Users', newEntraUser(userName), 409))['scimType'], 'uniqueness');

    const renamed = await client.patch(
      path,
      200,
      { op: 'Replace', path: 'userName', value: 'life-2@contoso.test' },
      { op: 'Replace', path: 'displayName', value: 'Alexandra' },
      { op: 'Add', path: 'title', value: 'Lead' },
      { op: 'Replace', path: 'name.familyName', value: 'Wilber-Jones' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'life-2@contoso.test' },
      { op: 'Add', path: `${enterprise}:department`, value: 'Sales' },
      { op: 'Add', path: `${urns.user}:nickName`, value: 'Lex' },
    );
    assert.equal(renamed['id'], id);
    assert.deepEqual(
      [renamed['userName'], renamed['displayName'], renamed['title'], renamed['nickName']],
      ['life-2@contoso.test', 'Alexandra', 'Lead', 'Lex'],
    );
    assert.equal(object(renamed['name'])['familyName'], 'Wilber-Jones');
    assert.equal(object(renamed[enterprise])['department'], 'Sales');
    assert.equal(await client.userEntry(userName), undefined);
    assert.deepEqual((await client.userEntry('life-2@contoso.test'))?.strings('mail'), ['life-2@contoso.test']);

    // The switch of a user: a string, capitalised.
    for (const [value, active] of [
      ['False', false],
      ['True', true],
      ['False', false],
    ] as const) {
      const answer = await client.patch(path, 200, { op: 'Replace', path: 'active', value });
      assert.equal(answer['active'], active);
      assert.equal((await client.get(path))['active'], active);
    }
    assert.deepEqual(await client.find('/Users', 'userName eq "life-2@contoso.test"'), [id]);

    await client.send('DELETE', path, undefined, 204);
    await client.get(path, 404);
    assert.equal(await client.userEntry('life-2@contoso.test'), undefined);
  });

  it('builds an address, an e-mail and phone numbers out of single parts', async () => {
    const { id } = (await client.send(
      'POST',
      '/Users',
      { schemas: [user], userName: 'parts@contoso.test', active: true },
      201,
    )) as Identified;
    const path = `/Users/${id}`;
    await client.patch(
      path,
      200,
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'parts@contoso.test' },
      { op: 'Add', path: 'addresses[type eq "work"].streetAddress', value: '1 Way' },
      { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'Redmond' },
      { op: 'Add', path: 'addresses[type eq "work"].country', value: 'Belize' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 425 555 0100' },
    );
    const primary = { op: 'Replace', path: 'emails[primary eq true].value', value: 'parts@contoso.test' };
    await client.patch(path, 200, primary);
    // The same with Replace on what is not there.
    const shown = await client.patch(path, 200, {
      op: 'Replace',
      path: 'phoneNumbers[type eq "work"].value',
      value: '+1 425 555 0101',
    });
    assert.deepEqual(shown['addresses'], [
      { type: 'work', streetAddress: '1 Way', locality: 'Redmond', country: 'Belize' },
    ]);
    assert.deepEqual(shown['emails'], [{ type: 'work', value: 'parts@contoso.test', primary: true }]);
    assert.deepEqual(ids(list(shown['phoneNumbers'])), ['+1 425 555 0100', '+1 425 555 0101']);
    const entry = await client.userEntry('parts@contoso.test');
    assert.deepEqual(entry?.strings(client.attribute('street')), ['1 Way']);
    assert.deepEqual(entry?.strings('mobile'), ['+1 425 555 0100']);
  });

  it('writes one role by three operations, with a boolean in quotes', async () => {
    const { id } = await createEntraUser(client, 'roles@contoso.test');
    const shown = await client.patch(
      `/Users/${id}`,
      200,
      { op: 'Add', path: 'roles[primary eq "True"].display', value: 'Administrator' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'admin' },
      { op: 'Add', path: 'roles[primary eq "True"].type', value: 'WindowsAzureActiveDirectoryRole' },
    );
    assert.deepEqual(shown['roles'], [
      { primary: true, display: 'Administrator', value: 'admin', type: 'WindowsAzureActiveDirectoryRole' },
    ]);
    assert.deepEqual((await client.userEntry('roles@contoso.test'))?.strings(client.attribute('scimRole')), ['admin']);
    const changed = await client.patch(`/Users/${id}`, 200, {
      op: 'Replace',
      path: 'roles[primary eq "True"].value',
      value: 'reader',
    });
    assert.deepEqual(
      list(changed['roles']).map(({ value }) => value),
      ['reader'],
    );
  });

  it('sets and clears the manager in every form', async () => {
    const [one, two] = [
      await createEntraUser(client, 'boss-1@contoso.test'),
      await createEntraUser(client, 'boss-2@contoso.test'),
    ];
    const { id } = await createEntraUser(client, 'managed@contoso.test');
    const path = `/Users/${id}`;
    const steps: readonly [Record<string, unknown>, string | undefined][] = [
      [
        { op: 'Add', path: 'manager', value: [{ $ref: `${client.url()}/Users/${one.id}`, value: one.id }] },
        'boss-1@contoso.test',
      ],
      [{ op: 'Replace', path: 'manager', value: two.id }, 'boss-2@contoso.test'],
      [{ op: 'Replace', path: 'manager', value: '' }, undefined],
      [{ op: 'Add', path: `${enterprise}:manager`, value: one.id }, 'boss-1@contoso.test'],
      [{ op: 'Remove', path: `manager[value eq "${one.id}"]` }, undefined],
      [{ op: 'Add', path: `${enterprise}:manager.value`, value: two.id }, 'boss-2@contoso.test'],
      [{ op: 'Remove', path: `manager[value eq "${one.id}"]` }, 'boss-2@contoso.test'],
      [{ op: 'Remove', path: 'manager' }, undefined],
    ];
    for (const [operation, boss] of steps) {
      const shown = await client.patch(path, 200, operation as never);
      const manager = object(object(shown[enterprise])['manager'])['value'];
      const [label, expected] = [
        JSON.stringify(operation),
        boss === undefined ? undefined : boss.includes('1') ? one.id : two.id,
      ];
      assert.equal(manager, expected, label);
      const stored = (await client.userEntry('managed@contoso.test'))?.strings('manager');
      assert.deepEqual(stored, boss === undefined ? [] : [client.userDn(boss)], label);
    }
  });
}

function describeGroups(client: ScimClient): void {
  it('creates, fills, empties, renames and deletes a group', async () => {
    const [a, b] = [
      await createEntraUser(client, 'member-a@contoso.test'),
      await createEntraUser(client, 'member-b@contoso.test'),
    ];
    const { id } = await createEntraGroup(client, 'Life Group');
    const path = `/Groups/${id}`;
    assert.equal((await client.get(`${path}?excludedAttributes=members`))['members'], undefined);
    const duplicate = { schemas: [urns.group, strangeGroupUrn], displayName: 'Life Group' };
    assert.equal((await client.send('POST', '/Groups', duplicate, 409))['scimType'], 'uniqueness');

    await client.patch(path, 204, { op: 'Add', path: 'members', value: [{ $ref: null, value: a.id }] });
    await client.patch(path, 204, { op: 'Add', path: 'members', value: [{ $ref: null, value: b.id }] });
    // Once more: it is there already.
    await client.patch(path, 204, { op: 'Add', path: 'members', value: [{ $ref: null, value: b.id }] });
    assert.deepEqual(await client.memberIds(id), [a.id, b.id].sort());
    // Only the one that is named goes.
    await client.patch(path, 204, { op: 'Remove', path: 'members', value: [{ $ref: null, value: a.id }] });
    assert.deepEqual(await client.memberIds(id), [b.id]);
    assert.deepEqual((await client.groupEntry('Life Group'))?.strings('member'), [
      client.userDn('member-b@contoso.test'),
    ]);
    await client.patch(path, 204, { op: 'Remove', path: 'members', value: [{ value: b.id }] });
    assert.deepEqual(await client.memberIds(id), []);

    await client.patch(path, 204, { op: 'Replace', path: 'displayName', value: 'Life Group 2' });
    assert.deepEqual(await client.find('/Groups', 'displayName eq "Life Group 2"'), [id]);
    assert.equal(await client.groupEntry('Life Group'), undefined);
    await client.send('DELETE', path, undefined, 204);
    assert.equal(await client.groupEntry('Life Group 2'), undefined);
    await client.get(`/Users/${a.id}`);
  });

  it('many members in one operation', async () => {
    const members = await Promise.all(
      Array.from({ length: 30 }, (_, n) => createEntraUser(client, `many-${n}@contoso.test`)),
    );
    const { id } = await createEntraGroup(client, 'Many');
    const value = members.map((member) => ({ $ref: null, value: member.id }));
    await client.patch(`/Groups/${id}`, 204, { op: 'Add', path: 'members', value });
    assert.equal((await client.memberIds(id)).length, 30);
    await client.patch(`/Groups/${id}`, 204, { op: 'Remove', path: 'members', value: value.slice(1) });
    assert.deepEqual(await client.memberIds(id), [members[0]?.id]);
  });
}
