// What a DELETE does where the mapping keeps the entry: what the client is told, and what is left in the directory.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { dnKey, firstRdn, parentDn } from '../../src/ldap/dn.ts';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { canBind, createIn, type ServedGateway, servePlace, userDn } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

const present = { kind: 'present', attribute: 'objectClass' } as const;

export function describeDeletePolicies(
  name: string,
  start: () => Promise<LifeCycleDirectory>,
  /** In which no two entries are the same, wherever they are: who has left keeps the name. */
  uniqueInDomain: readonly string[] = [],
): void {
  describe(`delete policies on ${name}`, () => {
    let place: LifeCycleDirectory;
    let container: string;
    let served: ServedGateway;
    const running: ServedGateway[] = [];
    let count = 0;

    /** A gateway with this policy for users, and this one for groups. */
    const serve = async (user: string, group = 'delete'): Promise<void> => {
      served = await servePlace(place, {
        changes: `resourceTypes: { User: { delete: ${user} }, Group: { delete: ${group} } }`,
      });
      running.push(served);
    };

    before(async () => {
      place = await start();
      container = `ou=leavers,${parentDn(place.peopleDn)}`;
      await serve('delete');
      const attributes = [
        { type: 'objectClass', values: ['organizationalUnit'] },
        { type: 'ou', values: ['leavers'] },
      ];
      await served.directory.add({ dn: container, attributes });
    });
    after(() => Promise.all(running.map((each) => each.stop())));

    const create = (path: string, body: JsonObject) => createIn(served, path, body);
    /** A user with a password, a report, and a group that somebody else is in as well. */
    const worker = async () => {
      count += 1;
      const userName = `leaver${count}`;
      const password = 'Good-Secret-4711';
      const id = await create('/Users', { schemas: [urns.user], userName, password });
      const report = await create('/Users', {
        schemas: [urns.user, urns.enterpriseUser],
        userName: `report${count}`,
        [urns.enterpriseUser]: { manager: { value: id } },
      });
      const members = [{ value: id }, { value: report }];
      const group = await create('/Groups', { schemas: [urns.group], displayName: `team${count}`, members });
      return { userName, password, id, report, group, dn: userDn(place, userName) };
    };
    const read = async (path: string): Promise<JsonObject> => {
      const { status, body } = await served.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const remove = async (id: string, headers: Record<string, string> = {}) =>
      (await served.scim('DELETE', `/Users/${id}`, undefined, headers)).status;
    const membersOf = async (group: string): Promise<string[]> =>
      (((await read(`/Groups/${group}`))['members'] ?? []) as unknown as { value: string }[]).map(({ value }) => value);
    const managerOf = async (id: string): Promise<unknown> =>
      ((await read(`/Users/${id}`))[urns.enterpriseUser] as JsonObject | undefined)?.['manager'];
    const listed = async (userName: string): Promise<unknown> =>
      (await read(`/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`))['totalResults'];
    const left = async (): Promise<string[]> => {
      const search = { base: container, scope: 'one', filter: present, attributes: ['1.1'] } as const;
      return keys((await served.directory.search(search).collect()).entries.map(({ dn }) => dn));
    };
    const keys = (dns: readonly string[]): string[] => dns.map(dnKey).sort();
    /** Keys of the DNs in the entry of a group. */
    const heldBy = async (groupNumber: number): Promise<string[]> => {
      const base = `cn=team${groupNumber},${place.groupsDn}`;
      const search = { base, scope: 'base', filter: present, attributes: ['member'] } as const;
      const [entry] = (await served.directory.search(search).collect()).entries;
      return keys(entry?.strings('member') ?? []);
    };

    it('refuse: 403 with the reason, and nothing is done', async () => {
      await serve('refuse', 'refuse');
      const { id, group } = await worker();
      const answer = await served.scim('DELETE', `/Users/${id}`);
      assert.equal(answer.status, 403);
      assert.equal(answer.body['detail'], 'User resources cannot be deleted here.');
      assert.equal((await served.scim('DELETE', `/Groups/${group}`)).status, 403);
      assert.equal((await membersOf(group)).includes(id), true);
    });

    describe('disable', () => {
      before(() => serve('disable'));

      it('locks the account and takes it out of its groups; the resource stays', async () => {
        const { id, report, group, dn, password } = await worker();
        assert.equal(await canBind(place, dn, password), true);
        assert.equal(await remove(id), 204);
        assert.equal((await read(`/Users/${id}`))['active'], false);
        assert.equal(await canBind(place, dn, password), false);
        assert.deepEqual(await membersOf(group), [report]);
        assert.equal(await managerOf(report), undefined);
      });

      it('twice is once', async () => {
        const { id } = await worker();
        assert.equal(await remove(id), 204);
        const before = (await read(`/Users/${id}`))['meta'];
        const sent = await served.record(async () => assert.equal(await remove(id), 204));
        assert.deepEqual([...new Set(sent.map(({ operation }) => operation))], ['search']);
        assert.deepEqual((await read(`/Users/${id}`))['meta'], before);
      });

      it('under a stale If-Match is 412 and does nothing', async () => {
        const { id, group } = await worker();
        assert.equal(await remove(id, { 'If-Match': 'W/"stale"' }), 412);
        assert.equal((await read(`/Users/${id}`))['active'], true);
        assert.equal((await membersOf(group)).includes(id), true);
        const { headers } = await served.scim('GET', `/Users/${id}`);
        assert.equal(await remove(id, { 'If-Match': headers.get('etag') ?? '' }), 204);
        assert.equal((await read(`/Users/${id}`))['active'], false);
      });

      it('of an id that nobody has is 404', async () => {
        assert.equal(await remove('11111111-2222-4333-8444-555555555555'), 404);
      });

      it('in a bulk request', async () => {
        const { id } = await worker();
        const body = { schemas: [urns.bulkRequest], Operations: [{ method: 'DELETE', path: `/Users/${id}` }] };
        const answer = await served.scim('POST', '/Bulk', body);
        assert.equal((answer.body['Operations'] as unknown as JsonObject[])[0]?.['status'], '204');
        assert.equal((await read(`/Users/${id}`))['active'], false);
      });
    });

    it('disable with references kept: who comes back is where it was', async () => {
      await serve('{ policy: disable, references: keep }');
      const { id, report, group } = await worker();
      assert.equal(await remove(id), 204);
      assert.deepEqual((await membersOf(group)).sort(), [id, report].sort());
      assert.deepEqual((await managerOf(report)) !== undefined, true);
    });

    describe('disableAndHide', () => {
      before(() => serve(`{ policy: disableAndHide, container: "${container}" }`));

      it('leaves a locked entry in the container, and no resource', async () => {
        const { id, report, group, userName, dn, password } = await worker();
        assert.equal(await remove(id), 204);
        assert.equal((await served.scim('GET', `/Users/${id}`)).status, 404);
        assert.equal(await remove(id), 404);
        assert.equal(await listed(userName), 0);
        assert.deepEqual(await membersOf(group), [report]);
        assert.equal(await managerOf(report), undefined);
        const hidden = userDn(place, userName, container);
        const log = served.observations.flatMap((each) => (each.kind === 'change' ? each.ldap : []));
        const moved = `modifyDn ${dn} -> ${hidden}`.toLowerCase();
        assert.ok(
          log.some((line) => line.toLowerCase() === moved),
          log.join('\n'),
        );
        assert.ok((await left()).includes(dnKey(hidden)));
        assert.equal(await canBind(place, hidden, password), false);
        assert.equal(await canBind(place, dn, password), false);
        // An overlay that mends references after its answer has had its time.
        await setTimeout(300);
        assert.deepEqual(await heldBy(count), keys([userDn(place, `report${count}`)]));
      });

      const name =
        uniqueInDomain.length > 0
          ? `keeps the name until another one is given in ${uniqueInDomain.join(' and ')}, which are unique in the domain`
          : 'frees the name, for those who leave later as well';
      it(name, async () => {
        const { id, userName } = await worker();
        assert.equal(await remove(id), 204);
        if (uniqueInDomain.length > 0) {
          const again = await served.scim('POST', '/Users', { schemas: [urns.user], userName });
          assert.deepEqual([again.status, again.body['scimType']], [409, 'uniqueness'], JSON.stringify(again.body));
          const values = [`gone-${userName}`];
          await served.directory.modify({
            dn: userDn(place, userName, container),
            modifications: uniqueInDomain.map((attribute) => ({ operation: 'replace', attribute, values })),
          });
        }
        const next = await create('/Users', { schemas: [urns.user], userName });
        assert.notEqual(next, id);
        assert.equal(await remove(next), 204);
        assert.equal(await listed(userName), 0);
        const names = [userName, `${userName}-${next}`].map((each) => userDn(place, each, container));
        assert.deepEqual(
          (await left()).filter((key) => key.includes(userName)),
          keys(names),
        );
      });

      if (uniqueInDomain.length === 0) {
        it('cuts a long name that is taken in the container, so that the id fits behind it', async () => {
          const userName = `${'l'.repeat(50)}${count}`;
          const first = await create('/Users', { schemas: [urns.user], userName });
          assert.equal(await remove(first), 204);
          const next = await create('/Users', { schemas: [urns.user], userName });
          assert.equal(await remove(next), 204);
          const cut = `${userName.slice(0, 63 - next.length)}-${next}`;
          assert.ok((await left()).includes(dnKey(userDn(place, cut, container))));
        });
      }

      it('finds who is put into a group while it leaves', async () => {
        const { id, dn } = await worker();
        const port: DirectoryPort = served.directory;
        const { modifyDn } = port;
        port.modifyDn = async (request, options) => {
          port.modifyDn = modifyDn;
          const member = { operation: 'add', attribute: 'member', values: [dn] } as const;
          await port.modify({ dn: `cn=team${count},${place.groupsDn}`, modifications: [member] });
          return await modifyDn(request, options);
        };
        assert.equal(await remove(id), 204);
        await setTimeout(300);
        assert.deepEqual(await heldBy(count), keys([userDn(place, `report${count}`)]));
      });

      it('under a stale If-Match is 412', async () => {
        const { id } = await worker();
        assert.equal(await remove(id, { 'If-Match': 'W/"stale"' }), 412);
        assert.equal((await read(`/Users/${id}`))['active'], true);
      });

      it('comes back with its id when its entry is moved back', async () => {
        const { id, userName } = await worker();
        assert.equal(await remove(id), 204);
        const dn = userDn(place, userName, container);
        const newRdn = firstRdn(dn);
        const move = { dn, newRdn, deleteOldRdn: true, newSuperior: place.peopleDn };
        await served.directory.modifyDn(move);
        assert.equal((await read(`/Users/${id}`))['active'], false);
      });
    });

    describe('move', () => {
      it('leaves the entry as it is, elsewhere', async () => {
        await serve(`{ policy: move, container: "${container}" }`, `{ policy: move, container: "${container}" }`);
        const { id, report, group, userName, password } = await worker();
        assert.equal(await remove(id), 204);
        assert.equal((await served.scim('GET', `/Users/${id}`)).status, 404);
        assert.deepEqual(await membersOf(group), [report]);
        assert.equal(await canBind(place, userDn(place, userName, container), password), true);
        assert.equal((await served.scim('DELETE', `/Groups/${group}`)).status, 204);
        assert.equal((await served.scim('GET', `/Groups/${group}`)).status, 404);
        assert.ok((await left()).includes(dnKey(`cn=team${count},${container}`)));
      });

      it('with references kept: groups have the new name, and show no such member', async () => {
        await serve(`{ policy: move, container: "${container}", references: keep }`);
        const { id, report, group, userName } = await worker();
        assert.equal(await remove(id), 204);
        assert.deepEqual(await membersOf(group), [report]);
        const expected = keys([userDn(place, userName, container), userDn(place, `report${count}`)]);
        for (let tries = 0; tries < 20 && String(await heldBy(count)) !== String(expected); tries += 1)
          await setTimeout(50);
        assert.deepEqual(await heldBy(count), expected);
      });

      it('to where nothing is: 500, and nothing is done', async () => {
        await serve(`{ policy: disableAndHide, container: "ou=nowhere,${container}" }`);
        const { id, report, group } = await worker();
        const answer = await served.scim('DELETE', `/Users/${id}`);
        assert.equal(answer.status, 500);
        assert.match(String(answer.body['detail']), /a place for the resource that the directory does not have/);
        assert.equal((await read(`/Users/${id}`))['active'], true);
        assert.deepEqual((await membersOf(group)).sort(), [id, report].sort());
        assert.notEqual(await managerOf(report), undefined);
      });
    });
  });
}
