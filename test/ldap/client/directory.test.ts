import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { type DirectoryConfig, DirectoryConfigError } from '../../../src/ldap/client/directory-config.ts';
import { LdapConnectionError, LdapError, LdapTimeoutError } from '../../../src/ldap/errors.ts';
import { encodeResponse } from '../../../src/ldap/protocol/encode-response.ts';
import type { ReceivedRequest } from '../../../src/ldap/protocol/message.ts';
import { extendedOid } from '../../../src/ldap/protocol/oids.ts';
import type { Observation } from '../../../src/observe/observation.ts';
import { done, entry, type Peer, result, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const present = { kind: 'present', attribute: 'objectClass' } as const;
const one = { base: 'dc=x', scope: 'one', filter: present, attributes: ['cn'] } as const;
const bind = { dn: 'cn=gateway', password: 'very-secret' };

describe('client: directory', () => {
  const servers: ScriptedServer[] = [];
  const directories: Directory[] = [];

  async function serve(
    answer: (received: ReceivedRequest, peer: Peer) => unknown,
    onBind?: (received: ReceivedRequest, peer: Peer) => unknown,
  ): Promise<ScriptedServer> {
    const server = await startScriptedServer(answer, onBind === undefined ? {} : { onBind });
    servers.push(server);
    return server;
  }

  function directory(config: DirectoryConfig): Directory {
    const made = createDirectory(config);
    directories.push(made);
    return made;
  }

  async function open(
    answer: (received: ReceivedRequest, peer: Peer) => unknown,
    config: Partial<DirectoryConfig> = {},
    onBind?: (received: ReceivedRequest, peer: Peer) => unknown,
  ): Promise<{ client: Directory; server: ScriptedServer }> {
    const server = await serve(answer, onBind);
    return { server, client: directory({ urls: [server.url], ...config }) };
  }

  afterEach(async () => {
    const closing = directories.splice(0).map((each) => each.close());
    await Promise.all(servers.splice(0).map((each) => each.close()));
    await Promise.all(closing);
  });

  const kinds = (server: ScriptedServer): string[] => server.requests.map(({ request }) => request.kind);

  describe('connections', () => {
    it('D3 opens nothing before it is asked, and one connection for all who wait', async () => {
      const { client, server } = await open(({ messageId }, peer) => peer.send(messageId, done()), { bind });
      await sleep(5);
      assert.equal(server.count.came, 0);
      await Promise.all(Array.from({ length: 20 }, () => client.search(one).collect()));
      assert.ok(server.count.came <= 2);
      for (let number = 1; number <= server.count.came; number += 1) assert.equal(kinds(server)[0], 'bind');
    });

    it('D2 a new connection is bound before anything else goes over it', async () => {
      const { client, server } = await open(
        ({ messageId }, peer) => {
          peer.send(messageId, done());
          if (peer.number === 1) setTimeout(peer.close, 2);
        },
        { bind },
      );
      await client.search(one).collect();
      while (server.count.open > 0) await sleep(1);
      await sleep(5);
      await client.search(one).collect();
      assert.deepEqual(kinds(server), ['bind', 'search', 'bind', 'search']);
    });

    it('binds by client certificate with SASL EXTERNAL', async () => {
      const { client, server } = await open(({ messageId }, peer) => peer.send(messageId, done()), {
        bind: { mechanism: 'EXTERNAL' },
      });
      await client.search(one).collect();
      const authentication = { kind: 'sasl', mechanism: 'EXTERNAL' };
      assert.deepEqual(server.requests[0]?.request, { kind: 'bind', dn: '', authentication });
    });

    it('a connection that was silent for a whole time-out gets no new operations', async () => {
      const { client, server } = await open(
        ({ messageId }, peer) => {
          if (peer.number > 1) peer.send(messageId, done());
        },
        { timeouts: { operation: 40 }, pool: { size: 1 } },
      );
      await assert.rejects(client.search(one).collect(), LdapTimeoutError);
      assert.equal((await client.search(one).collect()).result.code, 0);
      assert.equal(server.count.came, 2);
    });

    it('a message longer than the limit ends the connection', async () => {
      const { client } = await open(
        ({ messageId }, peer) => peer.send(messageId, entry('cn=a', { cn: ['x'.repeat(900)] })),
        {
          pool: { maxMessage: 800 },
        },
      );
      await assert.rejects(client.search(one).collect(), /longer than the limit/);
    });

    it('asks for the password anew for every connection', async () => {
      let asked = 0;
      const password = async (): Promise<string> => {
        asked += 1;
        return `secret-${asked}`;
      };
      const { client, server } = await open(({ messageId }, peer) => peer.send(messageId, done()), {
        bind: { dn: 'cn=gateway', password },
        pool: { idle: 10 },
      });
      await client.search(one).collect();
      while (server.count.open > 0) await sleep(2);
      await client.search(one).collect();
      const passwords = server.requests.flatMap(({ request }) =>
        request.kind === 'bind' && request.authentication.kind === 'simple'
          ? [String(request.authentication.password)]
          : [],
      );
      assert.deepEqual(passwords, ['secret-1', 'secret-2']);
    });

    it('gives up what is idle, with an unbind', async () => {
      const { client, server } = await open(({ messageId }, peer) => peer.send(messageId, done()), {
        pool: { idle: 10 },
      });
      await client.search(one).collect();
      while (server.count.open > 0) await sleep(2);
      assert.deepEqual(kinds(server), ['search', 'unbind']);
    });

    it('refused credentials are a clear error without the password, and are not tried again at once', async () => {
      const seen: Observation[] = [];
      const { client, server } = await open(
        () => undefined,
        { bind, observe: (observation) => seen.push(observation) },
        ({ messageId }, peer) => peer.send(messageId, { kind: 'bind', result: result(49, 'no') }),
      );
      for (let turn = 0; turn < 3; turn += 1) {
        await assert.rejects(client.search(one).collect(), (error: Error) => {
          assert.ok(error instanceof LdapError && error.code === 49);
          assert.match(error.message, /cn=gateway refused: no/);
          assert.ok(!JSON.stringify([error, error.stack, seen]).includes('very-secret'));
          return true;
        });
      }
      assert.equal(server.count.came, 1);
    });

    it('a server that accepts and says nothing is a time-out to connect', async () => {
      const { client } = await open(
        () => undefined,
        { bind, timeouts: { connect: 30 } },
        () => undefined,
      );
      await assert.rejects(client.search(one).collect(), (error) => {
        assert.ok(error instanceof LdapTimeoutError && !error.mayBeApplied);
        return true;
      });
    });

    it('a password source that never answers is a time-out to connect', async () => {
      const password = (): Promise<string> => new Promise(() => undefined);
      const { client } = await open(() => undefined, { bind: { dn: 'cn=a', password }, timeouts: { connect: 30 } });
      await assert.rejects(client.search(one).collect(), LdapTimeoutError);
    });

    it('closing lets what runs end, unbinds, and takes nothing new', async () => {
      const { client, server } = await open(({ messageId }, peer) =>
        setTimeout(() => peer.send(messageId, done()), 20),
      );
      const running = client.search(one).collect();
      while (server.requests.length === 0) await sleep(1);
      const closing = client.close();
      await assert.rejects(client.search(one).collect(), LdapConnectionError);
      assert.equal((await running).result.code, 0);
      await closing;
      while (server.count.open > 0) await sleep(1);
      assert.deepEqual(kinds(server), ['search', 'unbind']);
    });

    it('D6 D11 a drop while idle is noticed: the next operation has a new connection', async () => {
      const { client, server } = await open(({ messageId }, peer) => {
        peer.send(messageId, { kind: 'modifyDn', result: result(0) });
        if (peer.number === 1) setTimeout(peer.close, 2);
      });
      const rename = { dn: 'cn=a\\\\,dc=x', newRdn: 'cn=b\\\\', deleteOldRdn: false };
      await client.modifyDn(rename);
      while (server.count.open > 0) await sleep(1);
      await sleep(5);
      await client.modifyDn(rename);
      assert.deepEqual(server.requests[1]?.request, { kind: 'modifyDn', ...rename });
    });
  });

  describe('retries and fail-over', () => {
    const cutFirst =
      (kind: 'searchDone' | 'delete') =>
      ({ messageId }: ReceivedRequest, peer: Peer): void => {
        if (peer.number === 1) peer.close();
        else peer.send(messageId, { kind, result: result(0) });
      };

    it('a read is tried once more on a fresh connection', async () => {
      const { client, server } = await open(cutFirst('searchDone'));
      assert.deepEqual((await client.search(one).collect()).entries, []);
      assert.equal(server.count.came, 2);
    });

    it('a paged search too, before anything was delivered', async () => {
      const { client } = await open(cutFirst('searchDone'));
      assert.deepEqual((await client.search({ ...one, pageSize: 5 }).collect()).entries, []);
    });

    it('a read that always fails is tried twice', async () => {
      const { client, server } = await open((_received, peer) => peer.close());
      await assert.rejects(client.search(one).collect(), LdapConnectionError);
      assert.equal(server.count.came, 2);
    });

    it('a read that delivered entries is not repeated', async () => {
      const { client, server } = await open(({ messageId }, peer) => {
        peer.send(messageId, entry('cn=1'));
        setTimeout(peer.close, 10);
      });
      const dns: string[] = [];
      await assert.rejects(async () => {
        for await (const { dn } of client.search(one)) dns.push(dn);
      }, LdapConnectionError);
      assert.deepEqual(dns, ['cn=1']);
      assert.equal(server.count.came, 1);
    });

    it('a write that may have been applied is not repeated', async () => {
      const { client, server } = await open(cutFirst('delete'));
      await assert.rejects(client.delete({ dn: 'cn=a' }), (error) => {
        assert.ok(error instanceof LdapConnectionError && error.mayBeApplied);
        return true;
      });
      assert.equal(server.count.came, 1);
    });

    it('goes to the next server where the first cannot be reached, and back', async () => {
      const gone = await serve(() => undefined);
      const { url } = gone;
      await gone.close();
      const second = await serve(
        ({ messageId }, peer) => peer.send(messageId, entry('cn=2')) ?? peer.send(messageId, done()),
      );
      const seen: Observation[] = [];
      const client = directory({ urls: [url, second.url], observe: (observation) => seen.push(observation) });
      for (let turn = 0; turn < 3; turn += 1) {
        const { entries } = await client.search(one).collect();
        assert.equal(entries[0]?.dn, 'cn=2');
      }
      const failed = seen.filter((each) => each.kind === 'ldapConnection' && each.state === 'failed');
      assert.equal(failed.length, 1, 'the first is asked again only after its back-off');
    });

    it('goes to the next server where the first is busy', async () => {
      const first = await serve(
        () => undefined,
        ({ messageId }, peer) => peer.send(messageId, { kind: 'bind', result: result(51, 'busy') }),
      );
      const second = await serve(({ messageId }, peer) => peer.send(messageId, done()));
      const client = directory({ urls: [first.url, second.url], bind });
      assert.equal((await client.search(one).collect()).result.code, 0);
    });

    it('says that no server can be reached', async () => {
      const gone = await serve(() => undefined);
      await gone.close();
      const client = directory({ urls: [gone.url] });
      await assert.rejects(client.delete({ dn: 'cn=a' }), (error) => {
        assert.ok(error instanceof LdapConnectionError && !error.mayBeApplied);
        return true;
      });
    });
  });

  describe('paged search', () => {
    /** Three pages of which the second is empty. */
    function pages({ messageId, request, controls }: ReceivedRequest, peer: Peer): void {
      const control = controls.find((each) => each.kind === 'pagedResults');
      if (request.kind !== 'search' || control?.kind !== 'pagedResults') return;
      const page = control.cookie.length === 0 ? 0 : (control.cookie[0] ?? 0);
      const last = page === 2 || control.size === 0;
      if (page !== 1 && control.size > 0) {
        for (let index = 0; index < 2; index += 1) peer.send(messageId, entry(`cn=${page}.${index}`));
      }
      const pagedResults = { size: 0, cookie: last ? Buffer.alloc(0) : Buffer.from([page + 1]) };
      peer.send(messageId, { kind: 'searchDone', result: result(0), controls: { pagedResults } });
    }
    const paged = { ...one, pageSize: 2 };
    const sizes = (server: ScriptedServer): number[] =>
      server.requests.flatMap(({ controls }) =>
        controls.flatMap((each) => (each.kind === 'pagedResults' ? [each.size] : [])),
      );

    it('shows each entry when it comes, page after page, to one who takes them at once', async () => {
      const { client } = await open(pages);
      const seen: string[] = [];
      const { code } = await client.search(paged).visit(({ dn }) => seen.push(dn));
      assert.deepEqual([code, seen], [0, (await client.search(paged).collect()).entries.map(({ dn }) => dn)]);
    });

    it('ends where the one who takes the entries throws, and lets go of the connection', async () => {
      const { client, server } = await open(pages, { pool: { pagedSize: 1 } });
      const full = new Error('enough');
      const thrown = client.search(paged).visit(() => {
        throw full;
      });
      await assert.rejects(thrown, (error) => error === full);
      assert.equal((await client.search(paged).collect()).entries.length, 4);
      assert.ok(
        server.requests.some(({ request }) => request.kind === 'abandon'),
        'nobody told the server',
      );
    });

    it('D12 goes on over an empty page that has a cookie', async () => {
      const { client, server } = await open(pages);
      const { entries } = await client.search(paged).collect();
      assert.deepEqual(
        entries.map(({ dn }) => dn),
        ['cn=0.0', 'cn=0.1', 'cn=2.0', 'cn=2.1'],
      );
      assert.deepEqual(sizes(server), [2, 2, 2]);
    });

    it('fetches the next page only when the reader wants more than it has', async () => {
      const { client, server } = await open(pages);
      const reader = client.search(paged)[Symbol.asyncIterator]();
      assert.equal((await reader.next()).value?.dn, 'cn=0.0');
      assert.equal((await reader.next()).value?.dn, 'cn=0.1');
      await sleep(10);
      assert.deepEqual(sizes(server), [2]);
      assert.equal((await reader.next()).value?.dn, 'cn=2.0');
      assert.deepEqual(sizes(server), [2, 2, 2]);
    });

    it('a reader that leaves early makes the server forget, and frees the connection', async () => {
      const { client, server } = await open(pages, { pool: { pagedSize: 1 } });
      const stream = client.search(paged);
      for await (const { dn } of stream) {
        assert.equal(dn, 'cn=0.0');
        break;
      }
      await assert.rejects(stream.result, { name: 'AbortError' });
      assert.equal((await client.search(paged).collect()).entries.length, 4);
      assert.deepEqual(sizes(server), [2, 0, 2, 2, 2]);
      assert.equal(server.count.came, 1);
    });

    it('a reader that leaves while a page is on its way sends Abandon', async () => {
      const { client, server } = await open(({ messageId }, peer) => peer.send(messageId, entry('cn=1')));
      for await (const { dn } of client.search(paged)) {
        assert.equal(dn, 'cn=1');
        break;
      }
      while (server.requests.length < 2) await sleep(1);
      assert.deepEqual(kinds(server), ['search', 'abandon']);
    });

    it('every search has a connection of its own; more of them wait', async () => {
      const busy = new Map<number, number>();
      const { client, server } = await open(
        (received, peer) => {
          const { number } = peer;
          busy.set(number, (busy.get(number) ?? 0) + 1);
          assert.equal(busy.get(number), 1, 'two paged searches on one connection');
          setTimeout(() => {
            busy.set(number, 0);
            pages(received, peer);
          }, 2);
        },
        { pool: { pagedSize: 2 } },
      );
      const found = await Promise.all(Array.from({ length: 7 }, () => client.search(paged).collect()));
      assert.deepEqual(
        found.map(({ entries }) => entries.length),
        Array.from({ length: 7 }, () => 4),
      );
      assert.equal(server.count.came, 2);
    });

    it('who waits for a connection leaves with its signal, and nothing is lost', async () => {
      const { client } = await open(pages, { pool: { pagedSize: 1 } });
      const reader = client.search(paged)[Symbol.asyncIterator]();
      await reader.next();
      const controller = new AbortController();
      const waiting = client.search(paged, { signal: controller.signal }).collect();
      await sleep(5);
      controller.abort();
      await assert.rejects(waiting, { name: 'AbortError' });
      await reader.return?.();
      assert.equal((await client.search(paged).collect()).entries.length, 4);
    });

    it('sizeLimit holds over all pages and is an error after the entries', async () => {
      const { client } = await open(pages);
      const dns: string[] = [];
      await assert.rejects(
        async () => {
          for await (const { dn } of client.search({ ...paged, sizeLimit: 2 })) dns.push(dn);
        },
        (error) => error instanceof LdapError && error.code === 4,
      );
      assert.deepEqual(dns, ['cn=0.0', 'cn=0.1']);
    });
  });

  describe('results', () => {
    it('sizeLimit holds where the server does not obey it, and the server is told to stop', async () => {
      const { client, server } = await open(({ messageId, request }, peer) => {
        if (request.kind !== 'search') return;
        for (const dn of ['cn=a', 'cn=b', 'cn=c', 'cn=d']) peer.send(messageId, entry(dn));
      });
      const dns: string[] = [];
      await assert.rejects(
        async () => {
          for await (const { dn } of client.search({ ...one, sizeLimit: 2 })) dns.push(dn);
        },
        (error) => error instanceof LdapError && error.code === 4,
      );
      assert.deepEqual(dns, ['cn=a', 'cn=b']);
      while (kinds(server).length < 2) await sleep(1);
      assert.deepEqual(kinds(server), ['search', 'abandon']);
    });

    it('sizeLimitExceeded comes after the entries', async () => {
      const { client } = await open(({ messageId }, peer) => {
        peer.send(messageId, entry('cn=1'));
        peer.send(messageId, done(4));
      });
      const stream = client.search(one);
      const dns: string[] = [];
      await assert.rejects(async () => {
        for await (const { dn } of stream) dns.push(dn);
      }, LdapError);
      assert.deepEqual(dns, ['cn=1']);
      await assert.rejects(stream.result, (error) => error instanceof LdapError && error.code === 4);
    });

    it('D13 takes 200,000 entries of one search', async () => {
      const { client } = await open(({ messageId }, peer) => {
        const thousand = Buffer.concat(Array.from({ length: 1_000 }, () => encodeResponse(messageId, entry('cn=x'))));
        for (let turn = 0; turn < 200; turn += 1) peer.raw(thousand);
        peer.send(messageId, done());
      });
      assert.equal((await client.search(one).collect()).entries.length, 200_000);
    });

    it('D16 the sort result and references reach the caller', async () => {
      const { client } = await open(({ messageId }, peer) => {
        peer.send(messageId, { kind: 'searchReference', urls: ['ldap://a/'] });
        peer.send(messageId, { kind: 'searchDone', result: result(0), controls: { sort: { code: 18 } } });
      });
      const { result: found } = await client.search(one).collect();
      assert.deepEqual([found.references, found.controls.sort], [['ldap://a/'], { code: 18 }]);
    });

    it('a failure keeps code, text, matched DN and referrals', async () => {
      const failure = { code: 10, matchedDn: 'dc=x', diagnosticMessage: 'over there', referrals: ['ldap://b/'] };
      const { client } = await open(({ messageId }, peer) => peer.send(messageId, { kind: 'add', result: failure }));
      await assert.rejects(client.add({ dn: 'cn=a', attributes: [] }), { name: 'LdapError', ...failure });
    });

    it('compare is true, false or an error', async () => {
      const codes = [6, 5, 32];
      const { client } = await open(({ messageId }, peer) => {
        peer.send(messageId, { kind: 'compare', result: result(codes.shift() ?? 80) });
      });
      const request = { dn: 'cn=a', attribute: 'sn', value: 'x' };
      assert.equal(await client.compare(request), true);
      assert.equal(await client.compare(request), false);
      await assert.rejects(client.compare(request), LdapError);
    });

    it('a password that the server made comes byte for byte', async () => {
      const made = Buffer.from([0x30, 5, 0x80, 3, 0xff, 0x80, 0x41]);
      const { client } = await open(({ messageId }, peer) => {
        peer.send(messageId, { kind: 'extended', result: result(0), value: made });
      });
      const password = await client.passwordModify({ userIdentity: 'cn=a' });
      assert.deepEqual(Buffer.from(password ?? '', 'latin1'), made.subarray(4));
    });

    it('reads root DSE and subschema once for all who ask', async () => {
      const { client, server } = await open(({ messageId, request }, peer) => {
        const base = request.kind === 'search' ? request.base : '';
        peer.send(
          messageId,
          base === ''
            ? entry('', { subschemaSubentry: ['cn=schema'] })
            : entry(base, { attributeTypes: ["( 2.5.4.3 NAME 'cn' )"], objectClasses: [] }),
        );
        peer.send(messageId, done());
      });
      const [a, b, c] = await Promise.all([client.subschema(), client.subschema(), client.rootDse()]);
      assert.equal(a, b);
      assert.equal(c.first('subschemaSubentry'), 'cn=schema');
      assert.equal(a.attributeType('CN')?.oid, '2.5.4.3');
      await client.subschema();
      assert.deepEqual(kinds(server), ['search', 'search']);
    });

    it('who am I', async () => {
      const { client, server } = await open(({ messageId }, peer) => {
        peer.send(messageId, { kind: 'extended', result: result(0), value: Buffer.from('dn:cn=ä') });
      });
      assert.equal(await client.whoAmI(), 'dn:cn=ä');
      assert.deepEqual(server.requests[0]?.request, { kind: 'extended', name: extendedOid.whoAmI });
    });

    it('tells of every operation with its code', async () => {
      const seen: unknown[] = [];
      const { client } = await open(
        ({ messageId, request }, peer) => {
          if (request.kind === 'delete') peer.send(messageId, { kind: 'delete', result: result(32) });
        },
        {
          timeouts: { operation: 20 },
          observe: (each) => each.kind === 'ldapOperation' && seen.push([each.operation, each.code]),
        },
      );
      await assert.rejects(client.delete({ dn: 'cn=a' }), LdapError);
      await assert.rejects(client.search(one).collect(), LdapTimeoutError);
      assert.deepEqual(seen, [
        ['delete', 32],
        ['search', 'timeout'],
      ]);
    });
  });

  describe('configuration', () => {
    const refused: readonly (readonly [string, DirectoryConfig])[] = [
      ['no server', { urls: [] }],
      ['another scheme', { urls: ['http://a/'] }],
      ['text that is no URL', { urls: ['ldap.example.com'] }],
      ['a base in the URL', { urls: ['ldap://a/dc=x'] }],
      ['credentials in the URL', { urls: ['ldap://cn=a:very-secret@a/'] }],
      ['a password over plain ldap://', { urls: ['ldaps://a', 'ldap://b'], bind }],
      ['an empty password', { urls: ['ldaps://a'], bind: { dn: 'cn=a', password: '' } }],
      ['an empty DN', { urls: ['ldaps://a'], bind: { dn: '', password: 'x' } }],
      ['a pool of none', { urls: ['ldaps://a'], pool: { size: 0 } }],
      ['a time-out that is no number', { urls: ['ldaps://a'], timeouts: { operation: Number.NaN } }],
    ];
    for (const [name, config] of refused) {
      it(`refuses ${name}`, () => {
        assert.throws(
          () => createDirectory(config),
          (error: Error) => error instanceof DirectoryConfigError && !error.message.includes('very-secret'),
        );
      });
    }

    const accepted: readonly (readonly [string, DirectoryConfig])[] = [
      ['loopback', { urls: ['ldap://localhost', 'ldap://127.0.0.1:1', 'ldap://[::1]:389/'], bind }],
      ['StartTLS', { urls: ['ldap://b'], bind, tls: { startTls: true } }],
      ['what is allowed', { urls: ['ldap://b'], bind, allowPlaintext: true }],
    ];
    for (const [name, config] of accepted) {
      it(`lets a password go over ${name}`, () => {
        directory(config);
      });
    }
  });
});
