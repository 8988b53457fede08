// Keycloak with the plug-in that provisions: holds the schemas against the letter of RFC 7643 and replaces whole groups.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, type Identified, list, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' };
const types = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex'];

export function describeKeycloak(start: StartScenario): void {
  describeClient(
    'Keycloak',
    () => start('keycloak'),
    { headers },
    (client) => {
      it('A12 A14 every definition of an attribute is whole and within the rules', async () => {
        const schemas = list((await client.get('/Schemas'))['Resources']);
        for (const schema of schemas) {
          assert.deepEqual(schema['schemas'], [urns.schema]);
          for (const attribute of list(schema['attributes'])) {
            for (const each of [attribute, ...list(attribute['subAttributes'])]) {
              const label = `${String(attribute['name'])} ${JSON.stringify(each)}`;
              assert.ok(types.includes(String(each['type'])), label);
              for (const flag of ['multiValued', 'required']) assert.equal(typeof each[flag], 'boolean', label);
              assert.match(String(each['mutability']), /^(?:readOnly|readWrite|immutable|writeOnly)$/, label);
              assert.match(String(each['returned']), /^(?:always|never|default|request)$/, label);
              if (each['type'] === 'binary') assert.equal(each['caseExact'], true, label);
              if (each['type'] === 'reference') assert.ok(list(each['referenceTypes']).length > 0, label);
              else assert.equal(each['referenceTypes'], undefined, label);
              if (each['type'] === 'complex') assert.ok(list(each['subAttributes']).length > 0, label);
            }
          }
        }
      });

      it('replaces a whole group by PATCH, with and without a path', async () => {
        const [a, b] = [await client.createUser('kc-a'), await client.createUser('kc-b')];
        const { id } = await client.createGroup('Keycloak', [a.id]);
        const path = `/Groups/${id}`;
        const both = [
          { value: a.id, type: 'User' },
          { value: b.id, type: 'User' },
        ];
        await client.patch(
          path,
          204,
          { op: 'replace', path: 'displayName', value: 'Keycloak 2' },
          { op: 'replace', path: 'members', value: both },
        );
        assert.deepEqual(await client.memberIds(id), [a.id, b.id].sort());
        const value = {
          schemas: [urns.group],
          displayName: 'Keycloak 3',
          externalId: 'kc-1',
          members: [{ value: b.id }],
        };
        await client.patch(path, 204, { op: 'replace', value });
        assert.deepEqual(await client.memberIds(id), [b.id]);
        assert.deepEqual((await client.groupEntry('Keycloak 3'))?.strings('member'), [client.userDn('kc-b')]);
        await client.send('DELETE', path, undefined, 204);
      });

      it('users by PUT, found by .search', async () => {
        const body = {
          schemas: [user],
          externalId: 'kc-ext',
          userName: 'kc-user',
          name: { givenName: 'Key', familyName: 'Cloak' },
          emails: [{ value: 'kc@keycloak.test', primary: true }],
          active: true,
        };
        const { id } = (await client.send('POST', '/Users', body, 201)) as Identified;
        await client.send('PUT', `/Users/${id}`, { ...body, active: false }, 200);
        const search = { schemas: [urns.searchRequest], filter: 'emails.value eq "kc@keycloak.test"', count: 5 };
        const found = await client.send('POST', '/Users/.search', search, 200);
        assert.deepEqual(
          list(found['Resources']).map((resource) => [resource['id'], resource['active']]),
          [[id, false]],
        );
        await client.send('DELETE', `/Users/${id}`, undefined, 204);
      });
    },
  );
}
