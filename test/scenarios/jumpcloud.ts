// JumpCloud: a user and a group to try when it is switched on, no extensions, members removed by their value.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, type Identified, list, type ScimClient, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json' };

export function describeJumpCloud(start: StartScenario): void {
  describeClient(
    'JumpCloud',
    () => start('jumpcloud'),
    { headers },
    (client) => {
      it('is switched on: creates a user and a group and takes both away', async () => {
        assert.deepEqual(await client.find('/Users', 'userName eq "test@jumpcloud.test"'), []);
        const { id } = await create(client, 'test@jumpcloud.test');
        const group = await client.createGroup('JumpCloud test group', [id]);
        await client.send('DELETE', `/Groups/${group.id}`, undefined, 204);
        await client.send('DELETE', `/Users/${id}`, undefined, 204);
        assert.equal(await client.userEntry('test@jumpcloud.test'), undefined);
        assert.equal(await client.groupEntry('JumpCloud test group'), undefined);
      });

      it('updates users by PUT and by PATCH, and deactivates', async () => {
        const { id } = await create(client, 'life@jumpcloud.test');
        const path = `/Users/${id}`;
        const body = { ...newUser('life@jumpcloud.test'), name: { givenName: 'Jo', familyName: 'Cloud' }, id };
        const put = await client.send('PUT', path, body, 200);
        assert.equal(put['externalId'], 'jc-life@jumpcloud.test');
        assert.deepEqual((await client.userEntry('life@jumpcloud.test'))?.strings('sn'), ['Cloud']);
        const patched = await client.patch(
          path,
          200,
          { op: 'replace', path: 'name.familyName', value: 'Klaud' },
          { op: 'replace', path: 'active', value: false },
        );
        assert.equal(patched['active'], false);
        assert.deepEqual((await client.userEntry('life@jumpcloud.test'))?.strings('sn'), ['Klaud']);
        const again = await client.send('PUT', path, { ...body, active: true }, 200);
        assert.equal(again['active'], true);
      });

      it('manages the members of a group by their values', async () => {
        const [a, b] = [await create(client, 'a@jumpcloud.test'), await create(client, 'b@jumpcloud.test')];
        const { id } = await client.createGroup('JumpCloud group');
        const path = `/Groups/${id}`;
        await client.patch(path, 204, { op: 'add', path: 'members', value: [{ value: a.id }, { value: b.id }] });
        await client.patch(path, 204, { op: 'remove', path: 'members', value: [{ value: a.id }] });
        assert.deepEqual(await client.memberIds(id), [b.id]);
        const put = await client.send(
          'PUT',
          path,
          { schemas: [urns.group], displayName: 'JumpCloud group 2', members: [{ value: a.id }] },
          200,
        );
        assert.deepEqual(
          list(put['members']).map(({ value }) => value),
          [a.id],
        );
        assert.deepEqual((await client.groupEntry('JumpCloud group 2'))?.strings('member'), [
          client.userDn('a@jumpcloud.test'),
        ]);
      });
    },
  );
}

function newUser(userName: string) {
  return {
    schemas: [user],
    userName,
    externalId: `jc-${userName}`,
    name: { givenName: 'Jump', familyName: 'Cloud', formatted: '' },
    displayName: '',
    emails: [{ value: userName, type: 'work', primary: true }],
    phoneNumbers: [],
    addresses: [],
    active: true,
  };
}

async function create(client: ScimClient, userName: string): Promise<Identified> {
  return (await client.send('POST', '/Users', newUser(userName), 201)) as Identified;
}
