// SailPoint: reads what the service says of itself and refuses what is not right, then sends the parts of one attribute
// as operations of their own, without paths.
import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { describeClient, enterprise, type Identified, list, object, type StartScenario, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' };

export function describeSailPoint(start: StartScenario): void {
  describeClient(
    'SailPoint',
    () => start('sailpoint'),
    { profile: 'sailpoint', headers },
    (client) => {
      it('reads the service, its types and its schemas', async () => {
        const service = await client.get('/ServiceProviderConfig');
        assert.deepEqual(service['schemas'], [urns.serviceProviderConfig]);
        assert.equal(object(service['patch'])['supported'], true);
        for (const scheme of list(service['authenticationSchemes'])) {
          assert.match(String(scheme['type']), /^(?:oauth|oauth2|oauthbearertoken|httpbasic|httpdigest)$/);
          assert.equal(typeof scheme['name'], 'string');
          assert.equal(typeof scheme['description'], 'string');
        }
        const types = list((await client.get('/ResourceTypes'))['Resources']);
        const schemas = list((await client.get('/Schemas'))['Resources']);
        for (const type of types) {
          assert.deepEqual(await client.get(`/ResourceTypes/${String(type['name'])}`), type);
          assert.equal(type['id'], type['name']);
          const named = [type['schema'], ...list(type['schemaExtensions']).map(({ schema }) => schema)];
          assert.ok(named.every((urn) => schemas.some(({ id }) => id === urn)));
        }
        const ofUser = await client.get(`/Schemas/${user}`);
        assert.deepEqual(
          ofUser,
          schemas.find(({ id }) => id === user),
        );
        assert.deepEqual(await client.get(`/Schemas/${encodeURIComponent(user)}`), ofUser);
        for (const attribute of list(ofUser['attributes']).flatMap((each) => [each, ...list(each['subAttributes'])])) {
          const values = attribute['canonicalValues'];
          assert.ok(values === undefined || list(values).length > 0, 'no empty canonicalValues');
        }
      });

      it('E20 E25 several values without paths, each a part of one attribute', async () => {
        const { id } = await client.createUser('parts@sailpoint.test');
        const path = `/Users/${id}`;
        const shown = await client.patch(
          path,
          200,
          { op: 'replace', value: { name: { familyName: 'A' } } },
          { op: 'replace', value: { name: { givenName: 'B' } } },
          { op: 'replace', value: { [enterprise]: { department: 'C' } } },
          { op: 'replace', value: { [enterprise]: { division: 'D' } } },
        );
        assert.deepEqual([object(shown['name'])['familyName'], object(shown['name'])['givenName']], ['A', 'B']);
        assert.deepEqual(shown[enterprise], { department: 'C', division: 'D' });
        const entry = await client.userEntry('parts@sailpoint.test');
        assert.deepEqual([entry?.strings('sn'), entry?.strings('givenName')], [['A'], ['B']]);
      });

      it('aggregates accounts, creates, disables, moves between groups and deletes', async () => {
        const body = {
          schemas: [user, enterprise],
          userName: 'account@sailpoint.test',
          name: { familyName: 'Point', givenName: 'Sail' },
          emails: [{ value: 'account@sailpoint.test', type: 'work', primary: true }],
          password: 'Sail-Secret-1',
          active: true,
        };
        const { id } = (await client.send('POST', '/Users', body, 201)) as Identified;
        const page = await client.get('/Users?startIndex=1&count=100');
        assert.ok(list(page['Resources']).some((resource) => resource['id'] === id));
        const [one, two] = [await client.createGroup('Entitlement 1', [id]), await client.createGroup('Entitlement 2')];
        await client.patch(`/Groups/${two.id}`, 204, { op: 'add', path: 'members', value: [{ value: id }] });
        await client.patch(`/Groups/${one.id}`, 204, { op: 'remove', path: `members[value eq "${id}"]` });
        const shown = await client.get(`/Users/${id}`);
        assert.deepEqual(
          list(shown['groups']).map(({ value }) => value),
          [two.id],
        );
        await client.patch(`/Users/${id}`, 200, { op: 'replace', value: { active: false } });
        assert.equal(await client.canBind('account@sailpoint.test', 'Sail-Secret-1'), false);
        await client.send('DELETE', `/Users/${id}`, undefined, 204);
        assert.deepEqual(await client.memberIds(two.id), []);
      });
    },
  );
}
