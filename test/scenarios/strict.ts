// Conformance suites: the profile `strict`, which accepts nothing that the RFCs do not, and the three answers to a PATCH.
import assert from 'node:assert/strict';
import { interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, enterprise, list, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' };

export function describeStrict(start: StartScenario): void {
  describeClient(
    'a conformance suite',
    () => start('strict'),
    { profile: 'strict', headers },
    (client) => {
      it('refuses what the RFCs do not have, and does nothing of it', async () => {
        const { id } = await client.createUser('strict');
        const before = await client.get(`/Users/${id}`);
        const bodies: readonly [object, string][] = [
          [{ schemas: [user], userName: 'strict-2', shoeSize: 44 }, 'invalidSyntax'],
          [{ schemas: [user, 'urn:example:strange'], userName: 'strict-2' }, 'invalidSyntax'],
          [{ schemas: [user], userName: 'strict-2', active: 'True' }, 'invalidValue'],
          [{ schemas: [enterprise], userName: 'strict-2' }, 'invalidSyntax'],
        ];
        for (const [body, scimType] of bodies) {
          assert.equal((await client.send('POST', '/Users', body, 400))['scimType'], scimType);
          assert.equal((await client.send('PUT', `/Users/${id}`, body, 400))['scimType'], scimType);
        }
        assert.equal(await client.userEntry('strict-2'), undefined);
        for (const [operation, scimType] of [
          [{ op: 'replace', path: 'active', value: 'False' }, 'invalidValue'],
          [{ op: 'replace', value: { 'name.givenName': 'G' } }, 'invalidSyntax'],
          [{ op: 'add', path: 'manager', value: id }, 'invalidValue'],
          [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'a@strict.test' }, 'noTarget'],
        ] as const) {
          assert.equal((await client.patch(`/Users/${id}`, 400, operation))['scimType'], scimType);
        }
        assert.equal((await client.get('/Users?filter=active%20eq%20"True"', 400))['scimType'], 'invalidFilter');
        assert.deepEqual(await client.get(`/Users/${id}`), before);
      });

      it('E6 answers every PATCH with the resource', async () => {
        const { id: member } = await client.createUser('strict-member');
        const { id } = await client.createGroup('Strict');
        const operation = { op: 'add', path: 'members', value: [{ value: member }] };
        const shown = await client.patch(`/Groups/${id}`, 200, operation);
        assert.deepEqual(
          list(shown['members']).map(({ value }) => value),
          [member],
        );
        const { id: other } = await client.createUser('strict-other');
        assert.equal(
          (await client.patch(`/Users/${other}`, 200, { op: 'add', path: 'title', value: 'T' }))['title'],
          'T',
        );
      });
    },
  );

  describeClient(
    'a client that wants no answers',
    () => start('minimal'),
    { profile: { ...interop, name: 'minimal', patchResponse: 'minimal' }, headers },
    (client) => {
      it('E6 gets 204 for a PATCH, unless it asks for attributes', async () => {
        const { id } = await client.createUser('minimal');
        const operation = { op: 'add', path: 'title', value: 'T' };
        await client.patch(`/Users/${id}`, 204, operation);
        const shown = await client.patch(`/Users/${id}?attributes=title`, 200, operation);
        assert.deepEqual(shown, { schemas: [urns.user], id, title: 'T' });
      });
    },
  );
}
