// The facts about Samba as a domain controller that docs/dialects.md lists and the dialect and the mapping go by.
import assert from 'node:assert/strict';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { detectDialect } from '../../../src/ldap/dialects/detect-dialect.ts';
import { LdapConnectionError } from '../../../src/ldap/errors.ts';
import { and, equality, matchAll, or, present } from '../../../src/ldap/filter.ts';
import type { SearchRequest } from '../../../src/ldap/operations.ts';
import { parseLdapFilter } from '../../../src/ldap/parse-filter.ts';
import { type AskDirectory, askDirectory, bindAs, rejects } from '../ask-directory.ts';
import { withAdministrator } from '../share-server.ts';
import { hasSambaAd } from './launch.ts';
import type { SambaAd } from './recipe.ts';
import { createSuiteBase, getSambaAd } from './shared.ts';

if (hasSambaAd()) {
  describe('Samba AD', () => {
    let server: SambaAd;
    let directory: Directory;
    let ask: AskDirectory;
    let peopleDn: string;
    let groupsDn: string;

    const person = (cn: string): string => `CN=${cn},${peopleDn}`;
    const group = (cn: string): string => `CN=${cn},${groupsDn}`;
    const addPerson = (cn: string, more: Readonly<Record<string, string>> = {}) =>
      ask.add(person(cn), { objectClass: 'user', sAMAccountName: `facts-${cn}`, ...more });
    const addGroup = (cn: string, member: string[] = []) =>
      ask.add(group(cn), {
        objectClass: 'group',
        sAMAccountName: `facts-${cn}`,
        ...(member.length > 0 ? { member } : {}),
      });
    const find = async (filter: string, more: Partial<SearchRequest> = {}): Promise<string[]> =>
      (await ask.find(peopleDn, 'cn', filter, more)).sort();
    const password = (text: string): Buffer => Buffer.from(`"${text}"`, 'utf16le');

    before(async function () {
      this.timeout(120_000);
      server = await getSambaAd();
      ({ peopleDn, groupsDn } = await createSuiteBase('facts'));
      const bind = { dn: server.bindDn, password: server.password };
      directory = createDirectory({ urls: [server.url], tls: server.tls, bind });
      ask = askDirectory(directory);
      await addPerson('ann', { title: 'Boss', displayName: 'Jos\u00e9' });
      await addPerson('bob', { manager: person('ann') });
      await addPerson('cid');
      await addGroup('crew', [person('ann')]);
    });
    after(() => directory.close());

    it('is known by its root DSE', async () =>
      assert.equal(detectDialect(await directory.rootDse()).name, 'active-directory'));

    it('publishes no matching rules, so that those of the syntax are assumed', async () => {
      const type = (await directory.subschema()).attributeType('displayName');
      assert.deepEqual([type?.equality, type?.assumedRules, type?.singleValue], ['caseIgnoreMatch', true, true]);
    });

    it('answers 68 to a member that is there and 53 to one that is not, 20 and 16 to other values', async () => {
      await rejects(ask.change(group('crew'), [['add', 'member', person('bob'), person('ann')]]), 68);
      await rejects(ask.change(group('crew'), [['delete', 'member', person('cid')]]), 53);
      assert.deepEqual(await ask.read(group('crew'), 'member'), [person('ann')]);
      await ask.change(person('cid'), [['add', 'otherTelephone', '1']]);
      await rejects(ask.change(person('cid'), [['add', 'otherTelephone', '1']]), 20);
      await rejects(ask.change(person('cid'), [['delete', 'otherTelephone', '2']]), 16);
      await rejects(ask.change(person('cid'), [['delete', 'department', 'x']]), 16);
    });

    it('53 also says no to a password without quotes and to memberOf, 68 to a name that is taken', async () => {
      await rejects(ask.change(person('ann'), [['replace', 'unicodePwd', 'no quotes']]), 53);
      await rejects(ask.change(person('ann'), [['replace', 'memberOf', group('crew')]]), 53);
      await rejects(ask.change(person('ann'), [['replace', 'sAMAccountName', 'facts-bob']]), 68);
      await rejects(directory.modifyDn({ dn: person('ann'), newRdn: 'CN=bob', deleteOldRdn: true }), 68);
    });

    it('a member that does not exist is refused: 32 on the way in, 53 on the way out', async () => {
      await rejects(ask.change(group('crew'), [['add', 'member', person('nobody')]]), 32);
      await rejects(ask.change(group('crew'), [['delete', 'member', person('nobody')]]), 53);
    });

    it('where nothing is no entry comes to be, 32, and none moves, 80', async () => {
      const nowhere = `OU=nowhere,${peopleDn}`;
      const attributes = [{ type: 'objectClass', values: ['user'] }];
      await rejects(directory.add({ dn: `CN=ann,${nowhere}`, attributes }), 32);
      const move = { dn: person('ann'), newRdn: 'CN=ann', deleteOldRdn: true, newSuperior: nowhere };
      await rejects(directory.modifyDn(move), 80);
    });

    it('compares members, of any spelling, and says false of one that does not exist', async () => {
      const holds = (value: string) => directory.compare({ dn: group('crew'), attribute: 'member', value });
      assert.equal(await holds(person('ann').toLowerCase()), true);
      assert.equal(await holds(person('cid')), false);
      assert.equal(await holds(person('nobody')), false);
    });

    it('permissive modify covers neither members nor single values', async () => {
      const permissive = [{ kind: 'permissiveModify' }] as const;
      await rejects(ask.change(group('crew'), [['add', 'member', person('ann')]], permissive), 68);
      await rejects(ask.change(person('ann'), [['add', 'title', 'Boss']], permissive), 20);
      await ask.change(person('cid'), [['add', 'otherTelephone', '1']], permissive);
    });

    it('an assertion is refused, by a message that is no answer to a modify; post-read is passed over', async () => {
      const assertion = { kind: 'assertion', filter: present('objectClass') } as const;
      await assert.rejects(ask.change(person('ann'), [['replace', 'title', 'Boss']], [assertion]), LdapConnectionError);
      const postRead = { kind: 'postRead', attributes: ['uSNChanged'] } as const;
      const { controls } = await ask.change(person('ann'), [['replace', 'title', 'Boss']], [postRead]);
      assert.equal(controls.postRead, undefined);
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

    it('answers 16 to unknown attributes, 20 to second values, 21 to empty ones, 2 to increment, 67 to the name', async () => {
      await rejects(ask.change(person('ann'), [['replace', 'nonsense', 'x']]), 16);
      await rejects(ask.change(person('ann'), [['replace', 'displayName', 'a', 'b']]), 20);
      await rejects(ask.change(person('ann'), [['replace', 'displayName', '']]), 21);
      await rejects(ask.change(person('ann'), [['increment', 'codePage', '1']]), 2);
      await rejects(ask.change(person('ann'), [['replace', 'cn', 'x']]), 67);
    });

    it('uSNChanged changes with every write that changes something, of a group with its members, of a member never', async () => {
      const usn = async (dn: string) => (await ask.read(dn, 'uSNChanged'))[0];
      const [ann, crew] = [await usn(person('ann')), await usn(group('crew'))];
      await ask.change(person('ann'), [['replace', 'title', 'Boss']]);
      await ask.change(group('crew'), [['add', 'member', person('bob')]]);
      assert.equal(await usn(person('ann')), ann);
      assert.notEqual(await usn(group('crew')), crew);
      assert.deepEqual(await ask.read(person('bob'), 'memberOf'), [group('crew')]);
      await ask.change(person('ann'), [['replace', 'title', 'Chief']]);
      assert.notEqual(await usn(person('ann')), ann);
    });

    it('objectGUID stays over a rename; members and manager follow, and go with who is deleted; a group may be empty', async () => {
      await addPerson('dan');
      await addGroup('dan-only', [person('dan')]);
      await ask.change(person('cid'), [['replace', 'manager', person('dan')]]);
      const id = (await ask.readEntry(person('dan'), ['objectGUID'])).bytes('objectGUID')[0]!;
      await directory.modifyDn({ dn: person('dan'), newRdn: 'CN=daniel', deleteOldRdn: true });
      assert.deepEqual((await ask.readEntry(person('daniel'), ['objectGUID'])).bytes('objectGUID'), [id]);
      assert.deepEqual(await ask.read(group('dan-only'), 'member'), [person('daniel')]);
      assert.deepEqual(await ask.read(person('cid'), 'manager'), [person('daniel')]);
      assert.deepEqual(await find('(cn=*)', { filter: equality('objectGUID', id) }), ['daniel']);
      assert.equal((await ask.readEntry(`<GUID=${id.toString('hex')}>`, ['cn'])).first('cn'), 'daniel');
      await directory.delete({ dn: person('daniel') });
      assert.deepEqual(await ask.read(group('dan-only'), 'member'), []);
      assert.deepEqual(await ask.read(person('cid'), 'manager'), []);
      assert.deepEqual(await find('(cn=*)', { filter: equality('objectGUID', id) }), []);
    });

    it('finds a hundred objectGUIDs in one search', async () => {
      const { entries } = await directory
        .search({ base: peopleDn, scope: 'one', filter: present('cn'), attributes: ['objectGUID'] })
        .collect();
      const known = entries.flatMap((entry) => entry.bytes('objectGUID'));
      const others = Array.from({ length: 100 - known.length }, (_, index) => Buffer.alloc(16, index));
      const ids = or(...[...known, ...others].map((id) => equality('objectGUID', id)));
      const filter = and(parseLdapFilter('(&(objectCategory=person)(objectClass=user))'), ids);
      assert.equal((await find('(cn=*)', { filter })).length, known.length);
    });

    it('distinguishedName can be searched, entryDN cannot', async () => {
      assert.deepEqual(await find(`(distinguishedName=${person('ANN').toLowerCase()})`), ['ann']);
      assert.deepEqual(await find(`(entryDN=${person('ann')})`), []);
    });

    it('an attribute of no schema has no value, also under a negation; negated lists and (&) are answered rightly', async () => {
      assert.deepEqual(await find('(nonsense=x)'), []);
      assert.deepEqual(await find('(!(nonsense=x))'), ['ann', 'bob', 'cid']);
      assert.deepEqual(await find('(|(!(|(displayName=*)(cn=bob)))(cn=zoe))'), ['cid']);
      assert.deepEqual(await find('(cn=*)', { filter: matchAll }), ['ann', 'bob', 'cid']);
      assert.deepEqual(await find('(cn>=b)'), ['bob', 'cid']);
    });

    it('letter case is ignored, beyond ASCII too; accents are not, and composed and decomposed letters differ', async () => {
      assert.deepEqual(await find('(displayName=JOS\u00c9)'), ['ann']);
      assert.deepEqual(await find('(displayName=jose)'), [], 'Windows finds it');
      assert.deepEqual(await find('(displayName=jose\u0301)'), []);
    });

    it('bits can be searched', async () => {
      const disabled = '(userAccountControl:1.2.840.113556.1.4.803:=2)';
      assert.deepEqual(await find(disabled), ['ann', 'bob', 'cid']);
      assert.deepEqual(await find(`(!${disabled})`), []);
    });

    it('a size limit is not obeyed, and two sort keys find nobody and succeed', async () => {
      // The client of the gateway would stop it.
      const limited = await withAdministrator(server, (client) =>
        client.search(peopleDn, { scope: 'one', filter: '(objectClass=user)', sizeLimit: 1 }),
      );
      assert.equal(limited.searchEntries.length, 3, 'Windows answers 4');
      const keys = [{ attribute: 'cn' }, { attribute: 'title' }];
      assert.deepEqual(await find('(objectClass=user)', { controls: [{ kind: 'sort', keys }] }), []);
    });

    it('ranges of values are given where they are asked for, the last one with a star', async () => {
      const numbers = Array.from({ length: 20 }, (_, index) => String(index));
      await ask.change(person('bob'), [['add', 'otherTelephone', ...numbers]]);
      // The client of the gateway would put them together. ldapts adds what was asked for and did not come, without values.
      const ranges = (asked: string) =>
        withAdministrator(server, async (client) => {
          const attributes = [`otherTelephone${asked}`];
          const { searchEntries } = await client.search(person('bob'), { scope: 'base', attributes });
          const { dn: _, ...shown } = searchEntries[0]!;
          const sizes = Object.entries(shown).map(
            ([name, values]) => [name.slice(14), [values].flat().length] as const,
          );
          return sizes.filter(([, size]) => size > 0 || sizes.length === 1);
        });
      assert.deepEqual(await ranges(';range=0-4'), [[';range=0-4', 5]]);
      assert.deepEqual(await ranges(';range=15-*'), [[';range=15-*', 5]]);
      assert.deepEqual(await ranges(';range=15-99'), [[';range=15-*', 5]]);
      assert.deepEqual(await ranges(';range=30-*'), [[';range=30-*', 0]]);
      assert.deepEqual(await ranges(''), [['', 20]], 'Windows cuts at 1,500');
    });

    it('extended DNs tell the objectGUID of what they name', async () => {
      const { dereferenced } = await ask.readEntry(group('crew'), ['member'], [{ kind: 'extendedDn' }]);
      const told = new Map(Array.from(dereferenced?.get('member') ?? [], ({ dn, guid }) => [dn, guid] as const));
      assert.deepEqual(
        told.get(person('ann')),
        (await ask.readEntry(person('ann'), ['objectGUID'])).bytes('objectGUID')[0],
      );
    });

    it('a search from the suffix comes with references to other naming contexts', async () => {
      const filter = parseLdapFilter('(sAMAccountName=facts-ann)');
      const attributes = ['cn'];
      const answer = await directory.search({ base: server.suffix, scope: 'subtree', filter, attributes }).collect();
      assert.deepEqual(
        answer.entries.map(({ dn }) => dn),
        [person('ann')],
      );
      assert.match(answer.result.references.join(), /^ldaps?:\/\/.*CN=Configuration/);
    });

    it('a new user is disabled; with a password of any characters and 512 it may log in, with the bit of 2 not', async () => {
      assert.deepEqual(await ask.read(person('ann'), 'userAccountControl'), ['546']);
      const text = 'P\u00e4ss "wort" \u{1F511} 1';
      await ask.change(person('ann'), [['replace', 'unicodePwd', password(text)]]);
      await ask.change(person('ann'), [['replace', 'userAccountControl', '512']]);
      await bindAs(server, person('ann'), text);
      await rejects(bindAs(server, person('ann'), 'wrong'), 49);
      await ask.change(person('ann'), [['replace', 'userAccountControl', '514']]);
      await rejects(bindAs(server, person('ann'), text), 49);
    });

    it('a password that breaks the policy is refused with 19, one by the operation of RFC 3062 with 2', async () => {
      await rejects(ask.change(person('bob'), [['replace', 'unicodePwd', password('short')]]), 19);
      await rejects(directory.passwordModify({ userIdentity: person('bob'), newPassword: 'Long-enough-1' }), 2);
    });
  });
}
