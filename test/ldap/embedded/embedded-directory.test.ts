import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import {
  createEmbeddedDirectory,
  type EmbeddedDirectory,
  type EmbeddedDirectoryOptions,
} from '../../../src/ldap/embedded/embedded-directory.ts';
import { acceptControls } from '../../../src/ldap/embedded/request-controls.ts';
import { LdapConnectionError, LdapError } from '../../../src/ldap/errors.ts';
import { equality, present } from '../../../src/ldap/filter.ts';
import type { RequestControl } from '../../../src/ldap/operations.ts';

const suffix = 'dc=example,dc=com';
const ada = `uid=ada,ou=people,${suffix}`;
const eve = `uid=eve,ou=people,${suffix}`;
const crew = `cn=crew,ou=groups,${suffix}`;
const content = `
dn: ${ada}
objectClass: inetOrgPerson
uid: ada
cn: Ada
sn: Lovelace
entryUUID: 0e5e6a3c-9d5c-4e8f-8a44-0c7f1e1d9b10
entryCSN: 20200101000000.000000Z#000000#000#000000
userPassword: adas

dn: ${eve}
objectClass: inetOrgPerson
uid: eve
cn: Eve
sn: E
userPassword: {CLEARTEXT}eves

dn: ${crew}
objectClass: groupOfNames
cn: crew
member: ${ada}
`;

const fails = (code: number) => (error: unknown) => {
  assert.ok(error instanceof LdapError, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};

describe('embedded directory', () => {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of running.splice(0).reverse()) await each.close();
  });

  async function start(options: Partial<EmbeddedDirectoryOptions> = {}) {
    const embedded = createEmbeddedDirectory({ suffix, ...options });
    running.push(embedded);
    if (options.ldif === undefined) embedded.load(content);
    const { url, port } = await embedded.listen();
    return { embedded, url, port, directory: open(embedded, url, embedded.administrator) };
  }
  function open(_: EmbeddedDirectory, url: string, bind?: { dn: string; password: string }): Directory {
    const directory = createDirectory({ urls: [url], ...(bind === undefined ? {} : { bind }) });
    running.push(directory);
    return directory;
  }
  const read = async (directory: Directory, base: string, ...attributes: string[]) => {
    const { entries } = await directory
      .search({ base, scope: 'base', filter: present('objectClass'), attributes })
      .collect();
    return entries[0];
  };

  it('says what it is', async () => {
    const { directory } = await start();
    const dse = await directory.rootDse();
    assert.equal(dse.first('vendorName'), 'scim-ldap embedded directory');
    assert.deepEqual(dse.strings('namingContexts'), [suffix]);
  });

  describe('content', () => {
    it('without any is the suffix with people and groups', () => {
      for (const each of ['dc=example,dc=com', 'o=acme', 'ou=part,o=acme', 'l=there'])
        assert.equal(createEmbeddedDirectory({ suffix: each }).entries, 3, each);
    });
    it('keeps the operational attributes that it brings; later changes are later', async () => {
      const { directory } = await start();
      const entry = await read(directory, ada, 'entryUUID', 'entryCSN', 'createTimestamp', 'userPassword');
      assert.equal(entry?.first('entryUUID'), '0e5e6a3c-9d5c-4e8f-8a44-0c7f1e1d9b10');
      assert.equal(entry?.first('entryCSN'), '20200101000000.000000Z#000000#000#000000');
      assert.ok(entry?.has('createTimestamp'));
      assert.match(entry?.first('userPassword') ?? '', /^\{SSHA\}/);
    });
    it('that does not fit is refused by name', () => {
      const embedded = createEmbeddedDirectory({ suffix });
      assert.throws(
        () => embedded.load(`dn: uid=x,ou=people,${suffix}\nobjectClass: inetOrgPerson\ncn: x\n`),
        (error) => fails(65)(error) && /uid=x,.*requires attribute 'sn'/.test((error as LdapError).message),
      );
      assert.throws(() => embedded.load(`dn: cn=x,ou=nowhere,${suffix}\nobjectClass: device\ncn: x\n`), fails(32));
      assert.throws(() => embedded.load(`dn: ${suffix}\nchangetype: delete\n`), /line 1.*delete/s);
      assert.equal(embedded.entries, 3);
    });
    it('may use more schema, which is then published', async () => {
      const schemaLdif = [
        readFileSync(new URL('../../../mappings/openldap/scim-person.ldif', import.meta.url), 'utf8'),
      ];
      const { directory } = await start({ schemaLdif });
      await directory.modify({
        dn: ada,
        modifications: [
          { operation: 'add', attribute: 'objectClass', values: ['scimPerson'] },
          { operation: 'add', attribute: 'scimExternalId', values: ['e-1'] },
        ],
      });
      const { entries } = await directory
        .search({ base: suffix, scope: 'subtree', filter: equality('scimExternalId', 'e-1'), attributes: ['uid'] })
        .collect();
      assert.deepEqual(
        entries.map(({ dn }) => dn),
        [ada],
      );
      assert.ok((await directory.subschema()).objectClass('scimPerson'));
    });
  });

  describe('access', () => {
    it('lets the anonymous read the root DSE and the schema, and nothing else', async () => {
      const { embedded, url } = await start();
      const nobody = open(embedded, url);
      assert.ok((await nobody.rootDse()).has('vendorName'));
      assert.ok((await nobody.subschema()).attributeType('cn'));
      await assert.rejects(read(nobody, ada, 'cn'), fails(32));
      await assert.rejects(nobody.compare({ dn: ada, attribute: 'uid', value: 'ada' }), fails(32));
      await assert.rejects(nobody.delete({ dn: ada }), fails(8));
      await assert.rejects(nobody.passwordModify({ userIdentity: ada, newPassword: 'x' }), fails(8));
      assert.equal(await nobody.whoAmI(), '');
    });
    it('lets others read all but passwords, and write the own one', async () => {
      const { embedded, url } = await start();
      const asEve = open(embedded, url, { dn: eve, password: 'eves' });
      assert.equal((await read(asEve, ada, 'cn'))?.first('cn'), 'Ada');
      assert.equal((await read(asEve, ada, '*'))?.has('userPassword'), false);
      assert.equal((await read(asEve, eve, '*'))?.has('userPassword'), true);
      const { entries } = await asEve
        .search({ base: suffix, scope: 'subtree', filter: present('userPassword'), attributes: ['1.1'] })
        .collect();
      assert.deepEqual(
        entries.map(({ dn }) => dn),
        [eve],
        'no hint by a filter either',
      );
      await assert.rejects(asEve.compare({ dn: ada, attribute: 'userPassword', value: 'adas' }), fails(16));
      await assert.rejects(asEve.delete({ dn: ada }), fails(50));
      await assert.rejects(
        asEve.modify({ dn: eve, modifications: [{ operation: 'replace', attribute: 'sn', values: ['x'] }] }),
        fails(50),
      );
      await assert.rejects(asEve.passwordModify({ userIdentity: ada, newPassword: 'x' }), fails(50));
      await asEve.passwordModify({ userIdentity: eve, oldPassword: 'eves', newPassword: 'new one' });
      assert.equal(await open(embedded, url, { dn: eve, password: 'new one' }).whoAmI(), `dn:${eve}`);
    });
    it('refuses a wrong password of the administrator', async () => {
      const { embedded, url } = await start();
      const wrong = open(embedded, url, { dn: embedded.administrator.dn, password: 'wrong' });
      await assert.rejects(wrong.whoAmI(), fails(49));
    });
  });

  describe('controls', () => {
    it('that are critical and unknown are refused with 12, others passed over', () => {
      const unknown = { kind: 'unknown', oid: '1.2.3', value: undefined } as const;
      assert.throws(() => acceptControls('search', [{ ...unknown, critical: true }]), fails(12));
      assert.equal(acceptControls('search', [{ ...unknown, critical: false }])('sort'), undefined);
    });
    it('that do not go with the operation are refused with 12', async () => {
      const { directory } = await start();
      const controls: RequestControl[] = [{ kind: 'sort', keys: [{ attribute: 'cn' }] }];
      await assert.rejects(directory.delete({ dn: ada, controls }), fails(12));
    });
    it('a list view needs a sort, 60', async () => {
      const { directory } = await start();
      const controls: RequestControl[] = [{ kind: 'vlv', before: 0, after: 1, offset: 1, contentCount: 0 }];
      const search = directory.search({
        base: suffix,
        scope: 'subtree',
        filter: present('cn'),
        attributes: ['cn'],
        controls,
      });
      await assert.rejects(search.collect(), fails(60));
    });
    it('a cookie that is not the last one is refused with 53', async () => {
      const { directory } = await start();
      const page = (cookie: Uint8Array) =>
        directory
          .search({
            base: suffix,
            scope: 'subtree',
            filter: present('objectClass'),
            attributes: ['1.1'],
            controls: [{ kind: 'pagedResults', size: 2, cookie }],
          })
          .collect();
      await assert.rejects(page(Buffer.from('nonsense')), fails(53));
    });
  });

  it('answers memberOf from the groups where it is told to', async () => {
    for (const memberOf of [false, true]) {
      const { directory } = await start({ memberOf });
      assert.deepEqual((await read(directory, ada, '+'))?.strings('memberOf'), memberOf ? [crew] : []);
      const { entries } = await directory
        .search({ base: suffix, scope: 'subtree', filter: equality('memberOf', crew), attributes: ['1.1'] })
        .collect();
      assert.deepEqual(
        entries.map(({ dn }) => dn),
        memberOf ? [ada] : [],
      );
    }
  });

  it('changes single members of a large group', async () => {
    const { directory } = await start();
    const member = (number: number) => `uid=user${number},ou=people,${suffix}`;
    const change = (operation: 'add' | 'delete', ...values: string[]) =>
      directory.modify({ dn: crew, modifications: [{ operation, attribute: 'member', values }] });
    for (let from = 0; from < 20_000; from += 1000)
      await change('add', ...Array.from({ length: 1000 }, (_, index) => member(from + index)));
    await change('delete', member(777));
    await change('add', member(20_000));
    await assert.rejects(change('add', member(20_001), member(5)), fails(20));
    await assert.rejects(change('delete', member(6), member(777)), fails(16));
    const members = new Set((await read(directory, crew, 'member'))?.strings('member'));
    assert.equal(members.size, 20_001);
    assert.deepEqual(
      [member(6), member(777), member(20_000), member(20_001)].map((each) => members.has(each)),
      [true, false, true, false],
    );
  });

  describe('faults', () => {
    it('a delay holds back one operation and no other', async () => {
      const { embedded, directory } = await start();
      embedded.faults.inject({
        operation: 'search',
        when: (request) => request.kind === 'search' && request.base === ada,
        effect: { kind: 'delay', milliseconds: 60_000 },
      });
      const stop = new AbortController();
      const slow = directory
        .search({ base: ada, scope: 'base', filter: present('cn'), attributes: ['cn'] }, { signal: stop.signal })
        .collect();
      assert.equal((await read(directory, eve, 'cn'))?.first('cn'), 'Eve');
      stop.abort(new Error('waited long enough'));
      await assert.rejects(slow, /waited long enough/);
    });
    it('a cut before or after applying leaves the client in doubt, and only one of them a change', async () => {
      for (const at of ['beforeApplying', 'afterApplying'] as const) {
        const { embedded, directory } = await start();
        await read(directory, ada, 'cn');
        embedded.faults.inject({ operation: 'modify', times: 1, effect: { kind: 'drop', at } });
        await assert.rejects(
          directory.modify({ dn: ada, modifications: [{ operation: 'replace', attribute: 'title', values: ['x'] }] }),
          (error) => error instanceof LdapConnectionError && error.mayBeApplied,
        );
        assert.equal((await read(directory, ada, 'title'))?.has('title'), at === 'afterApplying');
      }
    });
    it('a result code comes instead of the operation, as often as it was asked for', async () => {
      const { embedded, directory } = await start();
      embedded.faults.inject({
        operation: 'delete',
        times: 2,
        effect: { kind: 'answer', code: 51, diagnosticMessage: 'busy' },
      });
      for (let time = 0; time < 2; time++) await assert.rejects(directory.delete({ dn: crew }), fails(51));
      await directory.delete({ dn: crew });
    });
    it('are gone when they are taken away', async () => {
      const { embedded, directory } = await start();
      const remove = embedded.faults.inject({ operation: 'any', effect: { kind: 'answer', code: 52 } });
      embedded.faults.inject({ operation: 'any', effect: { kind: 'answer', code: 80 } });
      remove();
      assert.equal(embedded.faults.take({ kind: 'delete', dn: ada })?.kind, 'answer');
      embedded.faults.clear();
      assert.equal((await read(directory, ada, 'cn'))?.first('cn'), 'Ada');
    });
  });

  describe('connections', () => {
    it('that do not speak LDAP are told so and closed', async () => {
      const { port } = await start();
      const socket = connect(port, '127.0.0.1');
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.write('GET / HTTP/1.1\r\n\r\n');
      await once(socket, 'close');
      assert.ok(Buffer.concat(chunks).includes('1.3.6.1.4.1.1466.20036'), 'notice of disconnection');
    });
    it('end with the directory', async () => {
      const { embedded, directory } = await start();
      await read(directory, ada, 'cn');
      await embedded.close();
      await assert.rejects(read(directory, ada, 'cn'), LdapConnectionError);
    });
    it('stop a search that nobody reads on', async () => {
      const { directory } = await start();
      await directory.modify({
        dn: crew,
        modifications: [
          { operation: 'add', attribute: 'description', values: Array.from({ length: 500 }, (_, index) => `${index}`) },
        ],
      });
      for await (const entry of directory.search({
        base: suffix,
        scope: 'subtree',
        filter: present('objectClass'),
        attributes: ['*'],
      })) {
        assert.ok(entry.dn);
        break;
      }
      assert.equal((await read(directory, ada, 'cn'))?.first('cn'), 'Ada');
    });
  });
});
