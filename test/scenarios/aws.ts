// Clients made for AWS IAM Identity Center: `eq` and `and` alone, one e-mail address, a hundred members in a patch and a
// hundred resources on a page at most.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, enterprise, type Identified, list, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json' };

export function describeAwsStyle(start: StartScenario): void {
  describeClient(
    'AWS style',
    () => start('aws'),
    { headers },
    (client) => {
      const newUser = (userName: string) => ({
        schemas: [user],
        externalId: `ext-${userName}`,
        userName,
        name: { familyName: 'Jackson', givenName: 'Mateo', middleName: 'M' },
        displayName: 'Mateo Jackson',
        emails: [{ value: `${userName}@aws.test`, type: 'work', primary: true }],
        addresses: [{ type: 'work', streetAddress: '1 Any Street', locality: 'Any Town', country: 'USA' }],
        active: true,
      });

      it('users: found by eq and and, replaced whole, patched by paths', async () => {
        const { id } = (await client.send('POST', '/Users', newUser('mateo'), 201)) as Identified;
        for (const filter of [
          'userName eq "mateo"',
          'externalId eq "ext-mateo"',
          'userName eq "mateo" and externalId eq "ext-mateo"',
          `id eq "${id}"`,
        ]) {
          assert.deepEqual(await client.find('/Users', filter), [id], filter);
        }
        assert.deepEqual(await client.find('/Users', 'userName eq "mateo" and externalId eq "other"'), []);
        await client.send('PUT', `/Users/${id}`, { id, ...newUser('mateo'), displayName: 'Mateo J.' }, 200);
        const patched = await client.patch(
          `/Users/${id}`,
          200,
          { op: 'replace', path: 'active', value: 'false' },
          { op: 'replace', path: `${enterprise}:costCenter`, value: 'R&D' },
        );
        assert.deepEqual([patched['active'], patched['displayName']], [false, 'Mateo J.']);
        assert.deepEqual((await client.userEntry('mateo'))?.strings(client.attribute('scimCostCenter')), ['R&D']);
      });

      it('groups: members of one by filter, a hundred at a time', async () => {
        const users = await Promise.all(
          Array.from({ length: 100 }, (_, n) => client.createUser(`aws-${String(n).padStart(3, '0')}`)),
        );
        const { id } = await client.createGroup('AWS hundred');
        const value = users.map((each) => ({ value: each.id }));
        await client.patch(`/Groups/${id}`, 204, { op: 'add', path: 'members', value });
        assert.equal((await client.memberIds(id)).length, 100);
        assert.deepEqual(await client.find('/Groups', `id eq "${id}" and members eq "${String(users[7]?.id)}"`), [id]);
        assert.deepEqual(await client.find('/Groups', `members.value eq "${String(users[8]?.id)}"`), [id]);
        const page = await client.get('/Groups?count=100&excludedAttributes=members');
        assert.ok(list(page['Resources']).every(({ members }) => members === undefined));
        await client.patch(`/Groups/${id}`, 204, { op: 'remove', path: 'members', value: value.slice(0, 99) });
        assert.deepEqual(await client.memberIds(id), [users[99]?.id]);
        await client.patch(`/Groups/${id}`, 204, { op: 'replace', path: 'displayName', value: 'AWS one' });
        await client.send('DELETE', `/Groups/${id}`, undefined, 204);
        assert.equal(await client.groupEntry('AWS one'), undefined);
      });

      it('B8 a group name is taken once', async () => {
        const body = { schemas: [urns.group], displayName: 'AWS twice' };
        await client.send('POST', '/Groups', body, 201);
        assert.equal((await client.send('POST', '/Groups', body, 409))['scimType'], 'uniqueness');
      });
    },
  );
}
