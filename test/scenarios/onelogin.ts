// OneLogin: users come out of a JSON template that administrators edit and that may still say version 1; no User-Agent.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import {
  describeClient,
  enterprise,
  type Identified,
  list,
  object,
  type StartScenario,
  standardSchemas,
} from './client.ts';

const headers = { 'User-Agent': '', 'Content-Type': 'application/scim+json' };

export function describeOneLogin(start: StartScenario): void {
  describeClient(
    'OneLogin',
    () => start('onelogin'),
    { profile: 'onelogin', headers },
    (client) => {
      const template = (userName: string, managerId?: string) => ({
        schemas: ['urn:scim:schemas:core:1.0', enterprise],
        userName,
        externalId: `1-${userName}`,
        name: { familyName: 'Login', givenName: 'One', formatted: 'One Login' },
        emails: [{ value: userName, type: 'work', primary: true }],
        phoneNumbers: [{ value: '+1 555 0100', type: 'work' }],
        addresses: [{ streetAddress: '848 Battery St', locality: 'San Francisco', region: 'CA', postalCode: '94111' }],
        title: '',
        active: true,
        [enterprise]: {
          department: 'Support',
          manager: managerId === undefined ? null : { value: managerId, displayName: 'The Boss' },
        },
      });

      it('creates and replaces users of its template', async () => {
        assert.deepEqual(await client.find('/Users', 'userName eq "boss@onelogin.test"'), []);
        const boss = (await client.send('POST', '/Users', template('boss@onelogin.test'), 201)) as Identified;
        assert.deepEqual(standardSchemas(boss), [urns.user, enterprise]);
        const made = await client.send('POST', '/Users', template('worker@onelogin.test', boss.id), 201);
        const { id } = made as Identified;
        // Of no type when sent: it goes where the first address goes.
        assert.deepEqual(list(made['addresses']), [
          {
            streetAddress: '848 Battery St',
            locality: 'San Francisco',
            region: 'CA',
            postalCode: '94111',
            type: 'work',
          },
        ]);
        const manager = object(object(made[enterprise])['manager']);
        // displayName is the manager's own name, not what the template says.
        assert.deepEqual([manager['value'], manager['displayName']], [boss.id, 'One Login']);
        const entry = await client.userEntry('worker@onelogin.test');
        assert.deepEqual(entry?.strings('manager'), [client.userDn('boss@onelogin.test')]);
        assert.deepEqual(entry?.strings(client.attribute('street')), ['848 Battery St']);

        const changed = { ...template('worker@onelogin.test'), active: false };
        const put = await client.send('PUT', `/Users/${id}`, changed, 200);
        assert.equal(put['active'], false);
        assert.equal(object(put[enterprise])['manager'], undefined);
        assert.deepEqual((await client.userEntry('worker@onelogin.test'))?.strings('manager'), []);
        const on = await client.patch(`/Users/${id}`, 200, { op: 'replace', path: 'active', value: true });
        assert.equal(on['active'], true);
        await client.send('DELETE', `/Users/${id}`, undefined, 204);
        assert.equal(await client.userEntry('worker@onelogin.test'), undefined);
      });

      it('patches groups', async () => {
        const { id: member } = await client.createUser('member@onelogin.test');
        const { id } = await client.createGroup('OneLogin Role');
        await client.patch(`/Groups/${id}`, 204, { op: 'add', path: 'members', value: [{ value: member }] });
        assert.deepEqual(await client.memberIds(id), [member]);
        await client.patch(`/Groups/${id}`, 204, { op: 'remove', path: `members[value eq "${member}"]` });
        assert.deepEqual(await client.memberIds(id), []);
        await client.send('DELETE', `/Groups/${id}`, undefined, 204);
      });
    },
  );

  describeClient(
    'OneLogin without its profile',
    () => start('onelogin-interop'),
    { headers },
    (client) => {
      it('B4 a body without the URN of the type is refused', async () => {
        for (const schemas of [undefined, [], ['urn:scim:schemas:core:1.0']]) {
          const refused = await client.send('POST', '/Users', { schemas, userName: 'v1@onelogin.test' }, 400);
          assert.equal(refused['scimType'], 'invalidSyntax');
        }
        assert.equal(await client.userEntry('v1@onelogin.test'), undefined);
      });
    },
  );
}
