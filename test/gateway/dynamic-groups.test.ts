// Groups whose members follow from a rule, by dynamic-groups.yaml: shown where the directory works them out, and changed
// by nobody.
import assert from 'node:assert/strict';
import { createEmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { launchOpenLdap } from '../directories/openldap/launch.ts';
import { createIn, type ServedGateway, serveGateway } from './harness.ts';

interface Directory {
  readonly url: string;
  readonly bindDn: string;
  readonly password: string;
  readonly suffix: string;
  stop(): Promise<void>;
}

const schemaUrn = 'urn:scim-ldap:schemas:dynamic-group:1.0:DynamicGroup';

async function startEmbedded(): Promise<Directory> {
  const suffix = 'dc=example,dc=com';
  const directory = createEmbeddedDirectory({ suffix });
  const { url } = await directory.listen();
  const { dn, password } = directory.administrator;
  return { url, bindDn: dn, password, suffix, stop: () => directory.close() };
}

for (const [name, start, shown] of [
  ['OpenLDAP with dynlist', () => launchOpenLdap({ dynamicGroups: true }), true],
  ['the embedded directory, which shows no members', startEmbedded, false],
] as const) {
  describe(`dynamic groups on ${name}`, () => {
    let directory: Directory;
    let served: ServedGateway;
    let [boss, worker, rule, staff, all] = ['', '', '', '', ''];

    const create = (path: string, body: JsonObject) => createIn(served, path, body);
    const read = async (path: string): Promise<JsonObject> => {
      const { status, body } = await served.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const valuesOf = (value: unknown): string[] =>
      ((value ?? []) as readonly { readonly value: string }[]).map((each) => each.value).sort();
    const find = async (type: string, filter: string): Promise<string[]> => {
      const list = await read(`/${type}?filter=${encodeURIComponent(filter)}`);
      return ((list['Resources'] ?? []) as unknown as { id: string }[]).map(({ id }) => id).sort();
    };

    before(async () => {
      directory = await start();
      const mapping = 'openldap/dynamic-groups.yaml';
      served = await serveGateway({ ...directory, mapping, variables: { suffix: directory.suffix } });
      boss = await create('/Users', { schemas: [urns.user], userName: 'dg-boss', title: 'Boss' });
      worker = await create('/Users', { schemas: [urns.user], userName: 'dg-worker', title: 'Worker' });
      staff = await create('/Groups', { schemas: [urns.group], displayName: 'dg-staff', members: [{ value: worker }] });
      const people = `ou=people,${directory.suffix}`;
      for (const [cn, url] of [
        ['dg-bosses', `ldap:///${people}??sub?(title=Boss)`],
        ['dg-all', `ldap:///${people}??sub?(objectClass=inetOrgPerson)`],
      ] as const) {
        const attributes = [
          { type: 'objectClass', values: ['groupOfURLs'] },
          { type: 'cn', values: [cn] },
          { type: 'memberURL', values: [url] },
        ];
        await served.directory.add({ dn: `cn=${cn},ou=groups,${directory.suffix}`, attributes });
      }
      [rule = ''] = await find('DynamicGroups', 'displayName eq "dg-bosses"');
      [all = ''] = await find('DynamicGroups', 'displayName eq "dg-all"');
    });
    after(async () => {
      await served.stop();
      await directory.stop();
    });

    it('are listed at their own endpoint, and not among the others', async () => {
      assert.deepEqual(await find('DynamicGroups', 'displayName sw "dg-"'), [rule, all].sort());
      assert.deepEqual(await find('Groups', 'displayName sw "dg-"'), [staff]);
      const asked = await read(`/DynamicGroups/${rule}?attributes=memberUrl`);
      assert.match(JSON.stringify(asked['memberUrl']), /title=Boss/);
      assert.equal((await read(`/DynamicGroups/${rule}`))['memberUrl'], undefined);
    });

    if (shown) {
      it('show the members that the directory finds', async () => {
        assert.deepEqual(valuesOf((await read(`/DynamicGroups/${rule}`))['members']), [boss]);
        assert.deepEqual(valuesOf((await read(`/DynamicGroups/${all}`))['members']), [boss, worker].sort());
      });

      it('are among the groups of a user, and in filters on them', async () => {
        assert.deepEqual(valuesOf((await read(`/Users/${boss}`))['groups']), [rule, all].sort());
        assert.deepEqual(valuesOf((await read(`/Users/${worker}`))['groups']), [staff, all].sort());
        assert.deepEqual(await find('Users', `groups eq "${rule}"`), [boss]);
        assert.deepEqual(await find('Users', `groups eq "${staff}"`), [worker]);
        assert.deepEqual(await find('Users', `groups eq "${all}" and userName sw "dg-"`), [boss, worker].sort());
        assert.deepEqual(await find('DynamicGroups', `members eq "${worker}"`), [all]);
      });

      it('follow their rule, and the version of a user with them', async () => {
        const before = (await served.scim('GET', `/Users/${boss}`)).headers.get('etag');
        const cn = 'dg-late';
        const attributes = [
          { type: 'objectClass', values: ['groupOfURLs'] },
          { type: 'memberURL', values: [`ldap:///ou=people,${directory.suffix}??sub?(uid=dg-boss)`] },
        ];
        await served.directory.add({ dn: `cn=${cn},ou=groups,${directory.suffix}`, attributes });
        const { headers, body } = await served.scim('GET', `/Users/${boss}`);
        assert.equal(valuesOf(body['groups']).length, 3);
        assert.notEqual(headers.get('etag'), before);
        await served.directory.delete({ dn: `cn=${cn},ou=groups,${directory.suffix}` });
      });
    } else {
      it('have no members, and are no error', async () => {
        assert.equal((await read(`/DynamicGroups/${rule}`))['members'], undefined);
        assert.deepEqual(valuesOf((await read(`/Users/${worker}`))['groups']), [staff]);
        assert.deepEqual(await find('Users', `groups eq "${rule}"`), []);
      });
    }

    it('cannot be created, changed or deleted', async () => {
      const message = { schemas: [schemaUrn], displayName: 'dg-new' };
      const created = await served.scim('POST', '/DynamicGroups', message);
      assert.deepEqual(
        [created.status, created.body['detail']],
        [403, 'DynamicGroup resources cannot be created here.'],
      );
      const join = { op: 'add', path: 'members', value: [{ value: worker }] };
      const patched = await served.scim('PATCH', `/DynamicGroups/${rule}`, {
        schemas: [urns.patchOp],
        Operations: [join],
      });
      assert.deepEqual([patched.status, patched.body['scimType']], [400, 'mutability']);
      assert.equal((await served.scim('DELETE', `/DynamicGroups/${rule}`)).status, 403);
    });

    it('discovery says that they are read only, and that other groups are not', async () => {
      const types = (await read('/ResourceTypes'))['Resources'] as unknown as readonly JsonObject[];
      assert.ok(types.some((type) => type['endpoint'] === '/DynamicGroups'));
      const schemas = (await read('/Schemas'))['Resources'] as unknown as readonly {
        readonly id: string;
        readonly attributes: readonly { readonly name: string; readonly mutability: string }[];
      }[];
      const members = (urn: string) =>
        schemas.find(({ id }) => id === urn)?.attributes.find((each) => each.name === 'members')?.mutability;
      assert.deepEqual([members(schemaUrn), members(urns.group)], ['readOnly', 'readWrite']);
    });
  });
}
