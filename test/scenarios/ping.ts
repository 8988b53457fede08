// Ping: the administrator writes the filter that users are matched by, in any letter case; groups go by PATCH or by PUT.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, type Identified, list, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json, application/json' };

export function describePing(start: StartScenario): void {
  describeClient(
    'Ping',
    () => start('ping'),
    { headers },
    (client) => {
      const newUser = (username: string) => ({
        schemas: [user],
        username,
        NAME: { GivenName: 'Pi', familyname: 'Ng' },
        Emails: [{ Value: username, TYPE: 'work', Primary: true }],
        active: true,
      });

      it('G1 matches by filters in any letter case', async () => {
        const { id } = (await client.send('POST', '/Users', newUser('match@ping.test'), 201)) as Identified;
        for (const filter of [
          'username Eq "match@ping.test"',
          'USERNAME EQ "match@ping.test"',
          'emails Co "match@ping"',
          'emails.value Sw "match@ping.test"',
          'Emails[Type Eq "work" And Value Co "@ping.test"] aNd UserName eQ "match@ping.test"',
          'Not (Username Eq "other") And username Pr And active eq TRUE',
        ]) {
          assert.deepEqual(await client.find('/Users', filter, '&count=10'), [id], filter);
        }
        // `email` is no attribute: a filter that means nothing is refused, it does not find everybody.
        const refused = await client.get(`/Users?filter=${encodeURIComponent('email Co "match@ping"')}`, 400);
        assert.equal(refused['scimType'], 'invalidFilter');
        assert.match(String(refused['detail']), /emails/);
      });

      it('B14 E14 writes with names in any letter case', async () => {
        const { id } = (await client.send('POST', '/Users', newUser('case@ping.test'), 201)) as Identified;
        const shown = await client.get(`/Users/${id}`);
        assert.equal(shown['userName'], 'case@ping.test');
        assert.deepEqual(shown['emails'], [{ value: 'case@ping.test', type: 'work', primary: true }]);
        const patched = await client.send(
          'PATCH',
          `/Users/${id}`,
          {
            Schemas: [urns.patchOp],
            operations: [
              { OP: 'REPLACE', Path: 'NAME.GIVENNAME', Value: 'Po' },
              { op: 'Replace', value: { ACTIVE: false } },
              { op: 'aDD', path: 'phoneNUMBERS[TYPE EQ "work"].VALUE', value: '+1 555 0199' },
            ],
          },
          200,
        );
        assert.equal(patched['active'], false);
        assert.deepEqual(list(patched['phoneNumbers']), [{ value: '+1 555 0199', type: 'work', primary: true }]);
        assert.deepEqual((await client.userEntry('case@ping.test'))?.strings('givenName'), ['Po']);
      });

      it('groups by PUT and by PATCH, and everything goes again', async () => {
        const { id: member } = (await client.send('POST', '/Users', newUser('member@ping.test'), 201)) as Identified;
        const { id } = await client.createGroup('Ping');
        const body = { schemas: [urns.group], displayName: 'Ping', members: [{ value: member, type: 'User' }] };
        await client.send('PUT', `/Groups/${id}`, body, 200);
        assert.deepEqual(await client.memberIds(id), [member]);
        await client.patch(`/Groups/${id}`, 204, { op: 'remove', path: `members[value eq "${member}"]` });
        assert.deepEqual(await client.memberIds(id), []);
        await client.send('DELETE', `/Groups/${id}`, undefined, 204);
        await client.send('DELETE', `/Users/${member}`, undefined, 204);
        assert.equal(await client.userEntry('member@ping.test'), undefined);
      });
    },
  );
}
