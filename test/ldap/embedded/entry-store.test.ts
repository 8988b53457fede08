import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyAdd } from '../../../src/ldap/embedded/apply-add.ts';
import { applyDelete } from '../../../src/ldap/embedded/apply-delete.ts';
import { applyModify } from '../../../src/ldap/embedded/apply-modify.ts';
import { applyModifyDn } from '../../../src/ldap/embedded/apply-modify-dn.ts';
import { baseLdif } from '../../../src/ldap/embedded/base-ldif.ts';
import { createDirectoryState } from '../../../src/ldap/embedded/create-directory-state.ts';
import type { DirectoryState } from '../../../src/ldap/embedded/directory-state.ts';
import { compileSelection } from '../../../src/ldap/embedded/entry-view.ts';
import { loadLdif } from '../../../src/ldap/embedded/load-ldif.ts';
import { getSearchBase, matchEntries, PAUSE } from '../../../src/ldap/embedded/search.ts';
import type { WriteContext } from '../../../src/ldap/embedded/write-context.ts';
import { LdapError } from '../../../src/ldap/errors.ts';
import type { LdapFilter } from '../../../src/ldap/filter.ts';
import { matches } from '../../../src/ldap/match-filter.ts';
import type { Modification } from '../../../src/ldap/operations.ts';

const suffix = 'dc=example,dc=com';
const context: WriteContext = {
  actor: { kind: 'administrator', dn: `cn=scim,${suffix}` },
  permissive: false,
  before: () => {},
  after: () => {},
};

/** A few people and a group: what happens from there on meets something. */
function createState(): DirectoryState {
  const state = createDirectoryState({ suffix });
  const person = (name: string) =>
    `dn: ${personDn(name)}\nobjectClass: inetOrgPerson\ncn: x\ncn;lang-de: x\nsn: ${name}\nmanager: ${personDn('a')}\n\n`;
  const group = `dn: ${groupDn('a')}\nobjectClass: groupOfNames\nmember: ${personDn('a')}\nmember: ${personDn('b')}\n`;
  loadLdif(state, [baseLdif(suffix), person('a'), person('b'), person('c'), group]);
  return state;
}

const personDn = (uid: string) => `uid=${uid},ou=people,${suffix}`;
const groupDn = (cn: string) => `cn=${cn},ou=groups,${suffix}`;
const uid = fc.constantFrom('a', 'b', 'c', 'd', 'B', 'C');
const text = fc.constantFrom('x', 'X', 'y', 'z', 'longer one');
const modification: fc.Arbitrary<Modification> = fc.record({
  operation: fc.constantFrom('add', 'delete', 'replace'),
  attribute: fc.constantFrom('cn', 'cn', 'cn;lang-de', 'sn', 'mail', 'employeeNumber', 'nonsense'),
  values: fc.array(text, { maxLength: 2 }),
});
const memberChange: fc.Arbitrary<Modification> = fc.record({
  operation: fc.constantFrom('add', 'delete', 'replace'),
  attribute: fc.constant('member'),
  values: fc.array(uid.map(personDn), { maxLength: 3 }),
});

type Step = (state: DirectoryState) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(uid, text).map(
    ([name, cn]): Step =>
      (state) =>
        applyAdd(
          state,
          {
            dn: personDn(name),
            attributes: [
              { type: 'objectClass', values: ['inetOrgPerson'] },
              { type: 'cn', values: [cn] },
              { type: 'sn', values: [cn] },
              { type: 'manager', values: [personDn('a')] },
            ],
          },
          context,
        ),
  ),
  fc.tuple(uid, fc.uniqueArray(uid, { minLength: 1 })).map(
    ([cn, members]): Step =>
      (state) =>
        applyAdd(
          state,
          {
            dn: groupDn(cn),
            attributes: [
              { type: 'objectClass', values: ['groupOfNames'] },
              { type: 'member', values: members.map(personDn) },
            ],
          },
          context,
        ),
  ),
  fc.tuple(uid, fc.array(modification, { minLength: 1, maxLength: 3 })).map(
    ([name, modifications]): Step =>
      (state) =>
        applyModify(state, { dn: personDn(name), modifications }, context),
  ),
  fc.tuple(uid, fc.array(memberChange, { minLength: 1, maxLength: 3 })).map(
    ([cn, modifications]): Step =>
      (state) =>
        applyModify(state, { dn: groupDn(cn), modifications }, context),
  ),
  fc.tuple(uid, uid, fc.boolean()).map(
    ([from, to, deleteOldRdn]): Step =>
      (state) =>
        applyModifyDn(state, { dn: personDn(from), newRdn: `uid=${to}`, deleteOldRdn }, context),
  ),
  fc.oneof(uid.map(personDn), uid.map(groupDn)).map(
    (dn): Step =>
      (state) =>
        applyDelete(state, { dn }, context),
  ),
);

const equality: fc.Arbitrary<LdapFilter> = fc
  .oneof(
    fc.tuple(fc.constantFrom('cn', 'CN', 'sn', 'mail', 'name', 'cn;lang-de'), text),
    fc.tuple(fc.constantFrom('member', 'manager'), uid.map(personDn)),
    fc.tuple(fc.constantFrom('uid', 'nonsense'), uid),
    fc.tuple(fc.constant('objectClass'), fc.constantFrom('person', 'inetOrgPerson', 'groupOfNames', 'top', 'nonsense')),
  )
  .map(([attribute, value]) => ({ kind: 'equality', attribute, value }));

const filter: fc.Arbitrary<LdapFilter> = fc.letrec<{ filter: LdapFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: equality, weight: 4 },
    fc.record({
      kind: fc.constant('present' as const),
      attribute: fc.constantFrom('cn', 'objectClass', 'manager', 'member', 'nonsense'),
    }),
    fc.record({
      kind: fc.constant('substrings' as const),
      attribute: fc.constantFrom('cn', 'uid', 'member'),
      initial: text,
      any: fc.constant([]),
    }),
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { maxLength: 3 }),
    }),
  ),
})).filter;

/** Runs a step; a refusal is as good as a success. */
function run(state: DirectoryState, each: Step): boolean {
  try {
    each(state);
    return true;
  } catch (error) {
    assert.ok(error instanceof LdapError, String(error));
    return false;
  }
}

function snapshot(state: DirectoryState): string {
  const all = compileSelection(state, ['*', '+'], () => true);
  return Array.from(state.store.entries, (entry) => {
    const lines = Array.from(
      all(entry).attributes,
      ([name, values]) => `${name}: ${values.map(String).sort().join('|')}`,
    );
    return [entry.dn, entry.key, ...lines.sort()].join('\n');
  })
    .sort()
    .join('\n\n');
}

describe('EntryStore', () => {
  it('finds by its indexes what a look at every entry finds', () => {
    const all = { scope: 'subtree' } as const;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(filter, { minLength: 4, maxLength: 12 }),
        (steps, filters) => {
          const state = createState();
          for (const each of steps) run(state, each);
          const base = getSearchBase(state, suffix);
          const view = compileSelection(state, ['*', '+'], () => true, { folded: true });
          for (const each of filters) {
            const found = Array.from(matchEntries(state, base, { ...all, filter: each }, () => true));
            const expected = Array.from(state.store.entries).filter((entry) =>
              matches(each, view(entry), state.subschema),
            );
            assert.deepEqual(
              found.map((entry) => (entry === PAUSE ? '' : entry.dn)).sort(),
              expected.map((entry) => entry.dn).sort(),
            );
            assert.equal(new Set(found).size, found.length, 'each entry once');
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it('is after a refusal what it was before', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), step, (steps, last) => {
        const state = createState();
        for (const each of steps) run(state, each);
        const before = snapshot(state);
        if (run(state, last)) return;
        refused++;
        assert.equal(snapshot(state), before);
      }),
      { numRuns: 500 },
    );
    assert.ok(refused > 50, `${refused} refusals`);
  });

  it('leaves no reference to what is gone, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), uid, (steps, victim) => {
        const state = createState();
        for (const each of steps) run(state, each);
        if (!run(state, (each) => applyDelete(each, { dn: personDn(victim) }, context))) return;
        const gone = `uid=${victim.toLowerCase()},ou=people,${suffix}`;
        assert.equal(state.store.lookup('member', gone).size, 0);
        for (const entry of state.store.entries)
          for (const name of ['member', 'manager'])
            for (const value of entry.attributes.get(name)?.values ?? [])
              assert.notEqual(value.toString().toLowerCase(), gone, entry.dn);
      }),
      { numRuns: 300 },
    );
  });

  it('names the deepest entry on the way to a missing one', () => {
    const { store } = createState();
    assert.equal(store.matchedDn(`cn=a,cn=b,ou=people,${suffix}`), `ou=people,${suffix}`);
    assert.equal(store.matchedDn(`cn=a,${suffix}`), suffix);
    assert.equal(store.matchedDn('dc=elsewhere'), '');
  });
});
