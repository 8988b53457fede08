// Groups that hold user names (posixGroup, RFC 2307): what clients see as members by id.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

/** Groups of a mapping as groups by memberUid. */
export interface MemberUidModel {
  /** YAML of the keys of `entry`. */
  readonly entry: string;
  /** LDAP attribute of users that memberUid holds; it is the userName. */
  readonly by: string;
}

const posixGroups: MemberUidModel = {
  entry: '{ filter: (objectClass=posixGroup), objectClasses: [top, posixGroup], defaults: { gidNumber: "100" } }',
  by: 'uid',
};

export function describeMemberUid(
  name: string,
  start: () => Promise<LifeCycleDirectory>,
  { entry, by }: MemberUidModel = posixGroups,
): void {
  describe(`groups by memberUid on ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;

    before(async () => {
      place = await start();
      served = await servePlace(place, {
        changes: `
resourceTypes:
  Group:
    entry: ${entry}
    attributes:
      members: { reference: User, attribute: memberUid, by: ${by}${place.mapping === undefined ? ', placeholder: null' : ''} }`,
      });
    });
    after(() => served.stop());

    const create = (path: string, body: JsonObject) => createIn(served, path, body);
    const user = (userName: string) => create('/Users', { schemas: [urns.user], userName });
    const group = (displayName: string, ...ids: readonly string[]) =>
      create('/Groups', { schemas: [urns.group], displayName, members: ids.map((value) => ({ value })) });
    const patch = async (path: string, ...Operations: readonly JsonObject[]): Promise<void> => {
      const answer = await served.scim('PATCH', path, { schemas: [urns.patchOp], Operations });
      assert.ok(answer.status < 300, JSON.stringify(answer.body));
    };
    const idsIn = async (path: string, attribute: string): Promise<string[]> => {
      const { status, body } = await served.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return ((body[attribute] ?? []) as unknown as readonly { readonly value: string }[])
        .map(({ value }) => value)
        .sort();
    };
    const held = async (cn: string): Promise<string[]> => {
      const base = `cn=${cn},${place.groupsDn}`;
      const filter = { kind: 'present', attribute: 'objectClass' } as const;
      const search = served.directory.search({ base, scope: 'base', filter, attributes: ['memberUid'] });
      return [...((await search.collect()).entries[0]?.strings('memberUid') ?? [])].sort();
    };

    it('members come and go, and may be none', async () => {
      const [ann, bob] = [await user('mu-ann'), await user('mu-bob')];
      const id = await group('mu-team');
      await patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: ann }, { value: bob }] });
      assert.deepEqual(await held('mu-team'), ['mu-ann', 'mu-bob']);
      assert.deepEqual(await idsIn(`/Groups/${id}`, 'members'), [ann, bob].sort());
      assert.deepEqual(await idsIn(`/Users/${ann}`, 'groups'), [id]);
      const filter = encodeURIComponent(`members.value eq "${bob}"`);
      assert.equal((await served.scim('GET', `/Groups?filter=${filter}`)).body['totalResults'], 1);
      for (const each of [ann, bob])
        await patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${each}"]` });
      assert.deepEqual(await held('mu-team'), []);
    });

    it('names that nobody has are hidden, and left alone', async () => {
      const cat = await user('mu-cat');
      const id = await group('mu-dangling', cat);
      const lost = { operation: 'add', attribute: 'memberUid', values: ['mu-gone', 'MU-CAT'] } as const;
      await served.directory.modify({ dn: `cn=mu-dangling,${place.groupsDn}`, modifications: [lost] });
      assert.deepEqual(await idsIn(`/Groups/${id}`, 'members'), [cat]);
      await patch(`/Groups/${id}`, { op: 'replace', path: 'members', value: [] });
      assert.deepEqual(await held('mu-dangling'), ['MU-CAT', 'mu-gone']);
      assert.deepEqual(await idsIn(`/Groups/${id}`, 'members'), []);
    });

    it('users in a list show the groups that each shows alone, whatever the letter case of the name in them', async () => {
      const users = [await user('mu-lia'), await user('mu-Max'), await user('mu-nobody')];
      await group('mu-listed', ...users.slice(0, 2));
      await group('mu-listed too', users[0] ?? '');
      const other = { operation: 'add', attribute: 'memberUid', values: ['MU-MAX'] } as const;
      await served.directory.modify({ dn: `cn=mu-listed too,${place.groupsDn}`, modifications: [other] });
      const { body } = await served.scim('GET', `/Users?count=1000&filter=${encodeURIComponent('userName sw "mu-"')}`);
      const listed = body['Resources'] as unknown as { id: string; groups?: { value: string }[] }[];
      for (const { id, groups = [] } of listed)
        assert.deepEqual(groups.map(({ value }) => value).sort(), await idsIn(`/Users/${id}`, 'groups'));
      const counts = users.map((id) => listed.find((each) => each.id === id)?.groups?.length ?? 0);
      // Whether MU-MAX is mu-Max is for the rule of the directory to say.
      assert.ok(counts[0] === 2 && [1, 2].includes(counts[1] ?? 0) && counts[2] === 0, String(counts));
    });

    it('the gateway itself follows a rename, and a delete', async () => {
      const [dan, eve] = [await user('mu-dan'), await user('mu-eve')];
      const id = await group('mu-following', dan, eve);
      await patch(`/Users/${dan}`, { op: 'replace', path: 'userName', value: 'mu-daniel' });
      assert.deepEqual(await held('mu-following'), ['mu-daniel', 'mu-eve']);
      assert.equal((await served.scim('DELETE', `/Users/${eve}`)).status, 204);
      assert.deepEqual(await held('mu-following'), ['mu-daniel']);
      assert.deepEqual(await idsIn(`/Groups/${id}`, 'members'), [dan]);
    });
  });
}
