// Unix accounts by posix.yaml on OpenLDAP: numbers from counters, homes by template, groups that hold user names.
import assert from 'node:assert/strict';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
import type { SuiteBase } from '../directories/share-server.ts';
import { type ServedGateway, serveGateway } from './harness.ts';

const posixUser = 'urn:scim-ldap:schemas:posix:1.0:User';
const posixGroup = 'urn:scim-ldap:schemas:posix:1.0:Group';

describe('posix.yaml on OpenLDAP', () => {
  let served: ServedGateway;
  let base: SuiteBase;

  before(async () => {
    const server = await getOpenLdap();
    base = await createSuiteBase('posix');
    served = await serveGateway({
      ...server,
      mapping: 'openldap/posix.yaml',
      variables: { suffix: server.suffix, people: base.peopleDn, groups: base.groupsDn, counters: base.baseDn },
    });
    for (const [cn, attribute] of [
      ['uidNext', 'uidNumber'],
      ['gidNext', 'gidNumber'],
    ] as const) {
      await served.directory.add({
        dn: `cn=${cn},${base.baseDn}`,
        attributes: [
          { type: 'objectClass', values: ['device', 'extensibleObject'] },
          { type: attribute, values: ['10000'] },
        ],
      });
    }
  });
  after(async () => {
    await served.stop();
  });

  const create = async (path: string, body: JsonObject): Promise<JsonObject> => {
    const answer = await served.scim('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  };
  const user = (userName: string) => create('/Users', { schemas: [urns.user], userName });
  const group = (displayName: string) => create('/Groups', { schemas: [urns.group], displayName });
  const entryOf = async (dn: string): Promise<LdapEntry | undefined> => {
    const found = served.directory.search({
      base: dn,
      scope: 'base',
      filter: { kind: 'present', attribute: 'objectClass' },
      attributes: ['*'],
    });
    return (await found.collect()).entries[0];
  };

  it('shows the primary group among the groups, where the mapping says so, finds it, and versions follow', async () => {
    const server = await getOpenLdap();
    const primary = await serveGateway({
      ...server,
      mapping: 'openldap/posix.yaml',
      changes: `
resourceTypes:
  User:
    attributes:
      meta.version: entryCSN
      groups: { backlink: [Group.members, { type: Group, attribute: gidNumber, by: gidNumber }] }`,
      variables: { suffix: server.suffix, people: base.peopleDn, groups: base.groupsDn, counters: base.baseDn },
    });
    try {
      const [first, second] = [await group('primary-1'), await group('primary-2')];
      const gidOf = (body: JsonObject) => (body[posixGroup] as JsonObject)['gidNumber'] ?? 0;
      const { id } = await create('/Users', {
        schemas: [urns.user, posixUser],
        userName: 'primary-user',
        [posixUser]: { gidNumber: gidOf(first) },
      });
      const look = async () => {
        const { body, headers } = await primary.scim('GET', `/Users/${String(id)}`);
        const groups = ((body['groups'] ?? []) as unknown as { value: string; type: string }[]).map(
          ({ value, type }) => `${type} ${value}`,
        );
        return { groups, etag: headers.get('etag') };
      };
      const find = async (filter: string) => {
        let body: JsonObject = {};
        const sent = await primary.record(async () => {
          ({ body } = await primary.scim('GET', `/Users?attributes=id&filter=${encodeURIComponent(filter)}`));
        });
        return [
          ((body['Resources'] ?? []) as unknown as { id: string }[]).map((each) => each.id),
          sent.length,
        ] as const;
      };
      const before = await look();
      assert.deepEqual(before.groups, [`direct ${String(first['id'])}`]);
      assert.deepEqual((await find(`groups eq "${String(first['id'])}"`))[0], [id]);
      assert.deepEqual((await find(`groups eq "${String(second['id'])}"`))[0], []);
      const patch = { op: 'replace', path: `${posixUser}:gidNumber`, value: gidOf(second) };
      const message = { schemas: [urns.patchOp], Operations: [patch] };
      assert.equal((await primary.scim('PATCH', `/Users/${String(id)}`, message)).status, 200);
      const after = await look();
      assert.deepEqual(after.groups, [`direct ${String(second['id'])}`]);
      assert.notEqual(after.etag, before.etag);
      // A member as well is shown once.
      const join = { op: 'add', path: 'members', value: [{ value: id }] };
      const joining = { schemas: [urns.patchOp], Operations: [join] };
      assert.equal((await primary.scim('PATCH', `/Groups/${String(second['id'])}`, joining)).status, 204);
      assert.deepEqual((await look()).groups, after.groups);
      assert.deepEqual((await find(`groups eq "${String(second['id'])}"`))[0], [id]);
    } finally {
      await primary.stop();
    }
  });

  it('gives each account a number of its own, a home and a shell', async () => {
    const users = await Promise.all(['ada', 'bob', 'cem', 'dee'].map(user));
    const parts = users.map((body) => body[posixUser] as JsonObject);
    const numbers = new Set(parts.map((part) => part['uidNumber']));
    assert.equal(numbers.size, 4);
    for (const number of numbers) assert.ok(Number(number) >= 10000, String(number));
    assert.equal(parts[0]?.['homeDirectory'], '/home/ada');
    assert.equal(parts[0]?.['loginShell'], '/bin/bash');
    assert.equal(parts[0]?.['gidNumber'], 100);
  });

  it('keeps the number out of reach of clients', async () => {
    const body = await create('/Users', {
      schemas: [urns.user, posixUser],
      userName: 'eve',
      [posixUser]: { uidNumber: 0, homeDirectory: '/srv/eve' },
    });
    const part = body[posixUser] as JsonObject;
    assert.ok(Number(part['uidNumber']) >= 10000);
    assert.equal(part['homeDirectory'], '/srv/eve');
  });

  it('writes members as user names and shows them as users', async () => {
    const [fay, gus] = [await user('fay'), await user('gus')];
    const group = await create('/Groups', {
      schemas: [urns.group],
      displayName: 'staff',
      members: [{ value: String(fay['id']) }],
    });
    assert.ok(Number((group[posixGroup] as JsonObject)['gidNumber']) >= 10000);
    const patched = await served.scim('PATCH', `/Groups/${String(group['id'])}`, {
      schemas: [urns.patchOp],
      Operations: [
        { op: 'add', path: 'members', value: [{ value: gus['id'] }] },
        { op: 'remove', path: `members[value eq "${String(fay['id'])}"]` },
      ],
    });
    assert.ok(patched.status === 200 || patched.status === 204, JSON.stringify(patched.body));
    assert.deepEqual((await entryOf(`cn=staff,${base.groupsDn}`))?.strings('memberUid'), ['gus']);
    const shown = await served.scim('GET', `/Groups/${String(group['id'])}`);
    assert.deepEqual(
      (shown.body['members'] as JsonObject[]).map(({ value }) => value),
      [gus['id']],
    );
    const member = await served.scim('GET', `/Users/${String(gus['id'])}`);
    assert.deepEqual(
      (member.body['groups'] as JsonObject[]).map(({ value }) => value),
      [group['id']],
    );
    const found = await served.scim(
      'GET',
      `/Groups?filter=${encodeURIComponent(`members.value eq "${String(gus['id'])}"`)}`,
    );
    assert.equal(found.body['totalResults'], 1);
  });

  it('a member is who the directory holds to be one: letter case counts in memberUid, though not in uid', async () => {
    const hal = await user('hal');
    const group = await create('/Groups', { schemas: [urns.group], displayName: 'spelt otherwise' });
    const path = `/Groups/${String(group['id'])}`;
    const held = (...values: string[]) => ({ operation: 'replace', attribute: 'memberUid', values }) as const;
    const dn = `cn=spelt otherwise,${base.groupsDn}`;
    await served.directory.modify({ dn, modifications: [held('HAL')] });
    assert.equal((await served.scim('GET', path)).body['members'], undefined);
    await served.directory.modify({ dn, modifications: [held('HAL', 'hal')] });
    const shown = (await served.scim('GET', path)).body['members'] as JsonObject[];
    assert.deepEqual(
      shown.map(({ value }) => value),
      [hal['id']],
    );
  });

  it('may leave a group empty', async () => {
    await create('/Groups', { schemas: [urns.group], displayName: 'nobody yet' });
    assert.deepEqual((await entryOf(`cn=nobody yet,${base.groupsDn}`))?.strings('memberUid'), []);
  });

  it('filters by numbers', async () => {
    const filter = encodeURIComponent(`${posixUser}:uidNumber ge 10000 and userName sw "ad"`);
    const { status, body } = await served.scim('GET', `/Users?filter=${filter}`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      (body['Resources'] as JsonObject[]).map(({ userName }) => userName),
      ['ada'],
    );
  });
});
