// Members and managers of Active Directory: what DNs stand for comes along with them, as GUIDs, and is looked up by the
// hundred.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { hasSambaAd } from '../directories/samba-ad/launch.ts';
import { createSuiteBase, getSambaAd } from '../directories/samba-ad/shared.ts';
import { type SentOperation, type ServedGateway, serveGateway } from './harness.ts';

const count = 130;

if (hasSambaAd())
  describe('references by GUID, on Samba AD', function () {
    this.timeout(60_000);
    let served: ServedGateway;
    const people = (cn: string): string => `CN=${cn},${peopleDn}`;
    const groups = (cn: string): string => `CN=${cn},${groupsDn}`;
    let peopleDn: string;
    let groupsDn: string;
    let baseDn: string;

    const add = (dn: string, attributes: Readonly<Record<string, string | readonly string[]>>) =>
      served.directory.add({
        dn,
        attributes: Object.entries(attributes).map(([type, values]) => ({ type, values: [values].flat() })),
      });

    before(async () => {
      const server = await getSambaAd();
      ({ baseDn, peopleDn, groupsDn } = await createSuiteBase('guids'));
      served = await serveGateway({
        ...server,
        mapping: '../test/gateway/guids.yaml',
        variables: { people: peopleDn, groups: groupsDn },
      });
      const names = Array.from({ length: count }, (_, index) => `guids-${index}`);
      await Promise.all(
        names.map((cn) =>
          add(people(cn), {
            objectClass: 'user',
            sAMAccountName: cn,
            description: '<GUID=00112233445566778899aabbccddeeff>;CN=no DN',
          }),
        ),
      );
      // In no place that the mapping knows.
      await add(`CN=guids-alien,${baseDn}`, { objectClass: 'user', sAMAccountName: 'guids-alien' });
      await add(groups('guids-inner'), { objectClass: 'group', sAMAccountName: 'guids-inner' });
      await add(groups('guids-outer'), {
        objectClass: 'group',
        sAMAccountName: 'guids-outer',
        member: [...names.map(people), groups('guids-inner'), `CN=guids-alien,${baseDn}`],
      });
    });
    after(() => served.stop());

    const find = async (path: string, filter: string): Promise<JsonObject> => {
      const { status, body } = await served.scim('GET', `${path}?filter=${encodeURIComponent(filter)}`);
      assert.equal(status, 200, JSON.stringify(body));
      const found = (body['Resources'] ?? []) as readonly JsonObject[];
      assert.equal(found.length, 1, filter);
      return found[0]!;
    };
    const scopes = (sent: readonly SentOperation[]): Record<string, number> => {
      const seen: Record<string, number> = {};
      for (const { request } of sent) seen[String(request['scope'])] = (seen[String(request['scope'])] ?? 0) + 1;
      return seen;
    };

    it('a group shows users and groups with ids, types and names, and nobody else, by a search for each hundred', async () => {
      const { id } = await find('/Groups', 'displayName eq "guids-outer"');
      const { id: innerId } = await find('/Groups', 'displayName eq "guids-inner"');
      let body: JsonObject = {};
      const sent = await served.record(async () => {
        ({ body } = await served.scim('GET', `/Groups/${String(id)}`));
      });
      const members = body['members'] as readonly JsonObject[];
      assert.equal(members.length, count + 1);
      const ofType = (type: string) => members.filter((member) => member['type'] === type);
      assert.deepEqual(new Set(ofType('User').map(({ display }) => display)).size, count);
      assert.deepEqual(
        ofType('Group').map(({ value, display }) => [value, display]),
        [[innerId, 'guids-inner']],
      );
      const one = ofType('User')[0]!;
      const user = await served.scim('GET', `/Users/${String(one['value'])}`);
      assert.equal(user.body['displayName'], one['display']);
      // The group, two for its users, one for what is left: the group within it.
      assert.deepEqual(scopes(sent), { subtree: 4 });
    });

    it('managers are set by id, shown by id, and found', async () => {
      const boss = await find('/Users', 'displayName eq "guids-0"');
      const user = await find('/Users', 'displayName eq "guids-1"');
      const path = `${urns.enterpriseUser}:manager`;
      const Operations = [{ op: 'replace', path, value: { value: boss['id'] ?? '' } }];
      let body: JsonObject = {};
      const sent = await served.record(async () => {
        ({ body } = await served.scim('PATCH', `/Users/${String(user['id'])}`, {
          schemas: [urns.patchOp],
          Operations,
        }));
      });
      const { manager } = body[urns.enterpriseUser] as { readonly manager: JsonObject };
      assert.deepEqual([manager['value'], manager['displayName']], [boss['id'], 'guids-0']);
      assert.equal(sent.filter(({ operation }) => operation === 'modify').length, 1);
      assert.deepEqual((await find('/Users', `${path}.value eq "${String(boss['id'])}"`))['id'], user['id']);
    });

    it('users are found by their group in one search, whatever its size', async () => {
      const { id } = await find('/Groups', 'displayName eq "guids-outer"');
      const filter = encodeURIComponent(`groups.value eq "${String(id)}"`);
      let body: JsonObject = {};
      const sent = await served.record(async () => {
        ({ body } = await served.scim('GET', `/Users?filter=${filter}&count=200&attributes=displayName`));
      });
      assert.equal(body['totalResults'], count);
      assert.deepEqual(scopes(sent), { subtree: 2 });
      const others = encodeURIComponent(`not (groups.value eq "${String(id)}")`);
      assert.equal((await served.scim('GET', `/Users?filter=${others}`)).body['totalResults'], 0);
    });

    it('members are added and removed by id, and what is there, or gone, is no error', async () => {
      const group = await find('/Groups', 'displayName eq "guids-inner"');
      const ids = await Promise.all(
        ['guids-2', 'guids-3'].map(async (cn) => (await find('/Users', `displayName eq "${cn}"`))['id'] ?? ''),
      );
      const patch = async (op: string, values: readonly unknown[]) => {
        const Operations = [{ op, path: 'members', value: values.map((value) => ({ value })) }];
        const answer = await served.scim('PATCH', `/Groups/${String(group['id'])}`, {
          schemas: [urns.patchOp],
          Operations,
        });
        assert.equal(answer.status, 204, JSON.stringify(answer.body));
        const { members = [] } = (await served.scim('GET', `/Groups/${String(group['id'])}`)).body;
        return (members as readonly JsonObject[]).map(({ value }) => value).sort();
      };
      assert.deepEqual(await patch('add', ids.slice(0, 1)), ids.slice(0, 1));
      assert.deepEqual(await patch('add', ids), [...ids].sort());
      assert.deepEqual(await patch('remove', ids.slice(0, 1)), ids.slice(1));
      assert.deepEqual(await patch('remove', ids), []);
      assert.deepEqual(await patch('remove', ids), []);
    });

    it('of an entry with extended DNs, text that looks like one stays, and its own name is plain', async () => {
      const search = {
        base: people('guids-1'),
        scope: 'base',
        filter: { kind: 'present', attribute: 'objectClass' },
        attributes: ['*'],
        controls: [{ kind: 'extendedDn' }],
      } as const;
      const { entries } = await served.directory.search(search).collect();
      const [entry] = entries;
      assert.equal(entry?.dn, people('guids-1'));
      assert.equal(entry.first('description'), '<GUID=00112233445566778899aabbccddeeff>;CN=no DN');
      assert.match(entry.first('objectCategory') ?? '', /^CN=Person,/);
      assert.equal(entry.first('manager'), people('guids-0'));
      const [manager] = entry.dereferenced?.get('manager') ?? [];
      const boss = await served.directory.search({ ...search, base: people('guids-0') }).collect();
      assert.deepEqual(manager?.guid, boss.entries[0]?.bytes('objectGUID')[0]);
    });
  });
