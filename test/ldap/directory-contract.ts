// What the gateway counts on from a directory, as one suite that runs over `DirectoryPort` against the embedded directory
// and against a real OpenLDAP: the embedded one is good for tests as far as both pass it.
import assert from 'node:assert/strict';
import { createDirectory, type Directory } from '../../src/ldap/client/directory.ts';
import type { DirectoryConfig } from '../../src/ldap/client/directory-config.ts';
import { dnKey } from '../../src/ldap/dn.ts';
import { LdapError } from '../../src/ldap/errors.ts';
import { equality, type LdapTest, not, or, present, substrings } from '../../src/ldap/filter.ts';
import type { Modification, RequestControl, SearchRequest } from '../../src/ldap/operations.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';

export interface ContractDirectory {
  readonly config: DirectoryConfig;
  /** Two empty containers below the same base, in which the suite works alone; uid and mail are unique in `peopleDn`. */
  readonly peopleDn: string;
  readonly groupsDn: string;
  /** What stands in a reference whose last value went. */
  readonly nobodyDn: string;
  stop(): Promise<void>;
}

const modify = (operation: Modification['operation'], attribute: string, ...values: string[]): Modification => ({
  operation,
  attribute,
  values,
});

export function describeDirectoryContract(name: string, start: () => Promise<ContractDirectory>): void {
  describe(`directory contract: ${name}`, function () {
    this.timeout(60_000);
    let contract: ContractDirectory;
    let directory: Directory;
    const person = (uid: string) => `uid=${uid},${contract.peopleDn}`;
    const group = (cn: string) => `cn=${cn},${contract.groupsDn}`;

    const addPerson = (uid: string, more: Readonly<Record<string, string | readonly string[]>> = {}) =>
      add(person(uid), { objectClass: 'inetOrgPerson', uid, cn: uid, sn: 'Test', mail: `${uid}@example.com`, ...more });
    const addGroup = (cn: string, member: readonly string[]) =>
      add(group(cn), { objectClass: 'groupOfNames', cn, member });
    const add = (dn: string, attributes: Readonly<Record<string, string | readonly string[]>>) =>
      directory.add({
        dn,
        attributes: Object.entries(attributes).map(([type, values]) => ({
          type,
          values: typeof values === 'string' ? [values] : values,
        })),
      });
    const change = (dn: string, modifications: readonly Modification[], controls: readonly RequestControl[] = []) =>
      directory.modify({ dn, modifications, controls });
    const read = async (dn: string, ...attributes: string[]) => {
      const { entries } = await directory
        .search({ base: dn, scope: 'base', filter: present('objectClass'), attributes })
        .collect();
      assert.equal(entries.length, 1);
      return entries[0]!;
    };
    const find = async (filter: string, more: Partial<SearchRequest> = {}) => {
      const { entries } = await directory
        .search({
          base: contract.peopleDn,
          scope: 'one',
          filter: parseLdapFilter(filter),
          attributes: ['uid'],
          ...more,
        })
        .collect();
      return entries.map((entry) => entry.first('uid') ?? entry.dn);
    };
    const rejects = (promise: Promise<unknown>, code: number) =>
      assert.rejects(promise, (error) => {
        assert.ok(error instanceof LdapError, String(error));
        assert.equal(error.code, code, error.message);
        return true;
      });
    /** Overlays may work a moment after the answer. */
    const eventually = async <T>(look: () => Promise<T>, expected: T): Promise<void> => {
      for (let attempt = 0; ; attempt++) {
        const seen = await look();
        try {
          assert.deepEqual(seen, expected);
          return;
        } catch (error) {
          if (attempt === 40) throw error;
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
      }
    };

    before(async () => {
      contract = await start();
      directory = createDirectory(contract.config);
      await addPerson('ada', { title: 'Engineer', displayName: 'Ada', telephoneNumber: '+1 555 0100' });
      await addPerson('björn', {
        cn: ['Björn Åke', 'Bjorn'],
        employeeNumber: '7',
        mail: 'bjorn@example.com',
        manager: person('ada'),
      });
      await addPerson('carl', { sn: 'Øst', title: 'Analyst' });
      await addGroup('crew', [person('ada'), person('carl')]);
    });
    after(async () => {
      await directory?.close();
      await contract?.stop();
    });

    describe('refuses', () => {
      const addCases: readonly [
        title: string,
        rdn: string,
        attributes: Record<string, string | string[]>,
        code: number,
      ][] = [
        ['a class that it does not know', 'uid=x', { objectClass: 'nonsense', uid: 'x' }, 21],
        ['no class', 'uid=x', { uid: 'x' }, 65],
        ['no structural class', 'uid=x', { objectClass: 'uidObject', uid: 'x' }, 65],
        ['an abstract class alone', 'uid=x', { objectClass: 'top', uid: 'x' }, 65],
        [
          'two structural classes',
          'uid=x',
          { objectClass: ['inetOrgPerson', 'device'], uid: 'x', cn: 'x', sn: 'x' },
          65,
        ],
        ['a missing attribute', 'uid=x', { objectClass: 'inetOrgPerson', uid: 'x', cn: 'x' }, 65],
        ['an attribute of no class', 'uid=x', { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', member: 'cn=x' }, 65],
        ['an attribute of no schema', 'uid=x', { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', nonsense: 'x' }, 17],
        ['an empty value', 'uid=x', { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', title: '' }, 21],
        [
          'a malformed number',
          'uid=x',
          {
            objectClass: ['inetOrgPerson', 'posixAccount'],
            cn: 'x',
            sn: 'x',
            uidNumber: '1a',
            gidNumber: '1',
            homeDirectory: '/',
          },
          21,
        ],
        ['a malformed name', 'uid=x', { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', manager: 'nobody' }, 21],
        [
          'a name of unknown types',
          'uid=x',
          { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', manager: 'nonsense=x' },
          21,
        ],
        ['a value twice', 'uid=x', { objectClass: 'inetOrgPerson', cn: ['x', 'X'], sn: 'x' }, 20],
        [
          'two values of a single one',
          'uid=x',
          { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', displayName: ['a', 'b'] },
          19,
        ],
        [
          'what the directory alone writes',
          'uid=x',
          { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', entryUUID: '8d3f9c4e-21c5-4b64-9b2e-9f0f6a3a2f11' },
          19,
        ],
        ['a name that is taken', 'uid=ADA', { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x' }, 68],
        ['a parent that is not there', 'uid=x,ou=nowhere', { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x' }, 32],
        ['a uid that another has', 'cn=x', { objectClass: 'inetOrgPerson', uid: 'Ada', sn: 'x' }, 19],
        [
          'a mail that another has',
          'uid=x',
          { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x', mail: 'ADA@example.com' },
          19,
        ],
        [
          'a naming attribute that it does not know',
          'nonsense=x',
          { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x' },
          34,
        ],
      ];
      for (const [title, rdn, attributes, code] of addCases)
        it(`${title}, with ${code} to an add`, () => rejects(add(`${rdn},${contract.peopleDn}`, attributes), code));

      const modifyCases: readonly [title: string, uid: string, modifications: Modification[], code: number][] = [
        ['a value that is there', 'ada', [modify('add', 'mail', 'Ada@Example.com')], 20],
        ['a value twice', 'ada', [modify('replace', 'mail', 'x@example.com', 'X@example.com')], 20],
        ['removal of a value that is not there', 'ada', [modify('delete', 'mail', 'x@example.com')], 16],
        ['removal of an attribute that is not there', 'ada', [modify('delete', 'pager')], 16],
        ['removal of a value of an absent attribute', 'ada', [modify('delete', 'pager', '1')], 16],
        ['removal of an attribute that must be', 'ada', [modify('delete', 'sn')], 65],
        ['two values of a single one', 'ada', [modify('replace', 'displayName', 'a', 'b')], 19],
        ['a second value of a single one', 'ada', [modify('add', 'displayName', 'b')], 19],
        ['another naming value', 'ada', [modify('replace', 'uid', 'else')], 64],
        ['no naming value', 'ada', [modify('delete', 'uid')], 64],
        ['another structural class', 'ada', [modify('replace', 'objectClass', 'device')], 69],
        ['no class at all', 'ada', [modify('delete', 'objectClass')], 65],
        ['an unknown class', 'ada', [modify('add', 'objectClass', 'nonsense')], 21],
        ['an unknown attribute', 'ada', [modify('replace', 'nonsense', 'x')], 17],
        ['an attribute of no class', 'ada', [modify('add', 'member', person0())], 65],
        ['what the directory alone writes', 'ada', [modify('replace', 'createTimestamp', '20260101000000Z')], 19],
        ['an increment of nothing', 'ada', [modify('increment', 'uidNumber', '1')], 16],
        ['an increment of text', 'ada', [modify('increment', 'sn', '1')], 19],
        ['an increment by two', 'ada', [modify('increment', 'uidNumber', '1', '2')], 2],
        ['a uid that another has', 'carl', [modify('add', 'uid', 'ADA')], 19],
        ['a mail that another has', 'carl', [modify('replace', 'mail', 'ADA@example.com')], 19],
        ['an entry that is not there', 'nobody', [modify('replace', 'sn', 'x')], 32],
      ];
      for (const [title, uid, modifications, code] of modifyCases)
        it(`${title}, with ${code} to a modify`, () => rejects(change(person(uid), modifications), code));

      it('a group without members, with 65', async () => {
        await rejects(add(group('empty'), { objectClass: 'groupOfNames', cn: 'empty' }), 65);
        await rejects(change(group('crew'), [modify('delete', 'member')]), 65);
        await rejects(change(group('crew'), [modify('replace', 'member')]), 65);
      });

      const renameCases: readonly [
        title: string,
        uid: string,
        newRdn: string,
        newSuperior: string | undefined,
        code: number,
      ][] = [
        ['a new name that is no RDN', 'ada', 'ada', undefined, 34],
        ['a new name of an unknown type', 'ada', 'nonsense=ada', undefined, 34],
        ['a new name of a type that no class allows', 'ada', 'member=cn\\3Dx', undefined, 65],
        ['a uid that another has', 'ada', 'uid=carl', undefined, 19],
        ['an entry that is not there', 'nobody', 'uid=someone', undefined, 32],
        ['a place that is not there', 'ada', 'uid=ada', 'ou=nowhere', 32],
      ];
      for (const [title, uid, newRdn, superior, code] of renameCases)
        it(`${title}, with ${code} to a modify DN`, () =>
          rejects(
            directory.modifyDn({
              dn: person(uid),
              newRdn,
              deleteOldRdn: true,
              ...(superior === undefined ? {} : { newSuperior: `${superior},${contract.groupsDn}` }),
            }),
            code,
          ));
      it('a new name that is taken, with 68', () =>
        addGroup('second', [person('ada')])
          .then(() => rejects(directory.modifyDn({ dn: group('second'), newRdn: 'cn=crew', deleteOldRdn: true }), 68))
          .then(() => directory.delete({ dn: group('second') })));
      it('to place an entry below itself, with 53', () =>
        rejects(
          directory.modifyDn({
            dn: contract.peopleDn,
            newRdn: 'ou=people',
            deleteOldRdn: true,
            newSuperior: person('ada'),
          }),
          53,
        ));
      it('to delete what has children, with 66, or is not there, with 32', async () => {
        await rejects(directory.delete({ dn: contract.peopleDn }), 66);
        await rejects(directory.delete({ dn: person('nobody') }), 32);
      });
      it('names the deepest entry that is there', () =>
        assert.rejects(directory.delete({ dn: `cn=x,ou=y,${contract.peopleDn}` }), { matchedDn: contract.peopleDn }));
      it('what is no DN, with 34', () => rejects(directory.delete({ dn: 'nonsense' }), 34));
      it('what lies outside, with 53 to writes and 32 to searches', async () => {
        await rejects(directory.delete({ dn: 'dc=elsewhere' }), 53);
        await rejects(find('(uid=*)', { base: 'dc=elsewhere' }), 32);
      });
    });

    describe('modify', () => {
      it('is all or nothing', async () => {
        const before = await read(person('carl'), '*', '+');
        await rejects(
          change(person('carl'), [
            modify('add', 'description', 'new'),
            modify('replace', 'title', 'Chief'),
            modify('delete', 'sn'),
          ]),
          65,
        );
        const after = await read(person('carl'), '*', '+');
        assert.deepEqual(sorted(after.attributes), sorted(before.attributes));
      });
      it('compares by matching rule, keeps the spelling that was there', async () => {
        await addPerson('eve', { title: 'Engineer' });
        await change(person('eve'), [modify('delete', 'title', 'ENGINEER'), modify('add', 'title', 'Boss')]);
        assert.deepEqual((await read(person('eve'), 'title')).strings('title'), ['Boss']);
        await directory.delete({ dn: person('eve') });
      });
      it('takes a replace without values of an absent attribute', () =>
        change(person('carl'), [modify('replace', 'pager')]));
      it('exchanges the last member in one go', async () => {
        await addGroup('swap', [person('ada')]);
        await change(group('swap'), [
          modify('delete', 'member', `UID=Ada, ${contract.peopleDn}`),
          modify('add', 'member', person('carl')),
        ]);
        assert.deepEqual((await read(group('swap'), 'member')).strings('member'), [person('carl')]);
        await directory.delete({ dn: group('swap') });
      });
      it('changes entryCSN every time, also where nothing changes', async () => {
        const csn = async () => (await read(person('carl'), 'entryCSN')).first('entryCSN');
        const first = await csn();
        assert.match(first ?? '', /^\d{14}\.\d{6}Z#[0-9a-f]{6}#[0-9a-f]{3}#[0-9a-f]{6}$/);
        await change(person('carl'), [modify('replace', 'title', 'Analyst')]);
        assert.ok((first ?? '') < ((await csn()) ?? ''));
      });
      it('with the permissive control lets pass what is so already, but a missing value', async () => {
        const permissive = [{ kind: 'permissiveModify' }] as const;
        await change(person('carl'), [modify('add', 'mail', 'carl@example.com')], permissive);
        await change(person('carl'), [modify('delete', 'pager')], permissive);
        await rejects(change(person('carl'), [modify('delete', 'mail', 'x@example.com')], permissive), 16);
      });
      it('increments', async () => {
        await add(`cn=counter,${contract.groupsDn}`, { objectClass: 'posixGroup', cn: 'counter', gidNumber: '41' });
        const { controls } = await directory.modify({
          dn: `cn=counter,${contract.groupsDn}`,
          modifications: [modify('increment', 'gidNumber', '1')],
          controls: [{ kind: 'preRead', attributes: ['gidNumber'] }],
        });
        assert.equal(controls.preRead?.first('gidNumber'), '41');
        assert.equal((await read(`cn=counter,${contract.groupsDn}`, 'gidNumber')).first('gidNumber'), '42');
        await directory.delete({ dn: `cn=counter,${contract.groupsDn}` });
      });
      it('refuses values without equality rule to be added or removed one by one, with 18', async () => {
        await change(person('carl'), [modify('replace', 'jpegPhoto', 'picture')]);
        await rejects(change(person('carl'), [modify('add', 'jpegPhoto', 'another')]), 18);
        await rejects(change(person('carl'), [modify('delete', 'jpegPhoto', 'picture')]), 18);
        await change(person('carl'), [modify('delete', 'jpegPhoto')]);
      });
    });

    describe('controls', () => {
      it('pre-read and post-read come with the answer', async () => {
        const { controls } = await directory.add({
          dn: person('fay'),
          attributes: [
            { type: 'objectClass', values: ['inetOrgPerson'] },
            { type: 'cn', values: ['Fay'] },
            { type: 'sn', values: ['F'] },
          ],
          controls: [{ kind: 'postRead', attributes: ['entryUUID', 'uid'] }],
        });
        assert.match(controls.postRead?.first('entryUUID') ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        assert.equal(controls.postRead?.first('uid'), 'fay', 'the value of the RDN was added');
        const removed = await directory.delete({
          dn: person('fay'),
          controls: [{ kind: 'preRead', attributes: ['cn'] }],
        });
        assert.equal(removed.controls.preRead?.first('cn'), 'Fay');
      });
      it('an assertion that does not hold is 122, and nothing happens', async () => {
        const entry = await read(person('carl'), 'entryCSN', 'entryUUID');
        const holds = (csn: string): RequestControl => ({
          kind: 'assertion',
          filter: or(equality('entryCSN', csn), not(equality('entryUUID', entry.first('entryUUID') ?? ''))),
        });
        const stale = '20200101000000.000000Z#000000#000#000000';
        await rejects(change(person('carl'), [modify('replace', 'title', 'X')], [holds(stale)]), 122);
        await rejects(directory.delete({ dn: person('carl'), controls: [holds(stale)] }), 122);
        await rejects(
          directory.modifyDn({
            dn: person('carl'),
            newRdn: 'uid=charles',
            deleteOldRdn: true,
            controls: [holds(stale)],
          }),
          122,
        );
        await change(person('carl'), [modify('replace', 'title', 'Analyst')], [holds(entry.first('entryCSN') ?? '')]);
      });
      it('deref brings what is behind the names, bare names where nothing is', async () => {
        await addGroup('deref', [person('ada'), person('gone')]);
        const { entries } = await directory
          .search({
            base: group('deref'),
            scope: 'base',
            filter: present('objectClass'),
            attributes: ['cn'],
            controls: [{ kind: 'deref', items: [{ attribute: 'member', attributes: ['entryUUID'] }] }],
          })
          .collect();
        const members = [...(entries[0]?.dereferenced?.get('member') ?? [])];
        const ada = (await read(person('ada'), 'entryUUID')).first('entryUUID');
        assert.deepEqual(
          members.map(({ dn, entry }) => [dn, entry.first('entryUUID')]),
          [
            [person('ada'), ada],
            [person('gone'), undefined],
          ],
        );
        await directory.delete({ dn: group('deref') });
      });
      it('of matched values only those come that one of the tests names, and of other attributes none', async () => {
        const odd = 'odd, "one" + \\ more';
        const oddDn = `uid=odd\\2C \\22one\\22 \\2B \\5C more,${contract.peopleDn}`;
        await add(oddDn, { objectClass: 'inetOrgPerson', uid: odd, cn: 'odd', sn: 'odd' });
        await addGroup('matched', [person('ada'), person('björn').toUpperCase(), person('carl'), oddDn]);
        const choose = async (...tests: LdapTest[]) => {
          const { entries } = await directory
            .search({
              base: contract.groupsDn,
              scope: 'one',
              filter: equality('cn', 'matched'),
              attributes: ['cn', 'member', 'entryUUID', 'description'],
              controls: [{ kind: 'matchedValues', tests }],
            })
            .collect();
          return entries.map((entry) => [
            entry.strings('member').map(dnKey).sort(),
            entry.strings('cn'),
            entry.has('entryUUID'),
          ]);
        };
        const [ada = '', bjorn = '', other = ''] = [person('ada'), person('björn'), oddDn].map(dnKey);
        assert.deepEqual(await choose(equality('member', person('ADA')), equality('member', person('gone'))), [
          [[ada], [], false],
        ]);
        const several = [person('björn'), oddDn].map((dn) => equality('member', dn));
        assert.deepEqual(await choose(...several, present('cn'), present('entryUUID')), [
          [[bjorn, other].sort(), ['matched'], true],
        ]);
        assert.deepEqual(await choose(equality('member', person('gone')), substrings('cn', { initial: 'mat' })), [
          [[], ['matched'], false],
        ]);
        assert.deepEqual(await choose(equality('cn', 'Matched'), equality('nonsense', 'x')), [
          [[], ['matched'], false],
        ]);
        await directory.delete({ dn: group('matched') });
        await directory.delete({ dn: oddDn });
      });
      it('sorts by a rule that is named, and wants one where the attribute has none', async () => {
        const sort = (orderingRule?: string, reverse = false): RequestControl[] => [
          { kind: 'sort', keys: [{ attribute: 'uid', reverse, ...(orderingRule ? { orderingRule } : {}) }] },
        ];
        assert.deepEqual(await find('(uid=*)', { controls: sort('caseIgnoreOrderingMatch') }), [
          'ada',
          'björn',
          'carl',
        ]);
        assert.deepEqual(await find('(uid=*)', { controls: sort('caseIgnoreOrderingMatch', true) }), [
          'carl',
          'björn',
          'ada',
        ]);
        await rejects(find('(uid=*)', { controls: sort() }), 18);
      });
      it('shows a window of a sorted list', async () => {
        const { entries, result } = await directory
          .search({
            base: contract.peopleDn,
            scope: 'one',
            filter: present('uid'),
            attributes: ['uid'],
            controls: [
              { kind: 'sort', keys: [{ attribute: 'uid', orderingRule: 'caseIgnoreOrderingMatch' }] },
              { kind: 'vlv', before: 0, after: 1, offset: 2, contentCount: 0 },
            ],
          })
          .collect();
        assert.deepEqual(
          entries.map((entry) => entry.first('uid')),
          ['björn', 'carl'],
        );
        assert.deepEqual(result.controls.vlv, { position: 2, contentCount: 3, code: 0 });
      });
      it('pages through all, whatever the size of a page', async () => {
        for (const pageSize of [1, 2, 3, 100])
          assert.deepEqual((await find('(uid=*)', { pageSize })).sort(), ['ada', 'björn', 'carl'], `${pageSize}`);
      });
    });

    describe('search', () => {
      const filters: readonly [filter: string, uids: string[]][] = [
        ['(uid=ADA)', ['ada']],
        ['(cn=bjorn)', ['björn']],
        ['(cn=BJÖRN  åke)', ['björn']],
        ['(sn=øst)', ['carl']],
        ['(name=ada)', ['ada']],
        ['(2.5.4.3=ada)', ['ada']],
        ['(objectClass=person)', ['ada', 'björn', 'carl']],
        ['(!(objectClass=person))', []],
        ['(objectClass=nonsense)', []],
        ['(title=*)', ['ada', 'carl']],
        ['(title=*n*e*r)', ['ada']],
        ['(title=eng*)', ['ada']],
        ['(!(title=engineer))', ['björn', 'carl']],
        ['(nonsense=x)', []],
        ['(!(nonsense=x))', []],
        ['(|(nonsense=x)(uid=ada))', ['ada']],
        ['(&(nonsense=x)(uid=ada))', []],
        ['(uid>=a)', []],
        ['(!(uid>=a))', []],
        ['(modifyTimestamp>=20200101000000Z)', ['ada', 'björn', 'carl']],
        ['(modifyTimestamp<=20200101000000Z)', []],
        ['(entryCSN>=20200101000000.000000Z#000000#000#000000)', ['ada', 'björn', 'carl']],
        ['(entryUUID=nonsense)', []],
        ['(!(entryUUID=nonsense))', []],
        ['(telephoneNumber=+15550100)', ['ada']],
        ['(telephoneNumber=*5550*)', ['ada']],
        ['(cn:caseExactMatch:=Bjorn)', ['björn']],
        ['(cn:caseExactMatch:=bjorn)', []],
        ['(&)', ['ada', 'björn', 'carl']],
        ['(|)', []],
      ];
      for (const [filter, uids] of filters)
        it(`${filter} finds ${uids.join(', ') || 'nothing'}`, async () =>
          assert.deepEqual((await find(filter)).sort(), uids));
      it('(manager=...) compares names, not text', async () => {
        const spelling = `UID=Ada ,  ${contract.peopleDn.replace('ou=people', 'OU=People')}`;
        const { entries } = await directory
          .search({
            base: contract.peopleDn,
            scope: 'subtree',
            filter: equality('manager', spelling),
            attributes: ['1.1'],
          })
          .collect();
        assert.equal(entries.length, 1);
        assert.equal(entries[0]?.attributes.size, 0);
      });
      it('no part of a name matches', async () => {
        const { entries } = await directory
          .search({
            base: contract.peopleDn,
            scope: 'subtree',
            filter: substrings('manager', { initial: 'uid=a', any: [] }),
            attributes: ['1.1'],
          })
          .collect();
        assert.equal(entries.length, 0);
      });
      it('keeps to its scope', async () => {
        assert.deepEqual(await find('(objectClass=*)', { scope: 'base' }), [contract.peopleDn]);
        assert.equal((await find('(objectClass=*)', { scope: 'one' })).length, 3);
        assert.equal((await find('(objectClass=*)', { scope: 'subtree' })).length, 4);
      });
      it('ends with 4 where more match than were asked for', () => rejects(find('(uid=*)', { sizeLimit: 2 }), 4));
      it('takes a limit that is not reached', async () =>
        assert.equal((await find('(uid=*)', { sizeLimit: 3 })).length, 3));
      it('returns the attributes that were asked for', async () => {
        const user = await read(person('ada'), '*');
        assert.ok(user.has('sn') && user.has('objectClass') && !user.has('entryUUID') && !user.has('entryDN'));
        const operational = await read(person('ada'), '+');
        for (const name of [
          'entryUUID',
          'entryCSN',
          'createTimestamp',
          'modifyTimestamp',
          'creatorsName',
          'modifiersName',
        ])
          assert.ok(operational.has(name), name);
        assert.ok(!operational.has('sn'));
        assert.equal(operational.first('entryDN'), person('ada'));
        assert.equal(operational.first('structuralObjectClass'), 'inetOrgPerson');
        assert.equal(operational.first('hasSubordinates'), 'FALSE');
        const some = await read(person('ada'), 'TITLE', 'nonsense', 'commonName');
        assert.deepEqual(Array.from(some.attributes.keys()).sort(), ['cn', 'title']);
        assert.deepEqual(Array.from((await read(person('ada'), 'name')).attributes.keys()).sort(), [
          'cn',
          'sn',
          'title',
        ]);
      });
      it('returns names without values where only those are wanted', async () => {
        const { entries } = await directory
          .search({
            base: person('ada'),
            scope: 'base',
            filter: present('objectClass'),
            attributes: ['title'],
            typesOnly: true,
          })
          .collect();
        assert.deepEqual(Array.from(entries[0]?.attributes ?? []), [['title', []]]);
      });
    });

    describe('names and references', () => {
      it('follow a rename; the id stays', async () => {
        await addPerson('gil');
        await addPerson('hal', { manager: person('gil'), seeAlso: person('gil') });
        await addGroup('follow', [person('gil'), person('ada')]);
        const id = (await read(person('gil'), 'entryUUID')).first('entryUUID');
        const { controls } = await directory.modifyDn({
          dn: person('gil'),
          newRdn: 'uid=Gilbert',
          deleteOldRdn: true,
          controls: [{ kind: 'postRead', attributes: ['entryUUID', 'uid'] }],
        });
        assert.deepEqual([controls.postRead?.first('entryUUID'), controls.postRead?.strings('uid')], [id, ['Gilbert']]);
        await eventually(
          async () => (await read(group('follow'), 'member')).strings('member').sort(),
          [person('Gilbert'), person('ada')],
        );
        await eventually(async () => (await read(person('hal'), 'manager')).first('manager'), person('Gilbert'));
        await eventually(async () => (await read(person('hal'), 'seeAlso')).first('seeAlso'), person('Gilbert'));
      });
      it('keep the old name where it is not to be deleted', async () => {
        await directory.modifyDn({ dn: person('hal'), newRdn: 'cn=Hal', deleteOldRdn: false });
        const entry = await read(`cn=Hal,${contract.peopleDn}`, 'uid', 'cn');
        assert.deepEqual([entry.strings('uid'), entry.strings('cn')], [['hal'], ['hal']]);
        await directory.modifyDn({ dn: `cn=Hal,${contract.peopleDn}`, newRdn: 'uid=hal', deleteOldRdn: false });
      });
      it('take another spelling', async () => {
        await directory.modifyDn({ dn: person('gilbert'), newRdn: 'uid=GILBERT', deleteOldRdn: true });
        assert.deepEqual((await read(person('gilbert'), 'uid')).strings('uid'), ['GILBERT']);
      });
      it('move with a subtree', async () => {
        await add(`ou=north,${contract.peopleDn}`, { objectClass: 'organizationalUnit', ou: 'north' });
        await add(`uid=ina,ou=north,${contract.peopleDn}`, { objectClass: 'inetOrgPerson', cn: 'Ina', sn: 'I' });
        await addGroup('moving', [`uid=ina,ou=north,${contract.peopleDn}`]);
        await directory.modifyDn({
          dn: `ou=north,${contract.peopleDn}`,
          newRdn: 'ou=south',
          deleteOldRdn: true,
          newSuperior: contract.groupsDn,
        });
        const moved = `uid=ina,ou=south,${contract.groupsDn}`;
        assert.equal((await read(moved, 'uid')).first('uid'), 'ina');
        await rejects(read(`uid=ina,ou=north,${contract.peopleDn}`, 'uid'), 32);
        await eventually(async () => (await read(group('moving'), 'member')).strings('member'), [moved]);
        await directory.delete({ dn: moved });
        await directory.delete({ dn: `ou=south,${contract.groupsDn}` });
      });
      it('go with what is deleted; nobody takes the last place', async () => {
        await directory.delete({ dn: person('gilbert') });
        await eventually(async () => (await read(group('follow'), 'member')).strings('member'), [person('ada')]);
        await eventually(async () => (await read(person('hal'), 'manager')).first('manager'), contract.nobodyDn);
        await addGroup('last', [person('hal')]);
        const before = (await read(group('last'), 'entryCSN')).first('entryCSN');
        const modifier = async () => (await read(group('last'), 'modifiersName')).first('modifiersName');
        await directory.delete({ dn: person('hal') });
        await eventually(async () => (await read(group('last'), 'member')).strings('member'), [contract.nobodyDn]);
        assert.equal(
          (await read(group('last'), 'entryCSN')).first('entryCSN'),
          before,
          'repairs are no changes of their own',
        );
        await eventually(modifier, 'cn=Referential Integrity Overlay');
        await directory.delete({ dn: group('last') });
        await directory.delete({ dn: group('follow') });
        await directory.delete({ dn: group('moving') });
      });
    });

    describe('compare', () => {
      it('is true or false', async () => {
        const compare = (attribute: string, value: string) =>
          directory.compare({ dn: person('ada'), attribute, value });
        assert.equal(await compare('uid', 'ADA'), true);
        assert.equal(await compare('uid', 'carl'), false);
        await rejects(compare('pager', '1'), 16);
        await rejects(compare('nonsense', '1'), 17);
        await rejects(directory.compare({ dn: person('nobody'), attribute: 'uid', value: 'x' }), 32);
      });
    });

    describe('passwords', () => {
      const bindAs = async (dn: string, password: string) => {
        const other = createDirectory({ ...contract.config, bind: { dn, password } });
        try {
          return await other.whoAmI();
        } finally {
          await other.close();
        }
      };
      it('are set, hashed and used', async () => {
        await directory.passwordModify({ userIdentity: person('ada'), newPassword: 'correct horse' });
        assert.match((await read(person('ada'), 'userPassword')).first('userPassword') ?? '', /^\{SSHA\}/);
        assert.equal(await bindAs(person('ada'), 'correct horse'), `dn:${person('ada')}`);
        await rejects(bindAs(person('ada'), 'wrong'), 49);
        await rejects(bindAs(person('nobody'), 'wrong'), 49);
      });
      it('a new password lifts the lock of the password policy', async () => {
        const attribute = 'pwdAccountLockedTime';
        const dn = person('ada');
        await directory.modify({ dn, modifications: [{ operation: 'replace', attribute, values: ['000001010000Z'] }] });
        await directory.passwordModify({ userIdentity: dn, newPassword: 'correct horse' });
        const request = { base: dn, scope: 'base', filter: { kind: 'present', attribute: 'objectClass' } } as const;
        const { entries } = await directory.search({ ...request, attributes: [attribute] }).collect();
        assert.deepEqual(entries[0]?.strings(attribute), []);
      });

      it('are made by the directory where none is given', async () => {
        const made = await directory.passwordModify({ userIdentity: person('carl') });
        assert.equal(await bindAs(person('carl'), made ?? ''), `dn:${person('carl')}`);
      });
      it('are hashed when they come with a modify', async () => {
        await change(person('carl'), [modify('replace', 'userPassword', 'battery staple')]);
        assert.match((await read(person('carl'), 'userPassword')).first('userPassword') ?? '', /^\{SSHA\}/);
        assert.equal(await bindAs(person('carl'), 'battery staple'), `dn:${person('carl')}`);
      });
      it('are refused: a wrong old one with 53, for an unknown entry with 32', async () => {
        await rejects(
          directory.passwordModify({ userIdentity: person('ada'), oldPassword: 'wrong', newPassword: 'other' }),
          53,
        );
        await rejects(directory.passwordModify({ userIdentity: person('nobody'), newPassword: 'other' }), 32);
      });
      it('open nothing for who is locked', async () => {
        await change(person('carl'), [modify('add', 'pwdAccountLockedTime', '000001010000Z')]);
        await rejects(bindAs(person('carl'), 'battery staple'), 49);
        assert.deepEqual(await find('(pwdAccountLockedTime=*)'), ['carl']);
        await change(person('carl'), [modify('delete', 'pwdAccountLockedTime')]);
        assert.equal(await bindAs(person('carl'), 'battery staple'), `dn:${person('carl')}`);
      });
    });

    describe('about itself', () => {
      it('tells what it can', async () => {
        const dse = await directory.rootDse();
        for (const oid of ['1.3.6.1.1.12', '1.3.6.1.1.13.1', '1.3.6.1.1.13.2', '1.2.840.113556.1.4.319'])
          assert.ok(dse.strings('supportedControl').includes(oid), oid);
        assert.ok(dse.strings('supportedExtension').includes('1.3.6.1.4.1.4203.1.11.1'));
        assert.equal(dse.first('subschemaSubentry'), 'cn=Subschema');
      });
      it('publishes its schema', async () => {
        const subschema = await directory.subschema();
        const { must, may } = subschema.allowed(['inetOrgPerson']);
        assert.ok(must.has('sn') && must.has('cn') && may.has('manager'));
        assert.equal(subschema.attributeType('displayName')?.singleValue, true);
        assert.equal(subschema.attributeType('member')?.equality, 'distinguishedNameMatch');
      });
      it('knows who asks', async () =>
        assert.equal(
          await directory.whoAmI(),
          `dn:${contract.config.bind && 'dn' in contract.config.bind ? contract.config.bind.dn : ''}`,
        ));
    });

    function sorted(attributes: ReadonlyMap<string, readonly Buffer[]>): unknown {
      return Array.from(attributes, ([key, values]) => [key, values.map(String).sort()] as const).sort(([a], [b]) =>
        a < b ? -1 : 1,
      );
    }
  });
}

/** Some name, for cases that never get as far as to look it up. */
function person0(): string {
  return 'cn=someone,dc=example,dc=com';
}
