// The mapping for FreeIPA on a 389 Directory Server with FreeIPA's classes and plug-in settings.
import assert from 'node:assert/strict';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { addFreeIpaTree } from '../directories/ds389/freeipa.ts';
import { hasDs389 } from '../directories/ds389/launch.ts';
import type { Ds389 } from '../directories/ds389/recipe.ts';
import { createSuiteBase, getDs389 } from '../directories/ds389/shared.ts';
import { canBind, type ServedGateway, serveGateway } from './harness.ts';

if (hasDs389()) {
  describe('freeipa/users-and-groups.yaml on 389 Directory Server with the classes of FreeIPA', () => {
    let server: Ds389;
    let served: ServedGateway;
    let accounts: string;

    before(async () => {
      server = await getDs389();
      const { baseDn } = await createSuiteBase('freeipa');
      await addFreeIpaTree(server, baseDn);
      accounts = `cn=accounts,${baseDn}`;
      const mapping = 'freeipa/users-and-groups.yaml';
      served = await serveGateway({ ...server, mapping, variables: { suffix: baseDn, realm: 'IPA.TEST' } });
    });
    after(() => served.stop());

    const create = async (path: string, body: JsonObject): Promise<JsonObject & { id: string }> => {
      const answer = await served.scim('POST', path, body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return answer.body as JsonObject & { id: string };
    };
    const user = (userName: string, more: JsonObject = {}) =>
      create('/Users', { schemas: [urns.user], userName, name: { givenName: 'A', familyName: 'B' }, ...more });
    const patch = async (path: string, ...Operations: readonly JsonObject[]): Promise<void> => {
      const answer = await served.scim('PATCH', path, { schemas: [urns.patchOp], Operations });
      assert.ok(answer.status < 300, JSON.stringify(answer.body));
    };
    const read = async (path: string): Promise<JsonObject> => {
      const { status, body } = await served.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const entryOf = async (filter: string): Promise<LdapEntry> => {
      const search = { base: accounts, scope: 'subtree', filter: parseLdapFilter(filter) } as const;
      const { entries } = await served.directory.search({ ...search, attributes: ['*', 'nsAccountLock'] }).collect();
      assert.equal(entries.length, 1, filter);
      return entries[0] as LdapEntry;
    };

    it('gives new users an id, numbers, a home and a principal of the directory', async () => {
      const [one, two] = [await user('ipa-one'), await user('ipa-two')];
      assert.match(one.id, /^id-\d+$/);
      assert.notEqual(one.id, two.id);
      const entries = [await entryOf('(uid=ipa-one)'), await entryOf('(uid=ipa-two)')];
      for (const entry of entries) {
        assert.ok(Number(entry.first('uidNumber')) >= 100_000);
        assert.equal(entry.first('gidNumber'), entry.first('uidNumber'));
      }
      assert.notEqual(entries[0]?.first('uidNumber'), entries[1]?.first('uidNumber'));
      const [entry] = entries;
      assert.deepEqual(
        ['homeDirectory', 'loginShell', 'krbPrincipalName', 'krbCanonicalName'].map((name) => entry?.first(name)),
        ['/home/ipa-one', '/bin/sh', 'ipa-one@IPA.TEST', 'ipa-one@IPA.TEST'],
      );
      assert.equal((await read(`/Users/${one.id}`))['userName'], 'ipa-one');
    });

    it('disables by nsAccountLock, twice is once, and finds who is disabled', async () => {
      const password = 'Secret-4711-x';
      const { id } = await user('ipa-locked', { password });
      const dn = `uid=ipa-locked,cn=users,${accounts}`;
      assert.equal(await canBind(server, dn, password), true);
      const setActive = (value: boolean) => patch(`/Users/${id}`, { op: 'replace', path: 'active', value });
      await setActive(false);
      const { meta } = await read(`/Users/${id}`);
      await setActive(false);
      assert.deepEqual((await read(`/Users/${id}`))['meta'], meta);
      assert.equal((await entryOf('(uid=ipa-locked)')).first('nsAccountLock'), 'TRUE');
      assert.equal(await canBind(server, dn, password), false);
      const disabled = await read(`/Users?filter=${encodeURIComponent('active eq false')}`);
      assert.equal(disabled['totalResults'], 1);
      await setActive(true);
      assert.equal(await canBind(server, dn, password), true);
      // As FreeIPA's own command leaves it.
      const modifications = [{ operation: 'replace', attribute: 'nsAccountLock', values: ['FALSE'] }] as const;
      await served.directory.modify({ dn, modifications });
      assert.equal((await read(`/Users/${id}`))['active'], true);
      const enabled = await read(`/Users?filter=${encodeURIComponent('active eq true and userName eq "ipa-locked"')}`);
      assert.equal(enabled['totalResults'], 1);
    });

    it('has groups of users and groups, with a number, and never writes memberOf', async () => {
      const { id } = await user('ipa-member');
      const inner = await create('/Groups', {
        schemas: [urns.group],
        displayName: 'ipa-inner',
        members: [{ value: id }],
      });
      const outer = await create('/Groups', { schemas: [urns.group], displayName: 'ipa-outer' });
      const sent = await served.record(() =>
        patch(`/Groups/${outer.id}`, { op: 'add', path: 'members', value: [{ value: inner.id }] }),
      );
      assert.equal(JSON.stringify(sent).toLowerCase().includes('memberof'), false);
      const entry = await entryOf('(cn=ipa-outer)');
      assert.ok(Number(entry.first('gidNumber')) >= 100_000);
      assert.deepEqual(entry.strings('member'), [`cn=ipa-inner,cn=groups,${accounts}`]);
      // The plug-in follows nested groups; SCIM shows the direct ones.
      assert.equal((await entryOf('(uid=ipa-member)')).strings('memberOf').length, 2);
      const groups = (await read(`/Users/${id}`))['groups'] as unknown as readonly JsonObject[];
      assert.deepEqual(
        groups.map(({ value }) => value),
        [inner.id],
      );
    });

    it('shows no private group, nor staged users', async () => {
      const privateGroup = {
        dn: `cn=ipa-one,cn=groups,${accounts}`,
        attributes: [
          { type: 'objectClass', values: ['posixGroup', 'ipaObject'] },
          { type: 'ipaUniqueID', values: ['autogenerate'] },
          { type: 'gidNumber', values: ['100000'] },
        ],
      };
      await served.directory.add(privateGroup);
      const list = await read(`/Groups?filter=${encodeURIComponent('displayName eq "ipa-one"')}`);
      assert.equal(list['totalResults'], 0);
    });

    it('renames, and the id stays', async () => {
      const { id } = await user('ipa-before');
      await patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'ipa-after' });
      assert.equal((await read(`/Users/${id}`))['userName'], 'ipa-after');
      assert.equal((await served.scim('DELETE', `/Users/${id}`)).status, 204);
    });
  });
}
