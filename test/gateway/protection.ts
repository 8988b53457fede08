// Entries that nobody may change through the gateway: its own account, subtrees and kinds of entries that the operator
// names. Each is tried by every operation, and through the references of others.
import assert from 'node:assert/strict';
import { findOwnAccount } from '../../src/gateway/own-account.ts';
import { createDirectory } from '../../src/ldap/client/directory.ts';
import { detectDialect } from '../../src/ldap/dialects/detect-dialect.ts';
import { dnKey, rdnValue } from '../../src/ldap/dn.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { canBind, createIn, type ServedGateway, servePlace, userDn } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

export function describeProtection(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`protected entries on ${name}`, () => {
    let place: LifeCycleDirectory;
    /** Free to change everything. */
    let free: ServedGateway;
    let served: ServedGateway;
    const ids = new Map<string, string>();
    const id = (each: string): string => ids.get(each) ?? '';

    before(async () => {
      place = await start();
      free = await servePlace(place);
      for (const each of ['own', 'admin', 'based', 'plain']) {
        const body = {
          schemas: [urns.user],
          userName: `pt-${each}`,
          title: each === 'admin' ? 'Administrator' : 'Other',
        };
        ids.set(each, await createIn(free, '/Users', body));
      }
      for (const [group, member] of [
        ['admins', 'admin'],
        ['staff', 'plain'],
      ] as const) {
        const members = [{ value: id(member) }];
        ids.set(group, await createIn(free, '/Groups', { schemas: [urns.group], displayName: `pt-${group}`, members }));
      }
      const groups = free.directory.search({
        base: place.groupsDn,
        scope: 'subtree',
        filter: { kind: 'equality', attribute: 'cn', value: 'pt-admins' },
        attributes: ['1.1'],
      });
      const [admins] = (await groups.collect()).entries;
      served = await servePlace(place, {
        guards: {
          protection: {
            own: [userDn(place, 'pt-own').replace('=', ' = ')],
            bases: [userDn(place, 'pt-based'), admins?.dn ?? ''],
            filters: [parseLdapFilter('(title=Administrator)'), parseLdapFilter('(description=nobody has it)')],
          },
        },
      });
    });
    after(() => Promise.all([free, served].map((each) => each.stop())));

    const patchBody = (...Operations: JsonObject[]) => ({ schemas: [urns.patchOp], Operations });
    const isRefused = async (method: string, path: string, body?: unknown): Promise<void> => {
      const { status, body: answer } = await served.scim(method, path, body);
      assert.equal(status, 403, `${method} ${path}: ${JSON.stringify(answer)}`);
      assert.match(String(answer['detail']), /is protected/);
      assert.doesNotMatch(JSON.stringify(answer), /dc=|ou=|cn=/i);
    };
    const password = 'Correct-Horse-7-Staple';

    for (const each of ['own', 'admin', 'based']) {
      it(`${each}: is read, and changed by nothing`, async () => {
        const path = `/Users/${id(each)}`;
        const before = await served.scim('GET', path);
        assert.equal(before.status, 200);
        await isRefused('PATCH', path, patchBody({ op: 'replace', path: 'nickName', value: 'X' }));
        await isRefused('PATCH', path, patchBody({ op: 'replace', path: 'title', value: 'No longer' }));
        await isRefused('PATCH', path, patchBody({ op: 'replace', path: 'active', value: false }));
        await isRefused('PATCH', path, patchBody({ op: 'replace', path: 'password', value: password }));
        await isRefused('PUT', path, { schemas: [urns.user], userName: `pt-${each}`, nickName: 'X' });
        await isRefused('PATCH', path, patchBody({ op: 'replace', path: 'userName', value: `pt-${each}-renamed` }));
        await isRefused('DELETE', path);
        const Operations = [{ method: 'DELETE', path }];
        const bulk = await served.scim('POST', '/Bulk', { schemas: [urns.bulkRequest], Operations });
        assert.equal((bulk.body['Operations'] as unknown as { status: string }[])[0]?.status, '403');
        assert.deepEqual((await served.scim('GET', path)).body, before.body);
        assert.equal(await canBind(place, userDn(place, `pt-${each}`), password), false);
      });
    }

    it('a protected group takes and loses no member', async () => {
      const path = `/Groups/${id('admins')}`;
      const before = await free.scim('GET', path);
      await isRefused('PATCH', path, patchBody({ op: 'add', path: 'members', value: [{ value: id('plain') }] }));
      await isRefused('PATCH', path, patchBody({ op: 'remove', path: `members[value eq "${id('admin')}"]` }));
      await isRefused('PUT', path, { schemas: [urns.group], displayName: 'pt-admins', members: [] });
      await isRefused('PATCH', path, patchBody({ op: 'replace', path: 'displayName', value: 'pt-others' }));
      await isRefused('DELETE', path);
      assert.deepEqual((await free.scim('GET', path)).body, before.body);
    });

    it('the account of the gateway is put into no group, and taken out of none', async () => {
      const path = `/Groups/${id('staff')}`;
      await isRefused('PATCH', path, patchBody({ op: 'add', path: 'members', value: [{ value: id('own') }] }));
      const members = [{ value: id('own') }];
      await isRefused('POST', '/Groups', { schemas: [urns.group], displayName: 'pt-new', members });
      const join = patchBody({ op: 'add', path: 'members', value: members });
      assert.ok((await free.scim('PATCH', path, join)).status < 300);
      await isRefused('PATCH', path, patchBody({ op: 'remove', path: `members[value eq "${id('own')}"]` }));
      const rest = { schemas: [urns.group], displayName: 'pt-staff', members: [{ value: id('plain') }] };
      await isRefused('PUT', path, rest);
      assert.ok((await free.scim('PUT', path, rest)).status < 300);
    });

    it('nothing comes to be what is protected', async () => {
      await isRefused('POST', '/Users', { schemas: [urns.user], userName: 'pt-new', title: 'Administrator' });
      const found = await free.scim('GET', `/Users?filter=${encodeURIComponent('userName eq "pt-new"')}`);
      assert.equal(found.body['totalResults'], 0);
    });

    it('everybody else is changed as ever', async () => {
      const path = `/Users/${id('plain')}`;
      const renamed = patchBody(
        { op: 'replace', path: 'userName', value: 'pt-simple' },
        { op: 'replace', path: 'title', value: 'Guide' },
      );
      assert.equal((await served.scim('PATCH', path, renamed)).status, 200);
      const group = await served.scim('GET', `/Groups/${id('staff')}`);
      assert.match(JSON.stringify(group.body['members']), new RegExp(id('plain')));
    });

    it('a member of a protected group that is renamed keeps its place there', async () => {
      const other = await createIn(served, '/Users', { schemas: [urns.user], userName: 'pt-held' });
      const admins = `/Groups/${id('admins')}`;
      const join = patchBody({ op: 'add', path: 'members', value: [{ value: other }] });
      assert.ok((await free.scim('PATCH', admins, join)).status < 300);
      const renamed = patchBody({ op: 'replace', path: 'userName', value: 'pt-hold' });
      assert.equal((await served.scim('PATCH', `/Users/${other}`, renamed)).status, 200);
      assert.match(JSON.stringify((await free.scim('GET', admins)).body['members']), new RegExp(other));
      assert.equal((await served.scim('DELETE', `/Users/${other}`)).status, 204);
      assert.doesNotMatch(JSON.stringify((await free.scim('GET', admins)).body['members']), new RegExp(other));
    });

    it('the account that the gateway binds as is found, by DN, by name and by what the directory says of it', async () => {
      const { url, tls, bindDn, password: secret } = place;
      const options = { urls: [url], bind: { dn: bindDn, password: secret }, ...(tls === undefined ? {} : { tls }) };
      const directory = createDirectory(options);
      try {
        const dialect = detectDialect(await directory.rootDse());
        const { whoAmI, accountNames } = dialect.capabilities;
        assert.ok(whoAmI || accountNames !== undefined, 'one of the two is there');
        const account = String(rdnValue(bindDn, 'cn'));
        const names = accountNames === undefined ? [] : [account, `DOMAIN\\${account}`, `${account}@ad.example.com`];
        for (const bound of [bindDn, ...(whoAmI ? [undefined] : []), ...names]) {
          const found = await findOwnAccount(directory, dialect, bound);
          assert.deepEqual([...new Set(found.map(dnKey))], [dnKey(bindDn)], bound);
        }
      } finally {
        await directory.close();
      }
    });
  });
}
