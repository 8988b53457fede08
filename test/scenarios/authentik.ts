// authentik: users by PUT, groups by a value without a path and one operation per member, in batches by the numbers of
// ServiceProviderConfig; what has gone is created anew.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, type Identified, object, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' };

export function describeAuthentik(start: StartScenario): void {
  describeClient(
    'authentik',
    () => start('authentik'),
    { headers },
    (client) => {
      const newUser = (userName: string, more = {}) => ({
        schemas: [user],
        externalId: `ak-${userName}`,
        userName,
        name: { formatted: 'Akadmin', givenName: 'Akadmin', familyName: ' ' },
        displayName: 'Akadmin',
        photos: [],
        locale: null,
        active: true,
        emails: [{ primary: true, type: 'other', value: `${userName}@authentik.test` }],
        ...more,
      });

      it('A2 sizes its batches by numbers that are there', async () => {
        const service = await client.get('/ServiceProviderConfig');
        assert.ok(Number(object(service['bulk'])['maxOperations']) > 0);
        assert.ok(Number(object(service['filter'])['maxResults']) > 0);
      });

      it('users by PUT; one that has gone is created anew', async () => {
        const { id } = (await client.send('POST', '/Users', newUser('akadmin'), 201)) as Identified;
        const put = await client.send(
          'PUT',
          `/Users/${id}`,
          { ...newUser('akadmin', { displayName: 'Root' }), id },
          200,
        );
        assert.equal(put['displayName'], 'Root');
        assert.deepEqual((await client.userEntry('akadmin'))?.strings(client.attribute('scimOtherMail')), [
          'akadmin@authentik.test',
        ]);
        await client.send('DELETE', `/Users/${id}`, undefined, 204);
        await client.send('PUT', `/Users/${id}`, newUser('akadmin'), 404);
        const again = (await client.send('POST', '/Users', newUser('akadmin'), 201)) as Identified;
        assert.notEqual(again.id, id);
      });

      it('a group: its name without a path, its members one by one', async () => {
        const members: string[] = [];
        for (const name of ['ak-a', 'ak-b', 'ak-c']) {
          members.push(((await client.send('POST', '/Users', newUser(name), 201)) as Identified).id);
        }
        const body = { schemas: [urns.group], externalId: 'ak-group', displayName: 'authentik Admins' };
        const { id } = (await client.send('POST', '/Groups', body, 201)) as Identified;
        const path = `/Groups/${id}`;
        await client.patch(path, 204, { op: 'replace', value: { ...body, id, displayName: 'authentik Root' } });
        const shown = await client.get(path);
        assert.deepEqual([shown['displayName'], shown['externalId']], ['authentik Root', 'ak-group']);
        const each = (op: string, ids: readonly string[]) =>
          ids.map((value) => ({ op, path: 'members', value: [{ value }] }));
        await client.patch(path, 204, ...each('add', members));
        assert.deepEqual(await client.memberIds(id), [...members].sort());
        await client.patch(path, 204, ...each('remove', members.slice(0, 2)));
        assert.deepEqual(await client.memberIds(id), members.slice(2));
        // Both kinds in one request, and the same one twice: the last word counts.
        const [first = '', , last = ''] = members;
        await client.patch(path, 204, ...each('add', [first]), ...each('remove', [last]), ...each('add', [last, last]));
        assert.deepEqual(await client.memberIds(id), [first, last].sort());
        assert.equal((await client.groupEntry('authentik Root'))?.strings('member').length, 2);
        await client.send('DELETE', path, undefined, 204);
      });
    },
  );
}
