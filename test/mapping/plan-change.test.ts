// PUT and PATCH as plans: what is read, what stays, what is written.
import assert from 'node:assert/strict';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../../src/mapping/mapping.ts';
import { type ChangePlan, planPatch, planReplace } from '../../src/mapping/plan-change.ts';
import { noReferences } from '../../src/mapping/references.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { parsePatch } from '../../src/scim/patch/parse-patch.ts';
import { interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { findCleared, validateResource } from '../../src/scim/validate-resource.ts';
import { compilePerson, compileShipped, entryOf } from './compiled.ts';

const context = { references: noReferences, now: Date.UTC(2026, 0, 1) };
const dn = 'uid=ann,ou=people,dc=example,dc=com';
const ann = entryOf(
  {
    objectClass: ['inetOrgPerson', 'scimPerson'],
    uid: ['ann'],
    cn: ['Ann B'],
    sn: ['B'],
    givenName: ['Ann'],
    title: ['Boss'],
    mail: ['a@x', 'b@x'],
    scimHomeMail: ['h@x'],
    scimPrimaryMail: ['a@x'],
    l: ['Oslo'],
    street: ['Main 1'],
    pwdAccountLockedTime: ['000001010000Z'],
    description: ['not mapped'],
  },
  dn,
);

function put(compiled: CompiledMapping, mapping: ResourceMapping, body: JsonObject): ChangePlan {
  const whole = { schemas: [urns.user, urns.enterpriseUser], ...body };
  const resource = validateResource(whole, mapping.type, { mode: 'replace', profile: interop });
  return planReplace(compiled, mapping, resource, findCleared(whole, mapping.type, interop));
}

function patch(compiled: CompiledMapping, mapping: ResourceMapping, ...operations: JsonObject[]): ChangePlan {
  const parsed = parsePatch({ schemas: [urns.patchOp], Operations: operations }, mapping.type, interop);
  return planPatch(compiled, mapping, parsed, interop);
}

function changesOf(plan: ChangePlan, entry = ann): string[] {
  const { modifications, rename } = plan.change(entry, context);
  const lines = modifications.map(
    ({ operation, attribute, values }) => `${operation} ${attribute}: ${values.map(String).join(', ')}`,
  );
  return rename === undefined ? lines : [...lines, `rename ${rename}`];
}

describe('plans of changes', () => {
  let compiled: CompiledMapping;
  let user: ResourceMapping;
  before(async () => {
    compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
    user = getResourceMapping(compiled, 'User');
  });

  describe('PUT', () => {
    const same: JsonObject = {
      userName: 'ann',
      name: { formatted: 'Ann B', familyName: 'B', givenName: 'Ann' },
      title: 'Boss',
      emails: [
        { value: 'b@x', type: 'work' },
        { value: 'a@x', type: 'work', primary: true },
        { value: 'h@x', type: 'home' },
      ],
      addresses: [{ type: 'work', streetAddress: 'Main 1', locality: 'Oslo' }],
    };
    const { title: _title, emails: _emails, addresses: _addresses, ...less } = same;
    const rows: [what: string, body: JsonObject, changes: string[]][] = [
      [
        'D12: what was read changes nothing',
        { ...same, id: 'x', meta: { version: 'y' }, active: false, groups: [] },
        [],
      ],
      [
        'D5: what is omitted is cleared; active and what is not mapped stay',
        less,
        [
          'delete title: Boss',
          'delete mail: a@x, b@x',
          'delete scimHomeMail: h@x',
          'delete scimPrimaryMail: a@x',
          'delete street: Main 1',
          'delete l: Oslo',
        ],
      ],
      ['D5: active named with null stays, as nobody is enabled by leaving a value out', { ...same, active: null }, []],
      [
        'what the classes demand gets its default',
        { ...same, name: { givenName: 'Ann' } },
        ['delete sn: B', 'add sn: ann', 'delete cn: Ann B', 'add cn: Ann ann'],
      ],
      ['D8: another userName is a rename', { ...same, userName: 'Ann C' }, ['rename uid=Ann C']],
      [
        'one of several values',
        {
          ...same,
          emails: [
            { value: 'a@x', type: 'work', primary: true },
            { value: 'h@x', type: 'home' },
          ],
        },
        ['delete mail: b@x'],
      ],
    ];
    for (const [what, body, changes] of rows) {
      it(what, () => assert.deepEqual(changesOf(put(compiled, user, body)).sort(), [...changes].sort()));
    }

    it('a password is for an operation of its own; without one it stays', () => {
      assert.deepEqual(put(compiled, user, { ...same, password: 'secret' }).password, 'secret');
      assert.equal('password' in put(compiled, user, same), false);
      assert.deepEqual(changesOf(put(compiled, user, { ...same, password: 'secret' })), []);
    });

    it('D7: immutable values take one value once', async () => {
      const { compiled: own, user: holder } = await compilePerson([
        'externalId: { attribute: title, access: writeOnce }',
        'name.familyName: { attribute: sn, access: writeOnce }',
        'name.givenName: givenName',
      ]);
      const refused = { status: 400, scimType: 'mutability' };
      const change = (body: JsonObject, entry = ann) =>
        changesOf(put(own, holder, { userName: 'ann', ...body }), entry);
      assert.throws(() => change({ externalId: 'other', name: { familyName: 'B' } }), refused);
      assert.throws(() => change({ externalId: null }), refused);
      assert.throws(() => change({ externalId: 'Boss', name: { familyName: 'C' } }), refused);
      assert.deepEqual(change({ externalId: 'Boss', name: { familyName: 'B', givenName: 'Ann' } }), []);
      assert.deepEqual(change({ name: { givenName: 'Eva' } }), ['delete givenName: Ann', 'add givenName: Eva']);
      assert.deepEqual(change({}), ['delete givenName: Ann']);
      assert.deepEqual(change({ externalId: 'new' }, entryOf({ uid: ['ann'] })), ['add title: new']);
    });
  });

  describe('PATCH', () => {
    const rows: [what: string, operation: JsonObject, changes: string[]][] = [
      [
        'replaces a simple value',
        { op: 'replace', path: 'title', value: 'Chef' },
        ['delete title: Boss', 'add title: Chef'],
      ],
      ['E11: the same value is no change', { op: 'add', path: 'emails', value: [{ value: 'a@x', type: 'WORK' }] }, []],
      ['E24: removes', { op: 'remove', path: 'title' }, ['delete title: Boss']],
      ['E28: appends', { op: 'add', path: 'emails', value: [{ value: 'c@x', type: 'work' }] }, ['add mail: c@x']],
      [
        'E35: sets a part of a typed value',
        { op: 'replace', path: 'emails[type eq "home"].value', value: 'i@x' },
        ['delete scimHomeMail: h@x', 'add scimHomeMail: i@x'],
      ],
      [
        'E36: makes a typed value',
        { op: 'add', path: 'emails[type eq "other"].value', value: 'o@x' },
        ['add scimOtherMail: o@x'],
      ],
      [
        'E33: removes a typed value',
        { op: 'remove', path: 'emails[type eq "work"]' },
        ['delete mail: a@x, b@x', 'delete scimPrimaryMail: a@x'],
      ],
      [
        'E27: removes a part, and a default steps in',
        { op: 'remove', path: 'name.familyName' },
        ['delete sn: B', 'add sn: ann'],
      ],
      [
        'E9: another primary value is noted',
        { op: 'replace', path: 'emails[value eq "b@x"].primary', value: true },
        ['delete scimPrimaryMail: a@x', 'add scimPrimaryMail: b@x'],
      ],
      [
        'E67: one of another type too',
        { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
        ['delete scimPrimaryMail: a@x', 'add scimPrimaryMail: h@x'],
      ],
      [
        'E66: appended',
        { op: 'add', path: 'emails', value: [{ value: 'o@x', type: 'other', primary: true }] },
        ['add scimOtherMail: o@x', 'delete scimPrimaryMail: a@x', 'add scimPrimaryMail: o@x'],
      ],
      ['disables', { op: 'replace', path: 'active', value: 'True' }, ['delete pwdAccountLockedTime: 000001010000Z']],
      ['renames', { op: 'replace', value: { userName: 'eva' } }, ['rename uid=eva']],
    ];
    for (const [what, operation, changes] of rows) {
      it(what, () => assert.deepEqual(changesOf(patch(compiled, user, operation)), changes));
    }

    it('reads what it changes, and what its defaults read', () => {
      const reads = (operation: JsonObject) => patch(compiled, user, operation).fetch?.attributes;
      assert.deepEqual(reads({ op: 'replace', path: 'title', value: 'x' }), ['title', 'entryUUID', 'objectClass']);
      const forName = reads({ op: 'replace', path: 'name.givenName', value: 'x' }) ?? [];
      assert.deepEqual(
        ['uid', 'displayName', 'sn', 'cn'].filter((name) => !forName.includes(name)),
        [],
      );
      assert.ok(!forName.includes('mail'));
    });

    it('E51: a password alone reads nothing', () => {
      const plan = patch(compiled, user, { op: 'replace', path: 'password', value: 'secret' });
      assert.deepEqual([plan.fetch, plan.password], [undefined, 'secret']);
      assert.equal(patch(compiled, user, { op: 'remove', path: 'password' }).password, null);
    });

    it('a password kept as an attribute can be removed', async () => {
      const { compiled: own, user: holder } = await compilePerson([
        'password: { attribute: userPassword, write: attribute }',
      ]);
      const entry = entryOf({ uid: ['ann'], userPassword: ['x'] });
      assert.deepEqual(changesOf(patch(own, holder, { op: 'remove', path: 'password' }), entry), [
        'replace userPassword: ',
      ]);
    });

    it('a type that cannot be stored is refused with those that can', () => {
      const plan = patch(compiled, user, { op: 'add', path: 'emails', value: [{ value: 'x@x', type: 'fax' }] });
      assert.throws(() => changesOf(plan), {
        scimType: 'invalidValue',
        detail: /the types are "work", "home", "other"\.$/,
      });
    });
  });
});
