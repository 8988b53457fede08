// The facts about 389 Directory Server that docs/dialects.md lists and the dialect and the mapping go by.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { detectDialect } from '../../../src/ldap/dialects/detect-dialect.ts';
import { matchAll, present } from '../../../src/ldap/filter.ts';
import type { SearchRequest } from '../../../src/ldap/operations.ts';
import { parseLdapFilter } from '../../../src/ldap/parse-filter.ts';
import { pushNegations } from '../../../src/ldap/push-negations.ts';
import { compileMapping } from '../../../src/mapping/compile-mapping.ts';
import { loadMapping } from '../../../src/mapping/file/load-mapping.ts';
import { printProblem } from '../../../src/util/problem.ts';
import { type AskDirectory, askDirectory, bindAs, rejects } from '../ask-directory.ts';
import { hasDs389 } from './launch.ts';
import type { Ds389 } from './recipe.ts';
import { createSuiteBase, getDs389 } from './shared.ts';

if (hasDs389()) {
  describe('389 Directory Server', () => {
    let server: Ds389;
    let directory: Directory;
    let ask: AskDirectory;
    let peopleDn: string;
    let groupsDn: string;

    const person = (uid: string): string => `uid=${uid},${peopleDn}`;
    const group = (cn: string): string => `cn=${cn},${groupsDn}`;
    const addPerson = (uid: string, more: Readonly<Record<string, string>> = {}) =>
      ask.add(person(uid), { objectClass: 'inetOrgPerson', uid, cn: uid, sn: uid, ...more });
    const find = (filter: string, more: Partial<SearchRequest> = {}): Promise<string[]> =>
      ask.find(peopleDn, 'uid', filter, more);

    before(async () => {
      server = await getDs389();
      ({ peopleDn, groupsDn } = await createSuiteBase('facts'));
      directory = createDirectory({
        urls: [server.url],
        bind: { dn: server.bindDn, password: server.password },
      });
      ask = askDirectory(directory);
      await addPerson('ann', { mail: 'ann@example.com', title: 'Boss' });
      await addPerson('bob', { manager: person('ann') });
      await addPerson('cid');
    });
    after(() => directory.close());

    it('is known by its root DSE', async () => {
      const dse = await directory.rootDse();
      assert.equal(detectDialect(dse).name, '389-ds');
      // The sign that the USN plug-in runs.
      assert.ok(dse.has('lastusn;userroot'), [...dse.attributes.keys()].join(' '));
    });

    for (const file of ['inet-org-person.yaml', 'inet-org-person-scim.yaml', 'group-of-unique-names.yaml']) {
      it(`its schema has all that ${file} names`, async () => {
        const { mapping } = await loadMapping(
          fileURLToPath(new URL(`../../../mappings/389-ds/${file}`, import.meta.url)),
        );
        assert.ok(mapping);
        const options = { subschema: await directory.subschema(), live: true, matchEntryDn: true };
        assert.deepEqual(compileMapping(mapping, options).problems.map(printProblem), []);
      });
    }

    it('has no assertion and no permissive modify: 12', async () => {
      const filter = present('objectClass');
      await rejects(ask.change(person('ann'), [['replace', 'title', 'Boss']], [{ kind: 'assertion', filter }]), 12);
      await rejects(ask.change(person('ann'), [['add', 'title', 'Boss']], [{ kind: 'permissiveModify' }]), 12);
    });

    it('answers 20 to a value that is there, 16 to one that is not, 65 to unknown attributes and second values', async () => {
      await rejects(ask.change(person('ann'), [['add', 'title', 'BOSS']]), 20);
      await rejects(ask.change(person('ann'), [['delete', 'title', 'Clerk']]), 16);
      await rejects(ask.change(person('ann'), [['replace', 'nonsense', 'x']]), 65);
      await rejects(ask.change(person('ann'), [['replace', 'displayName', 'a', 'b']]), 65);
      await rejects(ask.change(person('ann'), [['increment', 'employeeNumber', '1']]), 2);
    });

    it('a modify is all or nothing, so that an old value out and a new one in is a comparison', async () => {
      const swap = (from: string, to: string) =>
        ask.change(person('cid'), [
          ['delete', 'title', from],
          ['add', 'title', to],
        ]);
      await ask.change(person('cid'), [['replace', 'title', '0']]);
      const answers = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => swap('0', String(index + 1))));
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal((await ask.read(person('cid'), 'title')).length, 1);
    });

    it('the delete of an operational value is no comparison: it is passed over', () =>
      ask.change(person('cid'), [
        ['delete', 'entryusn', '999999'],
        ['replace', 'title', 'kept'],
      ]));

    it('entryusn changes with every write, also one that changes nothing, and with who joins or leaves a group', async () => {
      const seen: string[] = [];
      const note = async (): Promise<void> => {
        seen.push(...(await ask.read(person('ann'), 'entryusn')));
      };
      await note();
      await ask.change(person('ann'), [['replace', 'title', 'Boss']]);
      await note();
      await ask.add(group('joined'), { objectClass: 'groupOfNames', cn: 'joined', member: person('ann') });
      await note();
      assert.deepEqual(await ask.read(person('ann'), 'memberOf'), [group('joined')]);
      await directory.delete({ dn: group('joined') });
      await note();
      assert.deepEqual(await ask.read(person('ann'), 'memberOf'), []);
      assert.equal(new Set(seen).size, 4, seen.join(' '));
      await rejects(bindAs(server, person('ann'), 'wrong'), 49);
      assert.deepEqual(await ask.read(person('ann'), 'entryusn'), seen.slice(-1));
    });

    it('post-read shows the entryusn of the write itself', async () => {
      const { controls } = await ask.change(
        person('ann'),
        [['replace', 'title', 'Chief']],
        [{ kind: 'postRead', attributes: ['entryusn'] }],
      );
      assert.deepEqual(controls.postRead?.strings('entryusn'), await ask.read(person('ann'), 'entryusn'));
    });

    it('a group may be empty', async () => {
      await ask.add(group('empty'), { objectClass: 'groupOfNames', cn: 'empty' });
      await ask.change(group('empty'), [['add', 'member', person('bob')]]);
      await ask.change(group('empty'), [['delete', 'member', person('bob')]]);
      assert.deepEqual(await ask.read(group('empty'), 'member'), []);
    });

    it('a value of uniqueMember with a bit string is another one than the DN alone', async () => {
      await ask.add(group('unique'), { objectClass: 'groupOfUniqueNames', cn: 'unique' });
      const withBits = `${person('ann')}#'0101'B`;
      await ask.change(group('unique'), [['add', 'uniqueMember', withBits]]);
      assert.deepEqual(await find(`(uniqueMember=${person('ann')})`, { base: groupsDn, attributes: ['cn'] }), []);
      await ask.change(group('unique'), [['add', 'uniqueMember', person('ann')]]);
      await ask.change(group('unique'), [['delete', 'uniqueMember', person('ann')]]);
      await rejects(ask.change(group('unique'), [['delete', 'uniqueMember', person('ann')]]), 16);
      assert.deepEqual(await ask.read(group('unique'), 'uniqueMember'), [withBits]);
    });

    it('a groupOfURLs shows no member', async () => {
      const memberURL = `ldap:///${peopleDn}??sub?(title=Boss)`;
      await ask.add(group('dynamic'), { objectClass: 'groupOfURLs', cn: 'dynamic', memberURL });
      assert.deepEqual(await ask.read(group('dynamic'), 'member'), []);
    });

    it('nsUniqueId stays over a rename; members, manager and memberOf follow, and go with who is deleted', async () => {
      await addPerson('dan', { mail: 'dan@example.com' });
      await ask.change(person('cid'), [['replace', 'manager', person('dan')]]);
      await ask.add(group('crew'), { objectClass: 'groupOfNames', cn: 'crew', member: person('dan') });
      const id = await ask.read(person('dan'), 'nsUniqueId');
      await directory.modifyDn({ dn: person('dan'), newRdn: 'uid=daniel', deleteOldRdn: true });
      assert.deepEqual(await ask.read(person('daniel'), 'nsUniqueId'), id);
      assert.deepEqual(await ask.read(group('crew'), 'member'), [person('daniel')]);
      assert.deepEqual(await ask.read(person('cid'), 'manager'), [person('daniel')]);
      assert.deepEqual(await ask.read(person('daniel'), 'memberOf'), [group('crew')]);
      await directory.delete({ dn: person('daniel') });
      assert.deepEqual(await ask.read(group('crew'), 'member'), []);
      assert.deepEqual(await ask.read(person('cid'), 'manager'), []);
      // What was deleted is kept as a tombstone, which only a filter for tombstones finds.
      assert.deepEqual(await find(`(nsUniqueId=${id[0]})`, { scope: 'subtree' }), []);
    });

    it('entryDN can be searched', async () => assert.deepEqual(await find(`(entryDN=UID=Ann,${peopleDn})`), ['ann']));

    it('uid compares in order without an ordering rule, unlike on OpenLDAP', async () =>
      assert.deepEqual((await find('(uid>=b)')).sort(), ['bob', 'cid']));

    it('an attribute of no schema has no value, also under a negation', async () => {
      assert.deepEqual(await find('(nonsense=x)'), []);
      assert.deepEqual((await find('(!(nonsense=x))')).sort(), ['ann', 'bob', 'cid']);
    });

    it('a negated list within a disjunction is answered wrongly, negations of single tests are not', async () => {
      const filter = '(|(!(|(mail=*)(uid=bob)))(uid=zoe))';
      assert.deepEqual(await find(filter), [], 'mended: this version needs no workaround');
      assert.deepEqual(await find('(uid=*)', { filter: pushNegations(parseLdapFilter(filter)) }), ['cid']);
    });

    it('composed and decomposed letters differ', async () => {
      await ask.change(person('ann'), [['replace', 'description', 'M\u00fcller']]);
      assert.deepEqual(await find('(description=m\u00fcller)'), ['ann']);
      assert.deepEqual(await find('(description=mu\u0308ller)'), []);
    });

    it('the absolute filters of RFC 4526 are refused: 2', () => rejects(find('(uid=*)', { filter: matchAll }), 2));

    it('nsAccountLock needs no class, can be searched, and a bind is answered with 53', async () => {
      await ask.change(person('bob'), [['replace', 'userPassword', 'correct horse']]);
      await bindAs(server, person('bob'), 'correct horse');
      await ask.change(person('bob'), [['replace', 'nsAccountLock', 'true']]);
      await rejects(bindAs(server, person('bob'), 'correct horse'), 53);
      assert.deepEqual(await find('(nsAccountLock=TRUE)'), ['bob']);
      await ask.change(person('bob'), [['delete', 'nsAccountLock']]);
      await bindAs(server, person('bob'), 'correct horse');
    });

    it('hashes a password that comes with a modify, takes no hash, and refuses password modify without TLS: 13', async () => {
      await ask.change(person('bob'), [['replace', 'userPassword', 'battery staple']]);
      assert.match((await ask.read(person('bob'), 'userPassword')).join(), /^\{PBKDF2/);
      await rejects(
        ask.change(person('bob'), [['replace', 'userPassword', '{SSHA}x4bhGbp9v7Q4ziDPWmLDDBL2eBuVEdVB']]),
        19,
      );
      await rejects(directory.passwordModify({ userIdentity: person('bob'), newPassword: 'battery staple' }), 13);
    });
  });
}
