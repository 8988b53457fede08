import assert from 'node:assert/strict';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { plainDn, readExtendedDns } from '../../../src/ldap/client/extended-dns.ts';
import { LdapEntry } from '../../../src/ldap/entry.ts';
import { done, entry, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const guid = (index: number): string => index.toString(16).padStart(32, '0');
const extended = (index: number, sid = ''): string => `<GUID=${guid(index)}>;${sid}CN=u${index},DC=x`;

describe('client: extended DNs', () => {
  for (const [text, dn] of [
    [`<GUID=${guid(1)}>;CN=a,DC=x`, 'CN=a,DC=x'],
    [`<GUID=${guid(1).toUpperCase()}>;<SID=0105000000>;CN=a,DC=x`, 'CN=a,DC=x'],
    ['CN=a,DC=x', 'CN=a,DC=x'],
    ['CN=\\<GUID\\=1\\>\\;a,DC=x', 'CN=\\<GUID\\=1\\>\\;a,DC=x'],
    ['<GUID=12>;CN=a,DC=x', '<GUID=12>;CN=a,DC=x'],
    ['', ''],
  ] as const)
    it(`${text || 'nothing'} is ${dn || 'nothing'}`, () => assert.equal(plainDn(text), dn));

  it('values that are DNs become plain and keep their GUIDs beside, others are left alone', () => {
    const values = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text));
    const read = readExtendedDns(
      new LdapEntry(
        extended(9),
        new Map([
          ['member', values(extended(1), extended(2, '<SID=0105>;'), 'CN=plain,DC=x')],
          ['manager', values('CN=plain,DC=x')],
          ['description', values(extended(3))],
        ]),
      ),
      (name) => name !== 'description',
    );
    assert.equal(read.dn, 'CN=u9,DC=x');
    assert.deepEqual(read.strings('member'), ['CN=u1,DC=x', 'CN=u2,DC=x', 'CN=plain,DC=x']);
    assert.deepEqual(read.strings('manager'), ['CN=plain,DC=x']);
    assert.deepEqual(read.strings('description'), [extended(3)]);
    assert.deepEqual([...(read.dereferenced?.keys() ?? [])], ['member']);
    assert.deepEqual(
      Array.from(read.dereferenced?.get('member') ?? [], ({ dn, guid: octets }) => [dn, octets?.toString('hex')]),
      [
        ['CN=u1,DC=x', guid(1)],
        ['CN=u2,DC=x', guid(2)],
        ['CN=plain,DC=x', undefined],
      ],
    );
  });

  describe('over a connection', () => {
    let server: ScriptedServer;
    let client: Directory;
    afterEach(async () => {
      await Promise.all([client.close(), server.close()]);
    });

    it('come in ranges, too: every range is asked for with them, by the plain name', async () => {
      const asked: [base: string, attributes: readonly string[], controls: readonly string[]][] = [];
      server = await startScriptedServer(({ messageId, request, controls }, peer) => {
        if (request.kind !== 'search') return;
        const { base, attributes } = request;
        if (base === '') peer.send(messageId, entry('', { subschemaSubentry: ['cn=schema'] }));
        else if (base === 'cn=schema') {
          const syntax = "SYNTAX '1.3.6.1.4.1.1466.115.121.1.12'";
          peer.send(messageId, entry(base, { attributeTypes: [`( 2.5.4.31 NAME 'member' ${syntax} )`] }));
        } else {
          asked.push([base, attributes, controls.map(({ kind }) => kind)]);
          const from = Number(/;range=(\d+)-\*$/.exec(attributes[0] ?? '')?.[1] ?? 0);
          const last = from + 2 >= 5;
          const part = Array.from({ length: last ? 5 - from : 2 }, (_, index) => extended(from + index));
          const range = `member;range=${from}-${last ? '*' : from + 1}`;
          peer.send(messageId, entry(extended(100), { member: [], [range]: part }));
        }
        peer.send(messageId, done());
      });
      client = createDirectory({ urls: [server.url] });
      const filter = { kind: 'present', attribute: 'objectClass' } as const;
      const controls = [{ kind: 'extendedDn' }] as const;
      const search = { base: 'dc=x', scope: 'subtree', filter, attributes: ['member'], controls } as const;
      const { entries } = await client.search(search).collect();
      const names = Array.from({ length: 5 }, (_, index) => `CN=u${index},DC=x`);
      assert.deepEqual(entries[0]?.strings('member'), names);
      assert.deepEqual(
        Array.from(entries[0]?.dereferenced?.get('member') ?? [], ({ guid: octets }) => octets?.toString('hex')),
        names.map((_, index) => guid(index)),
      );
      assert.deepEqual(asked, [
        ['dc=x', ['member'], ['extendedDn']],
        ['CN=u100,DC=x', ['member;range=2-*'], ['extendedDn']],
        ['CN=u100,DC=x', ['member;range=4-*'], ['extendedDn']],
      ]);
    });
  });
});
