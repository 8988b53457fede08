// The facts about OpenLDAP that docs/dialects.md lists and the dialect and the mappings go by.
import assert from 'node:assert/strict';
import { Client, ResultCodeError } from 'ldapts';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { LdapError } from '../../../src/ldap/errors.ts';
import { equality, type LdapFilter, type LdapTest, not, or, present } from '../../../src/ldap/filter.ts';
import type { RequestControl, SearchRequest } from '../../../src/ldap/operations.ts';
import { type AskDirectory, askDirectory, bindAs, rejects } from '../ask-directory.ts';
import type { OpenLdap } from './recipe.ts';
import { createSuiteBase, getOpenLdap } from './shared.ts';

describe('OpenLDAP', () => {
  let server: OpenLdap;
  let directory: Directory;
  let ask: AskDirectory;
  let peopleDn: string;
  let groupsDn: string;

  const person = (uid: string): string => `uid=${uid},${peopleDn}`;
  const group = (cn: string): string => `cn=${cn},${groupsDn}`;
  const addPerson = (uid: string, more: Readonly<Record<string, string>> = {}) =>
    ask.add(person(uid), { objectClass: 'inetOrgPerson', uid, cn: uid, sn: uid, ...more });
  const addGroup = (cn: string, member: readonly string[]) =>
    ask.add(group(cn), { objectClass: 'groupOfNames', cn, member });
  const find = (filter: string, more: Partial<SearchRequest> = {}) => ask.find(peopleDn, 'uid', filter, more);
  const versionOf = async (dn: string): Promise<string> => (await ask.read(dn, 'entryCSN'))[0] ?? '';
  const asserting = (filter: LdapFilter): RequestControl[] => [{ kind: 'assertion', filter }];

  before(async () => {
    server = await getOpenLdap();
    ({ peopleDn, groupsDn } = await createSuiteBase('facts', ['mail']));
    directory = createDirectory({ urls: [server.url], bind: { dn: server.bindDn, password: server.password } });
    ask = askDirectory(directory);
    await addPerson('ann', { mail: 'ann@facts.example', title: 'Boss' });
    await addPerson('bob', { manager: person('ann') });
    await addPerson('cid');
    await addGroup('crew', [person('ann')]);
  });
  after(() => directory.close());

  it('a bare assertion leaves memberOf as it was; one that is true for all other entries does not', async () => {
    const bare = asserting(equality('entryCSN', await versionOf(group('crew'))));
    await ask.change(group('crew'), [['add', 'member', person('bob')]], bare);
    assert.deepEqual(await ask.read(person('bob'), 'memberOf'), []);
    const { entryuuid } = Object.fromEntries((await ask.readEntry(group('crew'), ['entryUUID'])).attributes);
    const own = equality('entryUUID', entryuuid?.[0]?.toString() ?? '');
    const version = await versionOf(group('crew'));
    const wrapped = asserting(or(equality('entryCSN', version), not(own)));
    await ask.change(group('crew'), [['add', 'member', person('cid')]], wrapped);
    assert.deepEqual(await ask.read(person('cid'), 'memberOf'), [group('crew')]);
    await rejects(ask.change(group('crew'), [['delete', 'member', person('cid')]], wrapped), 122);
  });

  it('a bare assertion, though true, makes the unique overlay answer 122', async () => {
    const bare = asserting(equality('entryCSN', await versionOf(person('cid'))));
    await rejects(ask.change(person('cid'), [['replace', 'mail', 'cid@facts.example']], bare), 122);
    await ask.change(person('cid'), [['replace', 'title', 'Clerk']], bare);
  });

  it('entryCSN changes with a replace by the same value, modifyTimestamp counts seconds', async () => {
    const before = await versionOf(person('ann'));
    await ask.change(person('ann'), [['replace', 'title', 'Boss']]);
    assert.notEqual(await versionOf(person('ann')), before);
    assert.match((await ask.read(person('ann'), 'modifyTimestamp')).join(), /^\d{14}Z$/);
  });

  it('entryCSN of a user stays when a group takes it in, and changes with a wrong password', async () => {
    await addPerson('dan');
    await directory.passwordModify({ userIdentity: person('dan'), newPassword: 'Rumpelstilzchen-1' });
    const before = await versionOf(person('dan'));
    await ask.change(group('crew'), [['add', 'member', person('dan')]]);
    assert.equal(await versionOf(person('dan')), before);
    await rejects(bindAs(server, person('dan'), 'wrong'), 49);
    assert.notEqual(await versionOf(person('dan')), before);
  });

  it('permissive modify works unannounced, not for a value that is missing, and counts as a change', async () => {
    const dse = await directory.rootDse();
    assert.equal(dse.strings('supportedControl').includes('1.2.840.113556.1.4.1413'), false);
    const permissive = [{ kind: 'permissiveModify' }] as const;
    const before = await versionOf(person('ann'));
    await ask.change(person('ann'), [['add', 'title', 'Boss']], permissive);
    assert.notEqual(await versionOf(person('ann')), before);
    await rejects(ask.change(person('ann'), [['delete', 'title', 'Clerk']], permissive), 16);
  });

  it('the last member of a group cannot go, but in one modify with another that comes', async () => {
    await addGroup('pair', [person('ann')]);
    await rejects(ask.change(group('pair'), [['delete', 'member', person('ann')]]), 65);
    await ask.change(group('pair'), [
      ['delete', 'member', person('ann')],
      ['add', 'member', person('bob')],
    ]);
    assert.deepEqual(await ask.read(group('pair'), 'member'), [person('bob')]);
  });

  it('answers 20 to a value that is there and 16 to one that is not, and does nothing of the modify', async () => {
    await addGroup('trio', [person('ann')]);
    await rejects(ask.change(group('trio'), [['add', 'member', person('bob'), person('ann')]]), 20);
    const swap = [
      ['add', 'member', person('bob')],
      ['delete', 'member', person('cid')],
    ] as const;
    await rejects(ask.change(group('trio'), swap), 16);
    assert.deepEqual(await ask.read(group('trio'), 'member'), [person('ann')]);
  });

  it('matched values leave out what no item names, and attributes without a chosen value', async () => {
    await addGroup('chosen', [person('ann'), person('bob')]);
    const choose = async (...tests: LdapTest[]): Promise<readonly (readonly [string, readonly string[]])[]> => {
      const controls = [{ kind: 'matchedValues', tests }] as const;
      const attributes = ['cn', 'member', 'entryUUID'];
      const request = { base: group('chosen'), scope: 'base', filter: present('objectClass'), attributes } as const;
      const { entries } = await directory.search({ ...request, controls }).collect();
      return [...(entries[0]?.attributes ?? [])].map(([name, values]) => [name, values.map(String)] as const);
    };
    assert.deepEqual(await choose(equality('member', person('BOB'))), [['member', [person('bob')]]]);
    assert.deepEqual(await choose(equality('member', person('cid')), present('cn')), [['cn', ['chosen']]]);
  });

  it('the unique overlay answers 19, a name that is taken 68', async () => {
    await assert.rejects(addPerson('eve', { mail: 'ann@facts.example' }), (error) => {
      assert.ok(error instanceof LdapError);
      assert.equal(error.code, 19);
      assert.match(error.message, /non-unique attributes found/);
      return true;
    });
    await rejects(addPerson('ann'), 68);
  });

  it('of eight adds at once of the same value one gets through', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `race-${index}`);
    const done = await Promise.allSettled(names.map((uid) => addPerson(uid, { mail: 'race@facts.example' })));
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('answers 80, without a text, to a name that is too long', async () => {
    await addPerson('u'.repeat(230));
    await rejects(addPerson('u'.repeat(300)), 80);
  });

  it('takes one paged search on a connection: 53 to the first after a second has begun', async () => {
    const client = new Client({ url: server.url });
    try {
      await client.bind(server.bindDn, server.password);
      // The cookie is where a search stands, so that two at the same place would not be told apart.
      const begin = (pageSize: number) => client.searchPaginated(peopleDn, { filter: '(uid=*)', paged: { pageSize } });
      const [first, second] = [begin(1), begin(2)];
      await first.next();
      await second.next();
      await assert.rejects(first.next(), (error) => error instanceof ResultCodeError && error.code === 53);
    } finally {
      await client.unbind();
    }
  });

  it('uid has no ordering: a filter by it matches nothing, a sort names the rule', async () => {
    assert.deepEqual(await find('(uid>=a)'), []);
    assert.deepEqual(await find('(!(uid>=a))'), []);
    const sorted = (orderingRule?: string) =>
      find('(|(uid=ann)(uid=bob)(uid=cid))', {
        controls: [
          { kind: 'sort', keys: [{ attribute: 'uid', ...(orderingRule && { orderingRule }), reverse: true }] },
        ],
      });
    await rejects(sorted(), 18);
    assert.deepEqual(await sorted('caseIgnoreOrderingMatch'), ['cid', 'bob', 'ann']);
  });

  it('an attribute that the schema does not have is undefined in a filter, also when negated', async () => {
    assert.deepEqual([await find('(nonsense=x)'), await find('(!(nonsense=x))')], [[], []]);
  });

  it('refint mends members and managers after a rename, and takes them out after a delete', async () => {
    await addPerson('fay');
    await addPerson('gus', { manager: person('fay') });
    await addGroup('mend', [person('fay')]);
    await directory.modifyDn({ dn: person('fay'), newRdn: 'uid=fay2', deleteOldRdn: true });
    await until(async () => (await ask.read(group('mend'), 'member')).includes(person('fay2')));
    assert.deepEqual(await ask.read(person('gus'), 'manager'), [person('fay2')]);
    await directory.delete({ dn: person('fay2') });
    // In the place of the last one it puts refint_nothing, whether the class demands a value or not.
    await until(async () => (await ask.read(group('mend'), 'member')).join() === server.placeholderDn);
    await until(async () => (await ask.read(person('gus'), 'manager')).join() === server.placeholderDn);
  });

  it('deref brings ids along; entryDN can be searched', async () => {
    const deref = { kind: 'deref', items: [{ attribute: 'member', attributes: ['entryUUID'] }] } as const;
    const entry = await ask.readEntry(group('trio'), ['cn'], [deref]);
    const [target] = entry.dereferenced?.get('member') ?? [];
    assert.equal(target?.dn, person('ann'));
    assert.deepEqual(target?.entry.strings('entryUUID'), await ask.read(person('ann'), 'entryUUID'));
    assert.deepEqual(await find(`(entryDN=${person('ann')})`), ['ann']);
  });

  it('a new password by the operation of RFC 3062 is hashed, and takes the lock away', async () => {
    await addPerson('hal', { pwdAccountLockedTime: '000001010000Z' });
    await directory.passwordModify({ userIdentity: person('hal'), newPassword: 'Rumpelstilzchen-2' });
    assert.deepEqual(await ask.read(person('hal'), 'pwdAccountLockedTime'), []);
    await bindAs(server, person('hal'), 'Rumpelstilzchen-2');
  });
});

/** Overlays may work after the answer. */
async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 5_000; !(await done()); ) {
    assert.ok(Date.now() < end, 'it did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
