// Subtrees below a base that do not belong to the type: nothing of them is found, listed, counted or referred to, and a
// delete may hide entries there.
import assert from 'node:assert/strict';
import { dnKey, firstRdn, parentDn } from '../../src/ldap/dn.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

const enterprise = urns.enterpriseUser;

export function describeExclusion(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`an excluded subtree on ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;
    /** Sees everything. */
    let whole: ServedGateway;
    let hidden: string;
    const ids = new Map<string, string>();

    before(async () => {
      place = await start();
      hidden = `ou=hidden,${place.peopleDn}`;
      whole = await servePlace(place);
      served = await servePlace(place, {
        changes: `
resourceTypes:
  User:
    entry: { exclude: "${hidden.replace('ou=', 'OU = ')}" }
    delete: { policy: move, container: "ou=left,${hidden}" }
  Group:
    delete: { policy: move, container: "${hidden}" }`,
      });
      for (const dn of [hidden, `ou=left,${hidden}`]) {
        const attributes = [
          { type: 'objectClass', values: ['organizationalUnit'] },
          { type: 'ou', values: [dn.slice(3, dn.indexOf(','))] },
        ];
        await served.directory.add({ dn, attributes });
      }
      for (const [index, each] of ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'].entries()) {
        const body = { schemas: [urns.user], userName: `ex-${each}`, title: index % 2 === 0 ? 'Even' : 'Odd' };
        ids.set(each, await create('/Users', body));
      }
      for (const each of ['cat', 'dan', 'fay']) {
        const [dn = ''] = await namesOf(`ex-${each}`, place.peopleDn);
        await served.directory.modifyDn({ dn, newRdn: firstRdn(dn), deleteOldRdn: true, newSuperior: hidden });
      }
    });
    after(() => Promise.all([served, whole].map((each) => each.stop())));

    const create = (path: string, body: JsonObject, by: ServedGateway = served) => createIn(by, path, body);
    /** DNs of the entries below `base` that have the userName. */
    const namesOf = async (userName: string, base: string): Promise<string[]> => {
      const filter = { kind: 'equality', attribute: place.naming?.attribute ?? 'uid', value: userName } as const;
      const search = served.directory.search({ base, scope: 'subtree', filter, attributes: ['1.1'] });
      return (await search.collect()).entries.map(({ dn }) => dn);
    };
    const idOf = (each: string): string => ids.get(each) ?? '';
    const read = async (path: string, by: ServedGateway = served): Promise<JsonObject> => {
      const { status, body } = await by.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const namesIn = (body: JsonObject): string[] =>
      ((body['Resources'] ?? []) as unknown as { userName: string }[]).map(({ userName }) => userName);
    const users = async (query: string, by?: ServedGateway) => {
      const body = await read(`/Users?${query}`, by);
      return { total: body['totalResults'], names: namesIn(body), next: body['nextCursor'] };
    };

    it('is not read, changed or deleted', async () => {
      const path = `/Users/${idOf('cat')}`;
      assert.equal((await whole.scim('GET', path)).status, 200);
      assert.equal((await served.scim('GET', path)).status, 404);
      const Operations = [{ op: 'replace', path: 'title', value: 'Changed' }];
      assert.equal((await served.scim('PATCH', path, { schemas: [urns.patchOp], Operations })).status, 404);
      assert.equal((await served.scim('DELETE', path)).status, 404);
      assert.equal((await read(path, whole))['title'], 'Even');
    });

    it('is not listed or counted, whatever the page, the order and the filter', async () => {
      assert.equal((await users('count=0', whole)).total, 6);
      assert.equal((await users('count=0')).total, 3);
      for (const order of ['ascending', 'descending']) {
        const seen: string[] = [];
        for (const startIndex of [1, 2, 3, 4]) {
          const { total, names } = await users(`startIndex=${startIndex}&count=1&sortBy=userName&sortOrder=${order}`);
          assert.equal(total, 3);
          seen.push(...names);
        }
        const expected = ['ex-ann', 'ex-bob', 'ex-eve'];
        assert.deepEqual(seen, order === 'ascending' ? expected : expected.toReversed());
      }
      const walked: string[] = [];
      let cursor: unknown = '';
      while (cursor !== undefined) {
        const page = await users(`count=2&cursor=${String(cursor)}`);
        assert.equal(page.total, 3);
        walked.push(...page.names);
        cursor = page.next;
      }
      assert.deepEqual(walked.sort(), ['ex-ann', 'ex-bob', 'ex-eve']);
      for (const [filter, found] of [
        ['userName eq "ex-cat"', []],
        ['title eq "Even"', ['ex-ann', 'ex-eve']],
        ['not (title eq "Even")', ['ex-bob']],
        ['userName sw "ex-"', ['ex-ann', 'ex-bob', 'ex-eve']],
        [`id eq "${idOf('dan')}"`, []],
      ] as const) {
        // As many as match, and pages that fit nothing or less.
        for (const count of [1, 2, 3, 100]) {
          const { total, names } = await users(`count=${count}&filter=${encodeURIComponent(filter)}`);
          assert.equal(total, found.length, filter);
          assert.equal(names.length, Math.min(count, found.length), filter);
          if (count === 100) assert.deepEqual(names.sort(), [...found]);
        }
      }
    });

    it('is hidden where others refer to it, and cannot be referred to', async () => {
      const members = ['ann', 'cat', 'dan'].map((each) => ({ value: idOf(each) }));
      const group = await create('/Groups', { schemas: [urns.group], displayName: 'ex-group', members }, whole);
      const shown = async (by?: ServedGateway) =>
        ((await read(`/Groups/${group}`, by))['members'] as unknown as { value: string }[]).map(({ value }) => value);
      assert.equal((await shown(whole)).length, 3);
      assert.deepEqual(await shown(), [idOf('ann')]);
      const find = async (filter: string, by?: ServedGateway) =>
        (await read(`/Groups?filter=${encodeURIComponent(filter)}`, by))['totalResults'];
      assert.equal(await find(`members eq "${idOf('cat')}"`, whole), 1);
      assert.equal(await find(`members eq "${idOf('cat')}"`), 0);
      assert.deepEqual((await users(`filter=${encodeURIComponent(`groups eq "${group}"`)}`)).names, ['ex-ann']);
      const Operations = [{ op: 'add', path: 'members', value: [{ value: idOf('fay') }] }];
      const refused = await served.scim('PATCH', `/Groups/${group}`, { schemas: [urns.patchOp], Operations });
      assert.deepEqual([refused.status, refused.body['scimType']], [400, 'invalidValue']);
      const manager = { value: idOf('dan') };
      const report = { schemas: [urns.user, enterprise], userName: 'ex-report', [enterprise]: { manager } };
      const id = await create('/Users', report, whole);
      assert.equal((await read(`/Users/${id}`))[enterprise], undefined);
      assert.notEqual((await read(`/Users/${id}`, whole))[enterprise], undefined);
    });

    it('takes no name from those outside, unless the directory says so', async () => {
      const answer = await served.scim('POST', '/Users', { schemas: [urns.user], userName: 'ex-cat' });
      // Names of Active Directory are unique in the domain.
      if (place.naming !== undefined) {
        assert.deepEqual([answer.status, answer.body['scimType']], [409, 'uniqueness']);
        return;
      }
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      assert.equal((await whole.scim('GET', `/Users/${String(answer.body['id'])}`)).status, 200);
      // Somebody there does not hide that the name is taken outside.
      const again = await served.scim('POST', '/Users', { schemas: [urns.user], userName: 'EX-CAT' });
      assert.deepEqual([again.status, again.body['scimType']], [409, 'uniqueness']);
    });

    it('may be where a delete moves entries', async () => {
      const id = await create('/Users', { schemas: [urns.user], userName: 'ex-leaver' });
      assert.equal((await served.scim('DELETE', `/Users/${id}`)).status, 204);
      assert.equal((await served.scim('GET', `/Users/${id}`)).status, 404);
      assert.equal((await users(`filter=${encodeURIComponent('userName eq "ex-leaver"')}`)).total, 0);
      const left = await namesOf('ex-leaver', place.peopleDn);
      assert.deepEqual(
        left.map((dn) => dnKey(parentDn(dn))),
        [dnKey(`ou=left,${hidden}`)],
      );
    });
  });
}
