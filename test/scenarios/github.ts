// GitHub style: users with roles, switched off by a value without a path.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, type Identified, ids, list, object, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json' };

export function describeGitHubStyle(start: StartScenario): void {
  describeClient(
    'GitHub style',
    () => start('github'),
    { headers },
    (client) => {
      const newUser = (userName: string) => ({
        schemas: [user],
        externalId: `E-${userName}`,
        active: true,
        userName,
        name: { formatted: 'Ms. Mona Lisa Octocat', familyName: 'Octocat', givenName: 'Mona' },
        displayName: 'Mona Lisa',
        emails: [{ value: `${userName}@github.test`, type: 'work', primary: true }],
        roles: [{ value: 'user', primary: true }],
      });

      it('users with roles: created, replaced, patched, switched off, deleted', async () => {
        const made = await client.send('POST', '/Users', newUser('mona'), 201);
        const { id } = made as Identified;
        const path = `/Users/${id}`;
        assert.deepEqual(ids(list(made['roles'])), ['user']);
        assert.equal(object(made['name'])['formatted'], 'Ms. Mona Lisa Octocat');
        assert.deepEqual(await client.find('/Users', 'externalId eq "E-mona"'), [id]);
        const put = await client.send(
          'PUT',
          path,
          { ...newUser('mona'), roles: [{ value: 'enterprise_owner', primary: true }, { value: 'billing' }] },
          200,
        );
        assert.deepEqual(ids(list(put['roles'])), ['billing', 'enterprise_owner']);
        assert.deepEqual((await client.userEntry('mona'))?.strings(client.attribute('scimRole')).sort(), [
          'billing',
          'enterprise_owner',
        ]);
        const patched = await client.patch(
          path,
          200,
          { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'mona@new.github.test', type: 'work' } },
          { op: 'replace', path: 'roles', value: [{ value: 'user', primary: true }] },
        );
        assert.deepEqual(ids(list(patched['roles'])), ['user']);
        assert.deepEqual((await client.userEntry('mona'))?.strings('mail'), ['mona@new.github.test']);
        assert.equal((await client.patch(path, 200, { op: 'replace', value: { active: false } }))['active'], false);
        await client.send('DELETE', path, undefined, 204);
        assert.equal(await client.userEntry('mona'), undefined);
      });

      it('P8 endpoints have their letter case', async () => {
        await client.get('/users', 404);
        await client.get('/groups', 404);
      });

      it('groups that replace all members', async () => {
        const { id: mona } = (await client.send('POST', '/Users', newUser('mona-2'), 201)) as Identified;
        const body = {
          schemas: [urns.group],
          externalId: 'G-1',
          displayName: 'Engineering',
          members: [{ value: mona }],
        };
        const { id } = (await client.send('POST', '/Groups', body, 201)) as Identified;
        await client.send('PUT', `/Groups/${id}`, { ...body, members: [] }, 200);
        assert.deepEqual(await client.memberIds(id), []);
        await client.send('PUT', `/Groups/${id}`, body, 200);
        assert.deepEqual(await client.memberIds(id), [mona]);
      });
    },
  );
}
