// What an entry holds beyond what SCIM shows of it, and the value in its name: neither is lost by a change.
import assert from 'node:assert/strict';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../../src/mapping/mapping.ts';
import { renamedDn } from '../../src/mapping/plan-write.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { Resource } from '../../src/scim/resource.ts';
import { change, compilePerson, compileShipped, entryOf, modifiedEntry, printed, resourceOf } from './compiled.ts';

describe('what an entry holds', () => {
  let compiled: CompiledMapping;
  let user: ResourceMapping;
  before(async () => {
    compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
    user = getResourceMapping(compiled, 'User');
  });

  describe('several LDAP values behind one SCIM value', () => {
    const rows: [what: string, entry: Record<string, string[]>, after: JsonObject, changes: string[]][] = [
      ['a new value keeps those that are not shown', { title: ['a', 'b'] }, { title: 'c' }, ['replace title: c, b']],
      ['a hidden value may become the one shown', { title: ['a', 'b'] }, { title: 'b' }, ['delete title: a']],
      ['unassigning leaves nothing to be shown', { title: ['a', 'b'] }, {}, ['delete title: a, b']],
      ['what is shown already is left alone', { title: ['a', 'b'] }, { title: 'a' }, []],
    ];
    for (const [what, attributes, after, changes] of rows) {
      it(what, () => {
        const entry = entryOf({ uid: ['ann'], cn: ['c'], sn: ['s'], ...attributes });
        const { title: _title, ...rest } = resourceOf(user, entry);
        const planned = change(compiled, user, entry, { ...rest, ...after });
        assert.deepEqual(printed(planned), changes);
        const title = resourceOf(user, modifiedEntry(entry, planned.modifications))['title'];
        assert.equal(title, after['title']);
      });
    }

    it('values that the value map does not name stay', async () => {
      const { compiled: own, user: holder } = await compilePerson([
        'userType: { attribute: employeeType, values: { full: f, half: h } }',
      ]);
      const entry = entryOf({ uid: ['ann'], employeeType: ['boss', 'f', 'h'] });
      const shown = resourceOf(holder, entry);
      assert.equal(shown['userType'], 'full');
      const { userType: _userType, ...rest } = shown;
      const rows: [Resource, string[]][] = [
        [{ ...rest, userType: 'half' }, ['replace employeeType: h, boss']],
        [rest, ['delete employeeType: f, h']],
      ];
      for (const [after, changes] of rows) {
        const planned = change(own, holder, entry, after);
        assert.deepEqual(printed(planned), changes);
        assert.equal(resourceOf(holder, modifiedEntry(entry, planned.modifications))['userType'], after['userType']);
      }
    });

    it('values that a transform cannot read stay', async () => {
      const urn = 'urn:test:1.0:User';
      const { compiled: own, user: holder } = await compilePerson([`${urn}:levels: scimRole`], {
        schemas: `  ${urn}: { attributes: [{ name: levels, type: integer, multiValued: true }] }`,
        extensions: urn,
      });
      const entry = entryOf({ uid: ['ann'], scimRole: ['1', 'x', '2'] });
      const shown = resourceOf(holder, entry);
      assert.deepEqual(shown[urn], { levels: [1, 2] });
      const planned = change(own, holder, entry, { ...shown, [urn]: { levels: [2, 3] } });
      assert.deepEqual(modifiedEntry(entry, planned.modifications).strings('scimRole').sort(), ['2', '3', 'x']);
    });

    it('a lock after wrong passwords is lifted', () => {
      const entry = entryOf({ uid: ['ann'], cn: ['c'], sn: ['s'], pwdAccountLockedTime: ['20260101000000Z'] });
      const shown = resourceOf(user, entry);
      assert.equal(shown['active'], false);
      assert.deepEqual(printed(change(compiled, user, entry, { ...shown, active: true })), [
        'delete pwdAccountLockedTime: 20260101000000Z',
      ]);
    });
  });

  describe('the value that names the entry', () => {
    const base = 'ou=people,dc=example,dc=com';
    it('is the one that is shown, and changes by a rename that keeps the others', () => {
      const entry = entryOf({ uid: ['old', 'ann'], cn: ['c'], sn: ['s'] }, `uid=ann,${base}`);
      const shown = resourceOf(user, entry);
      assert.equal(shown['userName'], 'ann');
      assert.deepEqual(printed(change(compiled, user, entry, { ...shown, userName: 'Ann B' })), ['rename uid=Ann B']);
      assert.equal(renamedDn(entry.dn, { rename: 'uid=Ann B' }), `uid=Ann B,${base}`);
    });

    it('is found in another spelling', () => {
      const entry = entryOf({ uid: ['other', 'ANN'], cn: ['c'], sn: ['s'] }, `uid=ann,${base}`);
      assert.equal(resourceOf(user, entry)['userName'], 'ANN');
    });

    it('counts whatever attribute it is of', () => {
      // An entry from before, named by its cn; the mapping names new ones by uid.
      const entry = entryOf({ uid: ['ann'], cn: ['Ann B', 'Ann C'], sn: ['s'] }, `cn=Ann C,${base}`);
      const shown = resourceOf(user, entry) as Resource & { name: JsonObject };
      assert.equal(shown.name['formatted'], 'Ann C');
      const after = { ...shown, userName: 'bob', name: { ...shown.name, formatted: 'Bob' } };
      assert.deepEqual(printed(change(compiled, user, entry, after)), [
        'delete uid: ann',
        'add uid: bob',
        'rename cn=Bob',
      ]);
    });

    it('of a multi-valued RDN only its part changes', () => {
      const entry = entryOf({ uid: ['ann'], cn: ['Ann'], sn: ['s'] }, `uid=ann+cn=Ann,${base}`);
      const shown = resourceOf(user, entry) as Resource & { name: JsonObject };
      assert.deepEqual(printed(change(compiled, user, entry, { ...shown, userName: 'bob' })), [
        'rename uid=bob+cn=Ann',
      ]);
      const both = { ...shown, userName: 'bob', name: { ...shown.name, formatted: 'Bob' } };
      assert.deepEqual(printed(change(compiled, user, entry, both)), ['rename uid=bob+cn=Bob']);
    });

    it('among several values of a multi-valued attribute', async () => {
      const { compiled: own, user: holder } = await compilePerson(['emails.value: mail']);
      const entry = entryOf({ uid: ['ann'], mail: ['a@x', 'b@x'] }, `mail=a@x,${base}`);
      const shown = resourceOf(holder, entry);
      const withEmails = (...values: string[]) => ({ ...shown, emails: values.map((value) => ({ value })) });
      assert.deepEqual(printed(change(own, holder, entry, withEmails('b@x', 'c@x'))), [
        'add mail: c@x',
        'rename mail=b@x',
      ]);
      assert.deepEqual(printed(change(own, holder, entry, withEmails('a@x', 'c@x'))), [
        'delete mail: b@x',
        'add mail: c@x',
      ]);
      const { emails: _emails, ...none } = shown;
      assert.throws(() => change(own, holder, entry, none), {
        scimType: 'mutability',
        detail: 'emails names the entry.',
      });
    });
  });
});
