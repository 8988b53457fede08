// Members and managers of Active Directory: what DNs stand for comes along with them, as GUIDs, and is looked up by the
// hundred.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { hasSambaAd } from '../directories/samba-ad/launch.ts';
import type { SambaAd } from '../directories/samba-ad/recipe.ts';
import { createSuiteBase, getSambaAd } from '../directories/samba-ad/shared.ts';
import { startWindowsLimits } from '../directories/windows-limits.ts';
import { createIn, type DirectoryAccess, type SentOperation, type ServedGateway, serveGateway } from './harness.ts';

const count = 130;

if (hasSambaAd()) {
  describePrimaryGroup();
  describeReferences('on Samba AD', 'guids', async (server) => ({ ...server, stop: async () => undefined }));
  // Three ranges of members, and more users than come without pages.
  describeReferences('behind ranges of 50 values and searches of 100 entries', 'cut', async (server) => {
    const { url, stop } = await startWindowsLimits(server, { values: 50, entries: 100 });
    const { bindDn, password } = server;
    return { url, bindDn, password, stop };
  });
}

/** The security identifier of an entry without its last part, and that part. */
function partsOf(sid: Buffer): { readonly domain: string; readonly number: string } {
  const parts = Array.from({ length: sid[1] ?? 0 }, (_, index) => sid.readUInt32LE(8 + 4 * index));
  const domain = `S-${sid[0]}-${sid.readUIntBE(2, 6)}-${parts.slice(0, -1).join('-')}`;
  return { domain, number: String(parts.at(-1)) };
}

function describePrimaryGroup(): void {
  describe('the primary group on Samba AD', () => {
    let served: ServedGateway;
    let peopleDn: string;
    let groupsDn: string;
    let domainUsers: string;

    const find = async (path: string, filter: string): Promise<string[]> => {
      const { status, body } = await served.scim('GET', `${path}?filter=${encodeURIComponent(filter)}`);
      assert.equal(status, 200, JSON.stringify(body));
      return ((body['Resources'] ?? []) as unknown as { id: string }[]).map(({ id }) => id);
    };
    const sidOf = async (dn: string): Promise<Buffer> => {
      const filter = { kind: 'present', attribute: 'objectClass' } as const;
      const search = served.directory.search({ base: dn, scope: 'base', filter, attributes: ['objectSid'] });
      return (await search.collect()).entries[0]?.bytes('objectSid')[0] ?? Buffer.alloc(0);
    };
    const create = (path: string, body: JsonObject) => createIn(served, path, body);

    before(async () => {
      const server = await getSambaAd();
      ({ peopleDn, groupsDn } = await createSuiteBase('primary-group'));
      domainUsers = `CN=Domain Users,CN=Users,${server.suffix}`;
      const variables = { people: peopleDn, groups: groupsDn };
      const options = { ...server, mapping: '../test/gateway/guids.yaml', variables };
      served = await serveGateway(options);
      const { domain } = partsOf(await sidOf(domainUsers));
      await served.stop();
      served = await serveGateway({
        ...options,
        changes: `
resourceTypes:
  User:
    attributes:
      groups:
        nested: true
        backlink:
          - Group.members
          - { type: Group, attribute: objectSid, by: primaryGroupID, transform: relativeId, options: { domain: ${domain} } }
  Group:
    entry: { base: ["\${groups}", "CN=Users,${server.suffix}"] }`,
      });
    });
    after(() => served.stop());

    it('is among the groups of a user, and so are those that it is in; filters and versions follow', async () => {
      const user = { schemas: [urns.user], userName: 'pg-user', displayName: 'pg-user' };
      const id = await create('/Users', user);
      const [everybody = ''] = await find('/Groups', 'displayName eq "Domain Users"');
      const [outer, own] = [
        await create('/Groups', { schemas: [urns.group], displayName: 'pg-outer', members: [{ value: everybody }] }),
        await create('/Groups', { schemas: [urns.group], displayName: 'pg-own', members: [{ value: id }] }),
      ];
      const look = async () => {
        const { body, headers } = await served.scim('GET', `/Users/${id}`);
        const groups = (body['groups'] as unknown as { value: string; type: string }[]).map(
          ({ value, type }) => `${type} ${value}`,
        );
        return { groups: groups.sort(), etag: headers.get('etag') };
      };
      const shown = [`direct ${everybody}`, `direct ${own}`, `indirect ${outer}`].sort();
      const before = await look();
      assert.deepEqual(before.groups, shown);
      for (const group of [everybody, own, outer]) assert.deepEqual(await find('/Users', `groups eq "${group}"`), [id]);
      assert.deepEqual(await find('/Users', `not (groups eq "${everybody}")`), []);

      // Who gets another primary group becomes a member of the one before, and is in the new one by the number alone.
      const { number } = partsOf(await sidOf(`CN=pg-own,${groupsDn}`));
      const modification = { operation: 'replace', attribute: 'primaryGroupID', values: [number] } as const;
      await served.directory.modify({ dn: `CN=pg-user,${peopleDn}`, modifications: [modification] });
      const { body } = await served.scim('GET', `/Groups/${own}`);
      assert.equal(body['members'], undefined);
      const after = await look();
      assert.deepEqual(after.groups, shown);
      assert.notEqual(after.etag, before.etag);
      for (const group of [everybody, own, outer]) assert.deepEqual(await find('/Users', `groups eq "${group}"`), [id]);
      assert.equal((await served.scim('DELETE', `/Groups/${outer}`)).status, 204);
      assert.deepEqual(
        (await look()).groups,
        shown.filter((each) => each.startsWith('direct')),
      );
    });
  });
}

function describeReferences(
  title: string,
  name: string,
  open: (server: SambaAd) => Promise<DirectoryAccess & { stop(): Promise<void> }>,
): void {
  describe(`references by GUID, ${title}`, function () {
    this.timeout(60_000);
    let close: () => Promise<void>;
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
      ({ baseDn, peopleDn, groupsDn } = await createSuiteBase(name));
      const { stop, ...access } = await open(server);
      close = stop;
      served = await serveGateway({
        ...access,
        mapping: '../test/gateway/guids.yaml',
        variables: { people: peopleDn, groups: groupsDn },
      });
      const names = Array.from({ length: count }, (_, index) => `${name}-${index}`);
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
      await add(`CN=${name}-alien,${baseDn}`, { objectClass: 'user', sAMAccountName: `${name}-alien` });
      await add(groups(`${name}-inner`), { objectClass: 'group', sAMAccountName: `${name}-inner` });
      await add(groups(`${name}-outer`), {
        objectClass: 'group',
        sAMAccountName: `${name}-outer`,
        member: [...names.map(people), groups(`${name}-inner`), `CN=${name}-alien,${baseDn}`],
      });
    });
    after(async () => {
      await served.stop();
      await close();
    });

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
      const { id } = await find('/Groups', `displayName eq "${name}-outer"`);
      const { id: innerId } = await find('/Groups', `displayName eq "${name}-inner"`);
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
        [[innerId, `${name}-inner`]],
      );
      const one = ofType('User')[0]!;
      const user = await served.scim('GET', `/Users/${String(one['value'])}`);
      assert.equal(user.body['displayName'], one['display']);
      // The group, two for its users, one for what is left: the group within it.
      assert.deepEqual(scopes(sent), { subtree: 4 });
    });

    it('managers are set by id, shown by id, and found', async () => {
      const boss = await find('/Users', `displayName eq "${name}-0"`);
      const user = await find('/Users', `displayName eq "${name}-1"`);
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
      assert.deepEqual([manager['value'], manager['displayName']], [boss['id'], `${name}-0`]);
      assert.equal(sent.filter(({ operation }) => operation === 'modify').length, 1);
      assert.deepEqual((await find('/Users', `${path}.value eq "${String(boss['id'])}"`))['id'], user['id']);
    });

    it('users are found by their group without reading it', async () => {
      const { id } = await find('/Groups', `displayName eq "${name}-outer"`);
      const filter = encodeURIComponent(`groups.value eq "${String(id)}"`);
      let body: JsonObject = {};
      const sent = await served.record(async () => {
        ({ body } = await served.scim('GET', `/Users?filter=${filter}&count=200&attributes=displayName`));
      });
      assert.equal(body['totalResults'], count);
      // The group and its users; where they do not come at once, a walk over their ids and four times fifty of them.
      assert.ok(sent.length <= 6, JSON.stringify(scopes(sent)));
      const others = encodeURIComponent(`not (groups.value eq "${String(id)}")`);
      assert.equal((await served.scim('GET', `/Users?filter=${others}`)).body['totalResults'], 0);
    });

    it('members are added and removed by id, and what is there, or gone, is no error', async () => {
      const group = await find('/Groups', `displayName eq "${name}-inner"`);
      const ids = await Promise.all(
        [`${name}-2`, `${name}-3`].map(async (cn) => (await find('/Users', `displayName eq "${cn}"`))['id'] ?? ''),
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
        base: people(`${name}-1`),
        scope: 'base',
        filter: { kind: 'present', attribute: 'objectClass' },
        attributes: ['*'],
        controls: [{ kind: 'extendedDn' }],
      } as const;
      const { entries } = await served.directory.search(search).collect();
      const [entry] = entries;
      assert.equal(entry?.dn, people(`${name}-1`));
      assert.equal(entry.first('description'), '<GUID=00112233445566778899aabbccddeeff>;CN=no DN');
      assert.match(entry.first('objectCategory') ?? '', /^CN=Person,/);
      assert.equal(entry.first('manager'), people(`${name}-0`));
      const [manager] = entry.dereferenced?.get('manager') ?? [];
      const boss = await served.directory.search({ ...search, base: people(`${name}-0`) }).collect();
      assert.deepEqual(manager?.guid, boss.entries[0]?.bytes('objectGUID')[0]);
    });
  });
}
