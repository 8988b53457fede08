// References: ids on the SCIM side, DNs or key values on the LDAP side, and the placeholder between no member and one.
import assert from 'node:assert/strict';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import type { CompiledMapping, ResourceMapping } from '../../src/mapping/mapping.ts';
import { getResourceMapping } from '../../src/mapping/mapping.ts';
import { planPatch } from '../../src/mapping/plan-change.ts';
import { planAdd, planModify } from '../../src/mapping/plan-write.ts';
import type { References } from '../../src/mapping/references.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { parsePatch } from '../../src/scim/patch/parse-patch.ts';
import { interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import {
  compilePerson,
  compileShipped,
  entryOf,
  modifiedEntry,
  referencesTo,
  resourceOf,
  userTarget,
} from './compiled.ts';

const dn = (id: string) => `uid=${id},ou=people,dc=example,dc=com`;
const nobody = 'cn=nobody,dc=example,dc=com';
const targets = ['u1', 'u2', 'u3'].map((id) => userTarget(id));
const references = referencesTo(targets);
const members = (...ids: string[]): JsonObject =>
  ids.length === 0 ? {} : { members: ids.map((value) => ({ value })) };

function groupOf(...member: string[]): LdapEntry {
  return entryOf({ cn: ['g'], objectClass: ['groupOfNames'], member }, 'cn=g,ou=groups,dc=example,dc=com');
}

function modify(
  compiled: CompiledMapping,
  mapping: ResourceMapping,
  entry: LdapEntry,
  after: JsonObject,
  to: References,
) {
  const before = resourceOf(mapping, entry, to);
  return planModify(compiled, mapping, mapping.mappers, { entry, before, after }, { references: to, now: 0 })
    .modifications;
}

function patch(compiled: CompiledMapping, mapping: ResourceMapping, operations: readonly JsonObject[]) {
  const parsed = parsePatch({ schemas: [urns.patchOp], Operations: operations }, mapping.type, interop);
  return planPatch(compiled, mapping, parsed, interop);
}

describe('references', () => {
  let compiled: CompiledMapping;
  let group: ResourceMapping;
  before(async () => {
    compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
    group = getResourceMapping(compiled, 'Group');
  });

  it('show what they lead to, each once, and nothing else', () => {
    const shown = resourceOf(
      group,
      groupOf(nobody, dn('u1'), 'UID=u1, ou=People,dc=example,dc=com', dn('gone')),
      references,
    );
    assert.deepEqual(shown['members'], [
      { value: 'u1', $ref: 'https://scim.example/Users/u1', type: 'User', display: 'U1' },
    ]);
    assert.equal(resourceOf(group, groupOf(nobody, dn('gone')), references)['members'], undefined);
  });

  describe('Q12: the placeholder', () => {
    const rows: [what: string, before: string[], after: string[], changes: string[]][] = [
      ['goes with the first member', [nobody], ['u1'], [`delete ${nobody}`, `add ${dn('u1')}`]],
      ['comes with the last one going', [dn('u1')], [], [`delete ${dn('u1')}`, `add ${nobody}`]],
      ['is not needed beside others', [dn('u1')], ['u2'], [`delete ${dn('u1')}`, `add ${dn('u2')}`]],
      ['is not needed beside a value that leads nowhere', [dn('u1'), dn('gone')], [], [`delete ${dn('u1')}`]],
      [
        'goes from a group that has members too',
        [nobody, dn('u1')],
        ['u1', 'u2'],
        [`delete ${nobody}`, `add ${dn('u2')}`],
      ],
      ['stays where nothing changes', [nobody], [], []],
      ['stays put when the last member beside it goes', [nobody, dn('u1')], [], [`delete ${dn('u1')}`]],
      [
        'is found in any spelling',
        ['CN=Nobody, dc=example, dc=com'],
        ['u1'],
        ['delete CN=Nobody, dc=example, dc=com', `add ${dn('u1')}`],
      ],
      [
        'members are removed in the spelling of the entry',
        ['UID=u1, ou=people,dc=example,dc=com', dn('u2')],
        ['u2'],
        ['delete UID=u1, ou=people,dc=example,dc=com'],
      ],
    ];
    for (const [what, held, ids, changes] of rows) {
      it(what, () => {
        const entry = groupOf(...held);
        const after = { displayName: 'g', ...members(...ids) };
        const modifications = modify(compiled, group, entry, after, references);
        assert.deepEqual(
          modifications.map(({ operation, values }) => `${operation} ${values.map(String).join()}`),
          changes,
        );
        const shown = (resourceOf(group, modifiedEntry(entry, modifications), references)['members'] ??
          []) as JsonObject[];
        assert.deepEqual(shown.map(({ value }) => value).sort(), [...ids].sort());
      });
    }

    it('stands in a new group without members', () => {
      const member = (resource: JsonObject) =>
        planAdd(group, { displayName: 'g', ...resource }, { references, now: 0 }, new Map()).attributes.find(
          ({ type }) => type === 'member',
        )?.values;
      assert.deepEqual(member({}), [nobody]);
      assert.deepEqual(member(members('u1', 'u2', 'u1')), [dn('u1'), dn('u2')]);
    });
  });

  it('B21: ids that lead nowhere are refused by name', () => {
    const refuse = (ids: string[]) =>
      planAdd(group, { displayName: 'g', ...members(...ids) }, { references, now: 0 }, new Map());
    assert.throws(() => refuse(['u1', 'x']), {
      status: 400,
      scimType: 'invalidValue',
      detail: 'members: no User or Group has the id "x".',
    });
    assert.throws(() => refuse(['1', '2', '3', '4', '5', '6', '7']), {
      detail: 'members: no User or Group has the id "1", "2", "3", "4", "5" and 2 more.',
    });
  });

  it('members of a large group are compared in a moment', function () {
    this.timeout(10_000);
    const many = Array.from({ length: 50_000 }, (_, index) => userTarget(`m${index}`));
    const byDn = new Map(many.map((target) => [target.dn, target]));
    const byId = new Map(many.map((target) => [target.id, target]));
    const all = referencesTo([], { findByDn: (text) => byDn.get(text), findById: (id) => byId.get(id) });
    const entry = groupOf(...many.slice(1).map((target) => target.dn));
    const after = { displayName: 'g', ...members(...many.slice(0, -1).map(({ id }) => id)) };
    const modifications = modify(compiled, group, entry, after, all);
    assert.deepEqual(
      modifications.map(({ values }) => values),
      [[dn('m49999')], [dn('m0')]],
    );
  });

  describe('PATCH that never reads the members', () => {
    const add = (...ids: string[]): JsonObject => ({
      op: 'add',
      path: 'members',
      value: ids.map((value) => ({ value })),
    });
    const remove = (id: string): JsonObject => ({ op: 'remove', path: `members[value eq "${id}"]` });
    const rows: [what: string, operations: JsonObject[], add: string[], remove: string[]][] = [
      ['adds', [add('u1', 'u2'), add('u1')], ['u1', 'u2'], []],
      [
        'removes by filter',
        [remove('u1'), { op: 'remove', path: 'members[value eq "u2" or value eq "u3"]' }],
        [],
        ['u1', 'u2', 'u3'],
      ],
      ['removes what Entra lists', [{ op: 'Remove', path: 'members', value: [{ value: 'u1' }] }], [], ['u1']],
      ['the last word on a member counts', [add('u1'), remove('u1'), remove('u2'), add('u2')], ['u2'], ['u1']],
      ['E46: who is not there is removed already', [remove('x'), add('u1')], ['u1'], []],
      ['E30: an empty list removes nothing', [{ op: 'remove', path: 'members', value: [] }, add('u1')], ['u1'], []],
    ];
    for (const [what, operations, added, removed] of rows) {
      it(what, () => {
        const plan = patch(compiled, group, operations);
        assert.equal(plan.fetch, undefined);
        assert.deepEqual(plan.valueChanges({ references, now: 0 }), [
          { attribute: 'member', add: added.map(dn), remove: removed.map(dn), placeholder: nobody },
        ]);
      });
    }

    it('looks up every id that it names', () => {
      const ids = patch(compiled, group, [add('u1'), remove('u2')]).lookups.flatMap((need) =>
        need.kind === 'ids' ? need.ids : [],
      );
      assert.deepEqual(ids, ['u1', 'u2']);
    });

    it('B21: refuses to add who is not there', () => {
      const plan = patch(compiled, group, [add('x')]);
      assert.throws(() => plan.valueChanges({ references, now: 0 }), { scimType: 'invalidValue' });
    });

    const reading: [what: string, operations: JsonObject[]][] = [
      ['replace', [{ op: 'replace', path: 'members', value: [{ value: 'u1' }] }]],
      ['remove all', [{ op: 'remove', path: 'members' }]],
      ['a filter that asks for more', [{ op: 'remove', path: 'members[value eq "u1" and type eq "User"]' }]],
      ['one operation among others', [add('u1'), { op: 'replace', path: 'members', value: [] }]],
    ];
    for (const [what, operations] of reading) {
      it(`reads them for ${what}`, () => {
        const plan = patch(compiled, group, operations);
        assert.ok(plan.fetch?.attributes.includes('member'));
        assert.deepEqual(plan.valueChanges({ references, now: 0 }), []);
      });
    }

    it('reads only what the other operations need', () => {
      const plan = patch(compiled, group, [add('u1'), { op: 'replace', path: 'displayName', value: 'h' }]);
      assert.deepEqual(plan.fetch?.attributes.includes('member'), false);
      const changed = plan.change(groupOf(nobody), { references, now: 0 });
      assert.deepEqual([changed.modifications, changed.rename], [[], 'cn=h']);
      assert.equal(plan.valueChanges({ references, now: 0 }).length, 1);
    });

    it('reads where members must not run out, or may be set once only, or need a class', async () => {
      const urn = 'urn:test:1.0:User';
      const friends = async (mapping: string, entry = '', attribute = 'seeAlso') => {
        const { compiled: own, user } = await compilePerson(
          [`${urn}:friends: { reference: User, attribute: ${attribute}${mapping} }`],
          {
            schemas: `  ${urn}: { attributes: [{ name: friends, type: complex, multiValued: true, subAttributes: [{ name: value }] }] }`,
            extensions: urn,
            entry,
          },
        );
        return patch(own, user, [{ op: 'add', path: `${urn}:friends`, value: [{ value: 'u1' }] }]).fetch !== undefined;
      };
      assert.equal(await friends(''), false);
      assert.equal(await friends(', required: true'), true);
      assert.equal(await friends(', access: writeOnce'), true);
      const classes = '      auxiliaryClasses: [groupOfNames]';
      assert.deepEqual([await friends('', classes), await friends('', classes, 'owner')], [false, true]);
    });
  });

  describe('manager', () => {
    const manager = (id: string | undefined): JsonObject =>
      id === undefined ? { userName: 'ann' } : { userName: 'ann', [urns.enterpriseUser]: { manager: { value: id } } };
    const changes = async (held: string[], id: string | undefined, more = '') => {
      const { compiled: own, user } = await compilePerson(
        [`enterprise:manager: { reference: User, attribute: manager${more} }`],
        { extensions: urns.enterpriseUser },
      );
      return modify(own, user, entryOf({ uid: ['ann'], manager: held }), manager(id), references).map(
        ({ operation, values }) => `${operation} ${values.map(String).join()}`,
      );
    };

    it('is set, replaced and removed', async () => {
      assert.deepEqual(await changes([], 'u1'), [`add ${dn('u1')}`]);
      assert.deepEqual(await changes([dn('u1')], 'u2'), [`delete ${dn('u1')}`, `add ${dn('u2')}`]);
      assert.deepEqual(await changes([dn('u1')], undefined), [`delete ${dn('u1')}`]);
      assert.deepEqual(await changes([dn('u1')], 'u1'), []);
    });

    it('takes the place of one that leads nowhere where there can be only one', async () => {
      assert.deepEqual(await changes([dn('gone')], 'u1', ', singleValued: true'), [
        `delete ${dn('gone')}`,
        `add ${dn('u1')}`,
      ]);
      assert.deepEqual(await changes([dn('gone')], 'u1'), [`add ${dn('u1')}`]);
    });
  });

  describe('by key', () => {
    const accounts = [userTarget('u1', { uid: ['alias', 'u1'] }), userTarget('u2')];
    const byKey = referencesTo(accounts);
    let posix: CompiledMapping;
    let unixGroup: ResourceMapping;
    before(async () => {
      posix = await compileShipped('openldap/posix.yaml');
      unixGroup = getResourceMapping(posix, 'Group');
    });
    const unix = (...memberUid: string[]) => entryOf({ cn: ['g'], memberUid }, 'cn=g,ou=groups,dc=example,dc=com');
    const valuesOf = (value: JsonValue | undefined) => ((value ?? []) as JsonObject[]).map((each) => each['value']);

    it('shows an account once, whichever of its names are held', () => {
      assert.deepEqual(valuesOf(resourceOf(unixGroup, unix('alias', 'u1', 'nobody'), byKey)['members']), ['u1']);
    });

    it('removes every name of an account, and adds the one that names its entry', () => {
      const modifications = modify(
        posix,
        unixGroup,
        unix('alias', 'nobody'),
        { displayName: 'g', ...members('u2') },
        byKey,
      );
      assert.deepEqual(
        modifications.map(({ operation, values }) => [operation, values]),
        [
          ['delete', ['alias']],
          ['add', ['u2']],
        ],
      );
      const added = patch(posix, unixGroup, [{ op: 'add', path: 'members', value: [{ value: 'u1' }] }]);
      assert.deepEqual(added.valueChanges({ references: byKey, now: 0 }), [
        { attribute: 'memberUid', add: ['u1'], remove: [] },
      ]);
      const removed = patch(posix, unixGroup, [{ op: 'remove', path: 'members[value eq "u1"]' }]);
      assert.deepEqual(removed.valueChanges({ references: byKey, now: 0 }), [
        { attribute: 'memberUid', add: [], remove: ['alias', 'u1'] },
      ]);
    });
  });
});
