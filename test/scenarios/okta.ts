// Okta: applications of the wizard, which PUT whole users; applications of the catalogue, which PATCH what they can; and
// group push. User names are matched by filter, imports read page by page.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, type Identified, list, type ScimClient, type StartScenario, user } from './client.ts';

const headers = {
  'User-Agent': 'Okta SCIM Client 1.0.0',
  'Accept-Charset': 'utf-8',
  'Content-Type': 'application/scim+json; charset=utf-8',
  Accept: 'application/scim+json',
};

export function describeOkta(start: StartScenario): void {
  const settings = { profile: 'okta', headers };
  describeClient(
    'Okta',
    () => start('okta'),
    settings,
    (client) => {
      describeConnection(client);
      describeWizardApplication(client);
      describeCatalogueApplication(client);
      describeGroupPush(client);
    },
  );
}

function newUser(userName: string): JsonObject {
  return {
    schemas: [user],
    userName,
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: userName, type: 'work' }],
    displayName: 'Test User',
    locale: 'en-US',
    externalId: `00u-${userName}`,
    groups: [],
    password: 'pw-of-Okta-1',
    active: true,
  };
}

async function create(client: ScimClient, userName: string): Promise<Identified> {
  const query = `filter=userName%20eq%20%22${encodeURIComponent(userName)}%22&startIndex=1&count=100`;
  const { totalResults, Resources } = await client.get(`/Users?${query}`);
  assert.deepEqual([totalResults, list(Resources)], [0, []]);
  const created = (await client.send('POST', '/Users', newUser(userName), 201)) as Identified;
  assert.deepEqual([created['userName'], created['externalId']], [userName, `00u-${userName}`]);
  assert.equal(created['password'], undefined);
  return created;
}

function describeConnection(client: ScimClient): void {
  it('tests the connection and imports page by page', async () => {
    const created = await Promise.all(
      Array.from({ length: 5 }, (_, n) => client.createUser(`import-${n}@okta.test`, { userType: 'import' })),
    );
    const test = await client.get('/Users?startIndex=1&count=2');
    assert.equal(test['startIndex'], 1);
    assert.equal(test['itemsPerPage'], 2);
    assert.equal(list(test['Resources']).length, 2);
    const seen: string[] = [];
    let total = 1;
    for (let startIndex = 1; startIndex <= total; startIndex += 2) {
      const page = await client.get(`/Users?startIndex=${startIndex}&count=2`);
      total = Number(page['totalResults']);
      seen.push(...list(page['Resources']).map(({ id }) => String(id)));
    }
    assert.equal(seen.length, total);
    assert.equal(new Set(seen).size, total);
    assert.ok(created.every(({ id }) => seen.includes(id)));
    const { id } = await client.createGroup('Import');
    const groups = await client.get('/Groups?startIndex=1&count=100');
    assert.ok(list(groups['Resources']).some((group) => group['id'] === id));
  });
}

function describeWizardApplication(client: ScimClient): void {
  it('PUTs the whole user for every change, up to deactivation and back', async () => {
    const { id } = await create(client, 'wizard@okta.test');
    const path = `/Users/${id}`;
    await client.createGroup('Wizards', [id]);
    assert.ok(await client.canBind('wizard@okta.test', 'pw-of-Okta-1'));

    const changed = await client.get(path);
    const put = await client.send(
      'PUT',
      path,
      {
        ...changed,
        displayName: 'Changed User',
        name: { givenName: 'Changed', familyName: 'User' },
        emails: [{ primary: true, value: 'changed@okta.test', type: 'work' }],
      },
      200,
    );
    assert.deepEqual([put['id'], put['displayName'], put['active']], [id, 'Changed User', true]);
    assert.deepEqual((await client.userEntry('wizard@okta.test'))?.strings('mail'), ['changed@okta.test']);
    assert.equal(list(put['groups']).length, 1, 'groups are not for a user to leave');

    const off = await client.send('PUT', path, { ...put, active: false }, 200);
    assert.equal(off['active'], false);
    assert.equal((await client.get(path))['active'], false);
    assert.equal(await client.canBind('wizard@okta.test', 'pw-of-Okta-1'), false);
    const found = await client.get('/Users?filter=userName%20eq%20%22wizard@okta.test%22&startIndex=1&count=100');
    assert.deepEqual(
      list(found['Resources']).map(({ active }) => active),
      [false],
    );
    const on = await client.send('PUT', path, { ...off, active: true, password: 'pw-of-Okta-2' }, 200);
    assert.equal(on['active'], true);
    assert.ok(await client.canBind('wizard@okta.test', 'pw-of-Okta-2'));
  });

  it('a user name that is taken is a conflict', async () => {
    await create(client, 'twice@okta.test');
    assert.equal((await client.send('POST', '/Users', newUser('Twice@okta.test'), 409))['scimType'], 'uniqueness');
  });
}

function describeCatalogueApplication(client: ScimClient): void {
  it('PATCHes active and the password, PUTs the rest', async () => {
    const { id } = await create(client, 'catalogue@okta.test');
    const path = `/Users/${id}`;
    assert.equal((await client.patch(path, 200, { op: 'replace', value: { active: false } }))['active'], false);
    assert.equal(await client.canBind('catalogue@okta.test', 'pw-of-Okta-1'), false);
    assert.equal((await client.patch(path, 200, { op: 'replace', value: { active: true } }))['active'], true);
    const synced = await client.patch(path, 200, { op: 'replace', value: { password: 'pw-of-Okta-3' } });
    assert.equal(synced['password'], undefined);
    assert.ok(await client.canBind('catalogue@okta.test', 'pw-of-Okta-3'));
    const put = await client.send('PUT', path, { ...(await client.get(path)), title: 'Engineer' }, 200);
    assert.equal(put['title'], 'Engineer');
    assert.ok(await client.canBind('catalogue@okta.test', 'pw-of-Okta-3'));
  });
}

function describeGroupPush(client: ScimClient): void {
  it('pushes a group, its members, its name, and all of it again', async () => {
    const [a, b, c] = [
      await create(client, 'push-a@okta.test'),
      await create(client, 'push-b@okta.test'),
      await create(client, 'push-c@okta.test'),
    ];
    assert.deepEqual(await client.find('/Groups', 'displayName eq "Pushed"', '&startIndex=1&count=100'), []);
    const body = { schemas: [urns.group], displayName: 'Pushed', members: [] };
    const { id } = (await client.send('POST', '/Groups', body, 201)) as Identified;
    const path = `/Groups/${id}`;
    const steps: readonly [JsonObject, readonly string[]][] = [
      [{ op: 'add', path: 'members', value: [{ value: a.id, display: 'push-a@okta.test' }] }, [a.id]],
      [
        {
          op: 'add',
          path: 'members',
          value: [
            { value: b.id, display: 'push-b@okta.test' },
            { value: c.id, display: 'push-c@okta.test' },
          ],
        },
        [a.id, b.id, c.id],
      ],
      [{ op: 'remove', path: `members[value eq "${a.id}"]` }, [b.id, c.id]],
      [{ op: 'replace', value: { id, displayName: 'Pushed 2' } }, [b.id, c.id]],
      [{ op: 'replace', path: 'members', value: [{ value: a.id, display: 'x' }, { value: c.id }] }, [a.id, c.id]],
      [{ op: 'replace', path: 'members', value: [] }, []],
    ];
    for (const [operation, members] of steps) {
      await client.patch(path, 204, operation);
      assert.deepEqual(await client.memberIds(id), [...members].sort(), JSON.stringify(operation));
    }
    const entry = await client.groupEntry('Pushed 2');
    assert.equal(client.idOf('Group', entry), id);
    await client.send('DELETE', path, undefined, 204);
    assert.equal(await client.groupEntry('Pushed 2'), undefined);
  });

  it('pushes several changes of one group at a time', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, (_, n) => create(client, `flight-${n}@okta.test`)));
    const { id } = await client.createGroup('In flight');
    await Promise.all(
      users.map((each) =>
        client.patch(`/Groups/${id}`, 204, { op: 'add', path: 'members', value: [{ value: each.id }] }),
      ),
    );
    assert.deepEqual(await client.memberIds(id), users.map((each) => each.id).sort());
  });

  it('B21 one member that is unknown spoils the push, and nothing of it is done', async () => {
    const known = await create(client, 'known@okta.test');
    const { id } = await client.createGroup('All or nothing');
    const unknown = '00000000-0000-4000-8000-000000000000';
    const refused = await client.patch(`/Groups/${id}`, 400, {
      op: 'add',
      path: 'members',
      value: [{ value: known.id }, { value: unknown }],
    });
    assert.equal(refused['scimType'], 'invalidValue');
    assert.match(String(refused['detail']), new RegExp(unknown));
    assert.deepEqual(await client.memberIds(id), []);
  });
}
