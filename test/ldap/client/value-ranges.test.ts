import assert from 'node:assert/strict';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { completeValues, isCut } from '../../../src/ldap/client/value-ranges.ts';
import { LdapEntry } from '../../../src/ldap/entry.ts';
import { LdapError } from '../../../src/ldap/errors.ts';
import type { ReceivedRequest } from '../../../src/ldap/protocol/message.ts';
import { done, entry, type Peer, result, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const names = (count: number, first = 0): string[] => Array.from({ length: count }, (_, index) => `v${first + index}`);

function entryOf(attributes: Readonly<Record<string, readonly string[]>>, dn = 'cn=a'): LdapEntry {
  const values = Object.entries(attributes).map(([name, list]) => [name, list.map((value) => Buffer.from(value))]);
  return new LdapEntry(dn, new Map(values as [string, Buffer[]][]));
}

/** What a server with these values answers to `attribute;range=FROM-*`, `width` at a time. */
function cut(values: readonly string[], from: number, width: number): readonly [range: string, values: string[]] {
  const part = values.slice(from, from + width);
  const last = from + width >= values.length;
  return [`range=${from}-${last ? '*' : from + part.length - 1}`, part];
}

const rejectsWith = (code: number) => (error: unknown) => error instanceof LdapError && error.code === code;

describe('client: ranges of values', () => {
  describe('completeValues', () => {
    for (const [total, first, then] of [
      [5_000, 1_500, 1_500],
      [5_000, 1_500, 7],
      [5_000, 10, 10_000],
      [3_000, 1_500, 1_500],
      [3_001, 1_500, 1_500],
      [3, 1, 1],
      [3, 3, 3],
    ] as const) {
      it(`${total} values, ${first} at first and ${then} then`, async () => {
        const values = names(total);
        const [range, part] = cut(values, 0, first);
        let reads = 0;
        const whole = await completeValues(
          entryOf({ cn: ['a'], member: [], [`member;${range}`]: part }),
          async ([asked = '']) => {
            reads += 1;
            const from = Number(/^member;range=(\d+)-\*$/.exec(asked)?.[1]);
            const [nextRange, more] = cut(values, from, then);
            return entryOf({ member: [], [`member;${nextRange}`]: more });
          },
        );
        assert.deepEqual([...whole.attributes.keys()], ['cn', 'member']);
        assert.deepEqual(whole.strings('member'), values);
        assert.equal(reads, first >= total ? 0 : Math.ceil((total - first) / then));
      });
    }

    it('several attributes at once, each to its own end', async () => {
      const asked: (readonly string[])[] = [];
      const whole = await completeValues(
        entryOf({ 'member;range=0-1': ['a', 'b'], 'mail;range=0-*': ['m'], 'description;lang-en;range=0-0': ['x'] }),
        async (attributes) => {
          asked.push(attributes);
          return asked.length === 1
            ? entryOf({ 'member;range=2-2': ['c'], 'description;lang-en;range=1-*': ['y'] })
            : entryOf({ 'member;range=3-*': ['d'] });
        },
      );
      assert.deepEqual(asked, [['member;range=2-*', 'description;lang-en;range=1-*'], ['member;range=3-*']]);
      assert.deepEqual(whole.strings('member'), ['a', 'b', 'c', 'd']);
      assert.deepEqual(whole.strings('mail'), ['m']);
      assert.deepEqual(whole.strings('description;lang-en'), ['x', 'y']);
    });

    it('a part that begins earlier than it was asked for, and a value that moved into the next part', async () => {
      const whole = await completeValues(entryOf({ 'member;range=0-2': ['a', 'b', 'c'] }), async () =>
        entryOf({ 'member;range=1-*': ['b', 'c', 'a', 'd'] }),
      );
      assert.deepEqual(whole.strings('member'), ['a', 'b', 'c', 'd']);
    });

    for (const [title, part] of [
      ['no values behind the last ones', { 'member;range=2-*': [] }],
      ['the attribute no longer', { cn: ['a'] }],
    ] as const)
      it(`ends where there are ${title}, because they went meanwhile`, async () => {
        const whole = await completeValues(entryOf({ 'member;range=0-1': ['a', 'b'] }), async () => entryOf(part));
        assert.deepEqual(whole.strings('member'), ['a', 'b']);
      });

    for (const [title, part] of [
      ['a gap', { 'member;range=3-*': ['d'] }],
      ['no progress', { 'member;range=0-1': ['a', 'b'] }],
    ] as const)
      it(`does not pass over ${title}`, () =>
        assert.rejects(
          completeValues(entryOf({ 'member;range=0-1': ['a', 'b'] }), async () => entryOf(part)),
          rejectsWith(1),
        ));

    it('an entry that goes meanwhile is an error that passes', () =>
      assert.rejects(
        completeValues(entryOf({ 'member;range=0-1': ['a', 'b'] }), async () => undefined),
        rejectsWith(51),
      ));

    it('an entry without ranges is whole', () => {
      assert.equal(isCut(entryOf({ member: ['a'], 'usercertificate;binary': ['x'] })), false);
      assert.equal(isCut(entryOf({ member: [], 'member;range=0-1': ['a', 'b'] })), true);
    });
  });

  describe('over a connection', () => {
    let server: ScriptedServer;
    let client: Directory;
    afterEach(async () => {
      await Promise.all([client.close(), server.close()]);
    });

    const width = 1_500;
    const members = new Map([
      ['cn=big', names(5_000)],
      ['cn=other', names(2_000, 10_000)],
      ['cn=small', names(3)],
    ]);
    const present = { kind: 'present', attribute: 'objectClass' } as const;
    const groups = { base: 'dc=x', scope: 'one', filter: present, attributes: ['cn', 'member'] } as const;

    const show = (dn: string, from = 0) => {
      const all = members.get(dn) ?? [];
      if (all.length <= width) return entry(dn, { member: all });
      const [range, part] = cut(all, from, width);
      return entry(dn, { member: [], [`member;${range}`]: part });
    };
    type Search = ReceivedRequest['request'] & { readonly kind: 'search' };
    const searchOf = ({ request }: ReceivedRequest): Search => {
      assert.equal(request.kind, 'search');
      return request as Search;
    };
    const searches = (): Search[] =>
      server.requests.filter(({ request }) => request.kind === 'search').map((received) => searchOf(received));
    const open = async (answer: (received: ReceivedRequest, peer: Peer) => unknown): Promise<void> => {
      server = await startScriptedServer(answer);
      client = createDirectory({ urls: [server.url] });
    };
    /** Shows a range of the entry that is asked for by name. */
    const rest = (received: ReceivedRequest, peer: Peer): boolean => {
      const { base, attributes } = searchOf(received);
      const from = /;range=(\d+)-\*$/.exec(attributes[0] ?? '')?.[1];
      if (from === undefined) return false;
      peer.send(received.messageId, show(base, Number(from)));
      peer.send(received.messageId, done());
      return true;
    };

    it('a search hands on whole entries, under the name that was asked for', async () => {
      await open((received, peer) => {
        if (rest(received, peer)) return;
        for (const dn of members.keys()) peer.send(received.messageId, show(dn));
        peer.send(received.messageId, done());
      });
      const { entries } = await client.search(groups).collect();
      assert.deepEqual(new Map(entries.map((found) => [found.dn, found.strings('member')])), members);
      assert.ok(entries.every(({ attributes }) => [...attributes.keys()].join() === 'member'));
      assert.equal(searches().length, 1 + 3 + 1);
    });

    it('the next page is asked for when the entries of the last one are whole', async () => {
      const cookie = Buffer.from('more');
      await open((received, peer) => {
        if (rest(received, peer)) return;
        const paged = received.controls.find(({ kind }) => kind === 'pagedResults');
        const first = paged?.kind === 'pagedResults' && paged.cookie.length === 0;
        peer.send(received.messageId, show(first ? 'cn=big' : 'cn=small'));
        const controls = { pagedResults: { size: 0, cookie: first ? cookie : Buffer.alloc(0) } };
        peer.send(received.messageId, { kind: 'searchDone', result: result(0), controls });
      });
      const found: number[] = [];
      for await (const each of client.search({ ...groups, pageSize: 1 })) found.push(each.bytes('member').length);
      assert.deepEqual(found, [5_000, 3]);
      assert.deepEqual(
        searches().map(({ scope }) => scope),
        ['one', 'base', 'base', 'base', 'one'],
      );
    });

    it('what goes wrong in reading the rest is what the search ends with', async () => {
      await open((received, peer) => {
        const { scope } = searchOf(received);
        if (scope === 'one') peer.send(received.messageId, show('cn=big'));
        peer.send(received.messageId, done(scope === 'one' ? 0 : 50));
      });
      await assert.rejects(client.search(groups).collect(), rejectsWith(50));
      await assert.rejects(async () => {
        for await (const each of client.search(groups)) assert.fail(each.dn);
      }, rejectsWith(50));
    });

    it('nothing more is read for a reader who has left', async () => {
      await open((received, peer) => {
        if (rest(received, peer)) return;
        for (const dn of ['cn=small', 'cn=big', 'cn=other']) peer.send(received.messageId, show(dn));
        peer.send(received.messageId, done());
      });
      for await (const each of client.search(groups)) {
        assert.equal(each.dn, 'cn=small');
        break;
      }
      await client.close();
      assert.ok(searches().length <= 3, String(searches().length));
    });
  });
});
