import assert from 'node:assert/strict';
import { applyChanges, type Changes } from '../../src/gateway/apply-changes.ts';
import { defaultLimits } from '../../src/gateway/gateway.ts';
import { invertModifications } from '../../src/gateway/invert-modifications.ts';
import { createKnownTypes } from '../../src/gateway/known-types.ts';
import type { Run } from '../../src/gateway/run.ts';
import { createSerialize } from '../../src/gateway/serialize.ts';
import { createSnapshots } from '../../src/gateway/snapshots.ts';
import { HalfAppliedError } from '../../src/gateway/undo.ts';
import { createGenericDialect } from '../../src/ldap/dialects/generic.ts';
import { LdapEntry } from '../../src/ldap/entry.ts';
import { LdapConnectionError, LdapError } from '../../src/ldap/errors.ts';
import type { Modification, ModifyRequest } from '../../src/ldap/operations.ts';
import { standardSubschema } from '../../src/ldap/subschema/standard.ts';
import type { ValueChange } from '../../src/mapping/mapper.ts';
import { interop } from '../../src/scim/profile.ts';
import { type FakeDirectory, fakeDirectory } from './fake-directory.ts';

const dn = 'cn=team,ou=groups,dc=example,dc=com';
const nobody = 'cn=nobody,dc=example,dc=com';
const before = new LdapEntry(
  dn,
  new Map([
    ['title', [Buffer.from('old')]],
    ['mail', [Buffer.from('a@x'), Buffer.from('b@x')]],
  ]),
);

function runOn(directory: FakeDirectory): Run {
  const compiled = { name: 'test', resourceTypes: [], schemas: [], subschema: standardSubschema };
  return {
    directory,
    mending: directory,
    dialect: createGenericDialect(new LdapEntry('', new Map())),
    compiled,
    whole: compiled,
    viewer: '',
    limits: defaultLimits,
    snapshots: createSnapshots(),
    knownTypes: createKnownTypes(),
    serialize: createSerialize(),
    cursorSecret: Buffer.alloc(32),
    context: {
      baseUrl: '',
      profile: interop,
      requestId: 'test',
      access: undefined,
      signal: new AbortController().signal,
    },
  };
}

const members = (add: readonly string[], remove: readonly string[] = []): ValueChange => ({
  attribute: 'member',
  add,
  remove,
  placeholder: nobody,
});
const only = (change: ValueChange): Changes => ({ modifications: [], valueChanges: [change] });

/** A group in memory that answers as OpenLDAP 2.5.13 does: 20, 16 and 65. */
function group(...start: string[]): FakeDirectory & { values: Set<string> } {
  const values = new Set(start);
  const directory = fakeDirectory({
    async modify({ modifications }: ModifyRequest) {
      const next = new Set(values);
      for (const { operation, values: given } of modifications) {
        for (const value of given.map(String)) {
          if (operation === 'add') {
            if (next.has(value)) throw new LdapError(20);
            next.add(value);
          } else if (!next.delete(value)) throw new LdapError(16);
        }
      }
      if (next.size === 0) throw new LdapError(65);
      values.clear();
      for (const value of next) values.add(value);
      return { code: 0, controls: {} };
    },
    compare: async ({ value }) => values.has(String(value)),
  });
  return Object.assign(directory, { values });
}

describe('applyChanges', () => {
  const cases: readonly [string, readonly string[], ValueChange, readonly string[], number][] = [
    ['adds', ['a'], members(['b', 'c']), ['a', 'b', 'c'], 1],
    ['adds what is there already without a write', ['a', 'b'], members(['b']), ['a', 'b'], 1],
    [
      'adds the missing ones of several in one modify',
      ['a', 'b'],
      members(['b', 'c', 'a', 'd']),
      ['a', 'b', 'c', 'd'],
      2,
    ],
    ['the first one replaces the placeholder', [nobody], members(['a']), ['a'], 1],
    ['the last one leaves the placeholder', ['a'], members([], ['a']), [nobody], 2],
    ['all of several leave the placeholder', ['a', 'b'], members([], ['a', 'b']), [nobody], 2],
    ['removes what is gone already without a write', ['a'], members([], ['z']), ['a'], 1],
    ['removes those that are there', ['a', 'b'], members([], ['z', 'b']), ['a'], 2],
    ['the last one, with others that are gone already', ['a'], members([], ['z', 'a']), [nobody], 3],
    ['adds and removes', ['a', 'b'], members(['c'], ['a']), ['b', 'c'], 1],
    ['adds and removes the last', ['a'], members(['c'], ['a']), ['c'], 1],
    ['removing from an empty one stays quiet', [nobody], members([], ['a']), [nobody], 1],
  ];
  for (const [name, start, change, end, modifies] of cases) {
    it(name, async () => {
      const directory = group(...start);
      await applyChanges(runOn(directory), before, only(change), {}, undefined);
      assert.deepEqual([...directory.values].sort(), [...end].sort());
      assert.equal(directory.calls.filter(([operation]) => operation === 'modify').length, modifies);
      assert.equal(directory.calls.filter(([operation]) => operation === 'search').length, 0);
    });
  }

  // refint of OpenLDAP 2.5.13 works after the delete's answer, beside whoever repairs the references himself.
  for (const comes of ['before the first compare', 'after the first compare']) {
    it(`the last one, which an overlay takes away ${comes}`, async () => {
      const directory = group('a');
      let refused = false;
      const overlay = (): void => {
        if (!refused) return;
        directory.values.clear();
        directory.values.add(nobody);
      };
      const racing: FakeDirectory = {
        ...directory,
        async modify(request) {
          try {
            return await directory.modify(request);
          } catch (error) {
            refused = true;
            throw error;
          }
        },
        async compare(request) {
          if (comes.startsWith('before')) overlay();
          const holds = await directory.compare(request);
          overlay();
          return holds;
        },
      };
      const { changed } = await applyChanges(runOn(racing), before, only(members([], ['a'])), {}, undefined);
      assert.equal(changed, false);
      assert.deepEqual([...directory.values], [nobody]);
    });
  }

  it('sends a huge change in pieces, what comes before what goes, and takes them back together', async () => {
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    const old = names('old', 12_000);
    const directory = group(...old);
    await applyChanges(runOn(directory), before, only(members(names('new', 25_000), old)), {}, undefined);
    assert.equal(directory.values.size, 25_000);
    const sizes = directory.calls.flatMap(([operation, request]) =>
      operation === 'modify'
        ? (request as ModifyRequest).modifications.map(({ operation: each, values }) => `${each} ${values.length}`)
        : [],
    );
    assert.deepEqual(sizes, ['add 10000', 'add 10000', 'add 5000', 'delete 10000', 'delete 2000']);

    const few = group('a', 'b', 'c');
    const run = runOn(few);
    const capabilities = { ...run.dialect.capabilities, valuesPerWrite: 2 };
    const narrow = { ...run, dialect: { ...run.dialect, capabilities } };
    await applyChanges(narrow, before, only(members(['d', 'e', 'f'], ['a'])), {}, undefined);
    assert.deepEqual([...few.values].sort(), ['b', 'c', 'd', 'e', 'f']);
    assert.equal(few.calls.filter(([operation]) => operation === 'modify').length, 3);

    let modifies = 0;
    const failing = fakeDirectory({
      modify: () => (++modifies === 3 ? Promise.reject(new LdapError(53)) : Promise.resolve({ code: 0, controls: {} })),
    });
    await assert.rejects(applyChanges(runOn(failing), before, only(members(names('new', 25_000))), {}, undefined), {
      code: 53,
    });
    assert.deepEqual(
      failing.calls
        .slice(-2)
        .map(([, request]) =>
          (request as ModifyRequest).modifications.map(({ operation, values }) => [operation, values[0]]),
        ),
      [[['delete', 'new10000']], [['delete', 'new0']]],
    );
  });

  it('says whether anything changed', async () => {
    const applied = async (start: string, change: ValueChange) =>
      (await applyChanges(runOn(group(start)), before, only(change), {}, undefined)).changed;
    assert.deepEqual([await applied('a', members(['a'])), await applied('a', members(['b']))], [false, true]);
  });

  it('gives up on a group that others keep changing, and on other errors at once', async () => {
    const always = (code: number) =>
      fakeDirectory({ modify: () => Promise.reject(new LdapError(code)), compare: () => Promise.resolve(false) });
    for (const [code, modifies] of [
      [20, 5],
      [50, 1],
    ] as const) {
      const directory = always(code);
      await assert.rejects(applyChanges(runOn(directory), before, only(members(['a'])), {}, undefined), { code });
      assert.equal(directory.calls.filter(([operation]) => operation === 'modify').length, modifies);
    }
  });

  const change: Modification[] = [
    { operation: 'delete', attribute: 'title', values: [Buffer.from('old')] },
    { operation: 'add', attribute: 'title', values: ['new'] },
    { operation: 'replace', attribute: 'mail', values: ['c@x'] },
  ];
  const undone = [
    { operation: 'replace', attribute: 'mail', values: [Buffer.from('a@x'), Buffer.from('b@x')] },
    { operation: 'delete', attribute: 'title', values: ['new'] },
    { operation: 'add', attribute: 'title', values: [Buffer.from('old')] },
  ];

  it('U3 takes the modify back where the rename fails', async () => {
    const directory = fakeDirectory({ modifyDn: () => Promise.reject(new LdapError(68)) });
    const changes = { modifications: change, valueChanges: [], rename: 'cn=taken' };
    await assert.rejects(applyChanges(runOn(directory), before, changes, {}, undefined), { code: 68 });
    assert.deepEqual(
      directory.calls.map(([operation]) => operation),
      ['modify', 'modifyDn', 'modify'],
    );
    assert.deepEqual(directory.calls[2]?.[1], { dn, modifications: undone });
  });

  it('takes rename and modify back, in that order, where the password is refused', async () => {
    const directory = fakeDirectory({ passwordModify: () => Promise.reject(new LdapError(19)) });
    const changes = {
      modifications: change,
      valueChanges: [],
      rename: 'cn=new',
      password: { password: 'secret', after: [], kept: [] },
    };
    await assert.rejects(applyChanges(runOn(directory), before, changes, {}, undefined), { code: 19 });
    assert.deepEqual(
      directory.calls.map(([operation]) => operation),
      ['modify', 'modifyDn', 'passwordModify', 'modifyDn', 'modify'],
    );
    assert.deepEqual(directory.calls[3]?.[1], {
      dn: 'cn=new,ou=groups,dc=example,dc=com',
      newRdn: 'cn=team',
      deleteOldRdn: true,
    });
  });

  it('takes a move back where the password is refused, with its rename', async () => {
    const directory = fakeDirectory({ passwordModify: () => Promise.reject(new LdapError(19)) });
    const move = 'ou=others,dc=example,dc=com';
    const changes = {
      modifications: [],
      valueChanges: [],
      rename: 'cn=new',
      move,
      password: { password: 'secret', after: [], kept: [] },
    };
    await assert.rejects(applyChanges(runOn(directory), before, changes, {}, undefined), { code: 19 });
    const [there, , back] = directory.calls.map(([, request]) => request);
    assert.deepEqual(there, { dn, newRdn: 'cn=new', deleteOldRdn: true, newSuperior: move, controls: [] });
    const newSuperior = 'ou=groups,dc=example,dc=com';
    assert.deepEqual(back, { dn: `cn=new,${move}`, newRdn: 'cn=team', deleteOldRdn: true, newSuperior });
  });

  it('says so where it cannot take back what it wrote', async () => {
    let modifies = 0;
    const directory = fakeDirectory({
      modifyDn: () => Promise.reject(new LdapError(68)),
      modify: () =>
        ++modifies === 1
          ? Promise.resolve({ code: 0, controls: {} })
          : Promise.reject(new LdapConnectionError('gone', { mayBeApplied: false })),
    });
    const changes = { modifications: change, valueChanges: [], rename: 'cn=taken' };
    await assert.rejects(applyChanges(runOn(directory), before, changes, {}, undefined), HalfAppliedError);
  });
});

describe('invertModifications', () => {
  it('restores what a delete of all values took', () => {
    assert.deepEqual(invertModifications([{ operation: 'delete', attribute: 'mail', values: [] }], before), [
      { operation: 'add', attribute: 'mail', values: [Buffer.from('a@x'), Buffer.from('b@x')] },
    ]);
  });
});
