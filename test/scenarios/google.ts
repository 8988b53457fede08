// Google Workspace: plain JSON as the media type, both ways.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, enterprise, type Identified, list, type StartScenario, user } from './client.ts';

const headers = {
  'User-Agent': 'Google-Auto-Provisioning',
  'Content-Type': 'application/json',
  Accept: 'application/json',
};

export function describeGoogle(start: StartScenario): void {
  describeClient(
    'Google Workspace',
    () => start('google'),
    { profile: 'google', headers },
    (client) => {
      const newUser = (userName: string) => ({
        schemas: [user, enterprise],
        userName,
        externalId: `g-${userName}`,
        name: { givenName: 'G', familyName: 'Suite' },
        emails: [{ value: userName, type: 'work', primary: true }],
        active: true,
        [enterprise]: { organization: 'Example' },
      });

      it('matches, creates, replaces, suspends and deletes users', async () => {
        assert.deepEqual(await client.find('/Users', 'userName eq "life@google.test"'), []);
        const { id } = (await client.send('POST', '/Users', newUser('life@google.test'), 201)) as Identified;
        const path = `/Users/${id}`;
        assert.deepEqual(await client.find('/Users', 'userName eq "life@google.test"'), [id]);
        const put = await client.send('PUT', path, { ...newUser('life@google.test'), title: 'Editor' }, 200);
        assert.equal(put['title'], 'Editor');
        const suspended = await client.patch(path, 200, { op: 'replace', path: 'active', value: false });
        assert.equal(suspended['active'], false);
        assert.deepEqual((await client.userEntry('life@google.test'))?.strings('title'), ['Editor']);
        await client.send('DELETE', path, undefined, 204);
        await client.get(path, 404);
        assert.equal(await client.userEntry('life@google.test'), undefined);
      });

      it('creates groups with members', async () => {
        const { id: member } = (await client.send('POST', '/Users', newUser('member@google.test'), 201)) as Identified;
        const body = { schemas: [urns.group], displayName: 'Google group', members: [{ value: member }] };
        const group = await client.send('POST', '/Groups', body, 201);
        assert.deepEqual(
          list(group['members']).map(({ value }) => value),
          [member],
        );
      });
    },
  );
}
