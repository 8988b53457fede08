// WSO2: PUT up to 7.2, PATCH from then on; members without a path; e-mail addresses that are no objects are refused.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, type Identified, ids, list, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json' };

export function describeWso2(start: StartScenario): void {
  describeClient(
    'WSO2',
    () => start('wso2'),
    { headers },
    (client) => {
      it('users by PUT and by PATCH', async () => {
        const body = {
          schemas: [user],
          userName: 'wso2-user',
          name: { givenName: 'W', familyName: 'So' },
          emails: [
            { type: 'work', value: 'w@wso2.test', primary: true },
            { type: 'home', value: 'h@wso2.test' },
          ],
          password: 'Wso2-Secret-1',
        };
        const { id } = (await client.send('POST', '/Users', body, 201)) as Identified;
        assert.ok(await client.canBind('wso2-user', 'Wso2-Secret-1'));
        const put = await client.send(
          'PUT',
          `/Users/${id}`,
          { ...body, emails: [{ type: 'work', value: 'n@wso2.test' }] },
          200,
        );
        assert.deepEqual(ids(list(put['emails'])), ['n@wso2.test']);
        const patched = await client.patch(`/Users/${id}`, 200, {
          op: 'add',
          value: { emails: [{ type: 'home', value: 'h@wso2.test' }], nickName: 'W' },
        });
        assert.deepEqual(ids(list(patched['emails'])), ['h@wso2.test', 'n@wso2.test']);
        assert.deepEqual((await client.userEntry('wso2-user'))?.strings(client.attribute('scimHomeMail')), [
          'h@wso2.test',
        ]);
        await client.send('DELETE', `/Users/${id}`, undefined, 204);
      });

      it('B9 e-mail addresses as strings among objects are refused, and nobody is created', async () => {
        const emails = ['a@wso2.test', { type: 'work', value: 'b@wso2.test' }];
        const refused = await client.send('POST', '/Users', { schemas: [user], userName: 'mixed', emails }, 400);
        assert.equal(refused['scimType'], 'invalidValue');
        assert.match(String(refused['detail']), /emails\[0\]/);
        assert.equal(await client.userEntry('mixed'), undefined);
      });

      it('E20 groups: members without a path', async () => {
        const [a, b] = [await client.createUser('wso2-a'), await client.createUser('wso2-b')];
        const { id } = await client.createGroup('WSO2 group', [a.id]);
        await client.patch(`/Groups/${id}`, 204, {
          op: 'add',
          value: { members: [{ value: b.id, display: 'wso2-b' }] },
        });
        assert.deepEqual(await client.memberIds(id), [a.id, b.id].sort());
        await client.patch(`/Groups/${id}`, 204, { op: 'remove', path: `members[value eq "${a.id}"]` });
        const put = await client.send(
          'PUT',
          `/Groups/${id}`,
          { schemas: [urns.group], displayName: 'WSO2 group 2' },
          200,
        );
        assert.deepEqual(ids(list(put['members'])), [b.id]);
        await client.send('DELETE', `/Groups/${id}`, undefined, 204);
      });
    },
  );
}
