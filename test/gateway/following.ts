// Names that the mapping makes of a userName and that follow it: whoever comes next may have the old one.
import assert from 'node:assert/strict';
import { dnKey } from '../../src/ldap/dn.ts';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

/** How names follow in the mapping of a directory whose users are named by it. */
export interface Following {
  /** YAML that makes it so; the mapping has it where absent. */
  readonly changes?: string;
  /** LDAP attribute that no SCIM attribute is mapped to, names the entry and follows. */
  readonly rdn: string;
  /** LDAP attribute of the SCIM attribute that follows, and its path in the resource. */
  readonly follower: string;
  readonly path: readonly string[];
}

/** Users of inetOrgPerson, named by a cn that is made of the userName. */
export const followingCn: Following = {
  changes: `
resourceTypes:
  User:
    entry: { rdn: cn, defaults: { cn: "\${userName}" }, follow: [cn] }
    attributes:
      name.formatted: null
      displayName: { attribute: displayName, default: "\${userName} of Example", follow: true }
`,
  rdn: 'cn',
  follower: 'displayName',
  path: ['displayName'],
};

export function describeFollowing(name: string, following: Following, start: () => Promise<LifeCycleDirectory>): void {
  describe(`names that follow on ${name}`, () => {
    const { rdn, follower, path } = following;
    let served: ServedGateway;
    let place: LifeCycleDirectory;

    before(async () => {
      place = await start();
      served = await servePlace(place, { changes: `${place.changes ?? ''}${following.changes ?? ''}` });
    });
    after(() => served.stop());

    const create = (userName: string, more: JsonObject = {}) =>
      createIn(served, '/Users', { schemas: [urns.user], userName, ...more });
    const patch = (id: string, ...Operations: readonly JsonObject[]) =>
      served.scim('PATCH', `/Users/${id}`, { schemas: [urns.patchOp], Operations });
    const rename = (value: string): JsonObject => ({ op: 'replace', path: 'userName', value });
    const entryOf = async (userName: string): Promise<LdapEntry> => {
      const attribute = place.naming?.attribute ?? 'uid';
      const filter = { kind: 'equality', attribute, value: userName } as const;
      const search = { base: place.peopleDn, scope: 'subtree', filter, attributes: [rdn, follower] } as const;
      const { entries } = await served.directory.search(search).collect();
      assert.equal(entries.length, 1, userName);
      return entries[0] as LdapEntry;
    };
    const shown = (body: JsonObject): unknown => path.reduce<unknown>((at, key) => (at as JsonObject)[key], body);
    const setFollower = (value: string): JsonObject => ({ op: 'replace', path: path.join(':'), value });

    it('the next one may have the name of who is renamed, and of who was that before', async () => {
      const ids: string[] = [];
      for (const [index, userName] of ['fo-ann', 'fo-anna', 'fo-anne'].entries()) {
        const id = await create('fo-ann', { title: `no ${index}` });
        ids.push(id);
        if (userName !== 'fo-ann') assert.equal((await patch(id, rename(userName))).status, 200);
        else assert.equal((await patch(id, rename('fo-first'))).status, 200);
      }
      assert.equal(new Set(ids).size, 3);
    });

    it('in one patch with other changes, the id stays, and so do the groups', async () => {
      const id = await create('fo-old');
      const group = await createIn(served, '/Groups', {
        schemas: [urns.group],
        displayName: 'fo-team',
        members: [{ value: id }],
      });
      const made = shown((await served.scim('GET', `/Users/${id}`)).body);
      const answer = await patch(id, rename('fo-new'), { op: 'add', path: 'title', value: 'Chief' });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.deepEqual([answer.body['id'], answer.body['userName'], answer.body['title']], [id, 'fo-new', 'Chief']);
      const entry = await entryOf('fo-new');
      assert.equal(dnKey(entry.dn), dnKey(`${rdn}=fo-new,${place.peopleDn}`));
      assert.deepEqual(entry.strings(rdn), ['fo-new']);
      assert.notEqual(shown(answer.body), made);
      assert.equal(entry.first(follower), shown(answer.body));
      const [member] = (await served.scim('GET', `/Groups/${group}`)).body['members'] as unknown as JsonObject[];
      assert.equal(member?.['value'], id);
      const heir = await create('fo-old');
      assert.equal(shown((await served.scim('GET', `/Users/${heir}`)).body), made);
    });

    it('with a PUT as well', async () => {
      const id = await create('fo-put');
      const body = { schemas: [urns.user], userName: 'fo-put-2' };
      const answer = await served.scim('PUT', `/Users/${id}`, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.deepEqual((await entryOf('fo-put-2')).strings(rdn), ['fo-put-2']);
      await create('fo-put');
    });

    it('what was set by hand stays, and what the same patch sets is what the client says', async () => {
      const id = await create('fo-own');
      assert.equal((await patch(id, setFollower('own-name'))).status, 200);
      const { dn } = await entryOf('fo-own');
      await served.directory.modifyDn({ dn, newRdn: `${rdn}=By Hand`, deleteOldRdn: true });
      const renamed = await patch(id, rename('fo-own-2'));
      assert.deepEqual([renamed.status, shown(renamed.body)], [200, 'own-name']);
      assert.deepEqual((await entryOf('fo-own-2')).strings(rdn), ['By Hand']);
      const other = await create('fo-both');
      const both = await patch(other, rename('fo-both-2'), setFollower('both-name'));
      assert.deepEqual([both.status, shown(both.body)], [200, 'both-name']);
    });

    it('nothing is renamed where the userName stays', async () => {
      const id = await create('fo-still');
      const sent = await served.record(() => patch(id, rename('fo-still'), { op: 'add', path: 'title', value: 'T' }));
      assert.equal(
        sent.some(({ operation }) => operation === 'modifyDn'),
        false,
      );
    });

    it('a name that is taken is 409, and everything stays', async () => {
      const id = await create('fo-wants', { title: 'before' });
      const taken = `${rdn}=fo-taken,${place.peopleDn}`;
      await served.directory.add({ dn: taken, attributes: [{ type: 'objectClass', values: ['organizationalRole'] }] });
      const answer = await patch(id, rename('fo-taken'), { op: 'replace', path: 'title', value: 'after' });
      assert.deepEqual([answer.status, answer.body['scimType']], [409, 'uniqueness'], JSON.stringify(answer.body));
      const { userName, title } = (await served.scim('GET', `/Users/${id}`)).body;
      assert.deepEqual([userName, title], ['fo-wants', 'before']);
    });
  });
}
