import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { LdapConnection } from '../../../src/ldap/client/connection.ts';
import { LdapConnectionError, LdapTimeoutError } from '../../../src/ldap/errors.ts';
import { encodeResponse } from '../../../src/ldap/protocol/encode-response.ts';
import type { ReceivedRequest } from '../../../src/ldap/protocol/message.ts';
import { extendedOid } from '../../../src/ldap/protocol/oids.ts';
import {
  done,
  entry,
  type Peer,
  result,
  type ScriptedServer,
  type ServerOptions,
  startScriptedServer,
} from './scripted-server.ts';

const present = { kind: 'present', attribute: 'objectClass' } as const;
const search = (base: string) =>
  ({ kind: 'search', base, scope: 'base', filter: present, attributes: ['1.1'] }) as const;
const LONG = { timeout: 10_000 };
const baseOf = ({ request }: ReceivedRequest): string => (request.kind === 'search' ? request.base : request.kind);

describe('client: one connection', () => {
  let server: ScriptedServer | undefined;
  let connection: LdapConnection | undefined;

  async function open(
    answer: (received: ReceivedRequest, peer: Peer) => unknown,
    { onBind, ...options }: { maxInFlight?: number; firstMessageId?: number } & ServerOptions = {},
  ): Promise<LdapConnection> {
    server = await startScriptedServer(answer, onBind === undefined ? {} : { onBind });
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    connection = new LdapConnection(socket, { server: 'ldap://test', maxInFlight: 32, ...options });
    return connection;
  }

  afterEach(async () => {
    connection?.destroy('the test is over');
    await server?.close();
  });

  it('gives every operation its own answer, whatever their order', async () => {
    const waiting: ReceivedRequest[] = [];
    const client = await open((received, peer) => {
      waiting.push(received);
      if (waiting.length < 20) return;
      for (const each of waiting.toReversed()) {
        peer.send(each.messageId, entry(baseOf(each)));
        peer.send(each.messageId, done());
      }
    });
    const bases = Array.from({ length: 20 }, (_, index) => `cn=${index}`);
    const found = await Promise.all(
      bases.map(async (base) => {
        const dns: string[] = [];
        await client.run(search(base), { ...LONG, onEntry: ({ dn }) => dns.push(dn) });
        return dns;
      }),
    );
    assert.deepEqual(
      found,
      bases.map((base) => [base]),
    );
  });

  it('D1 a time-out sends Abandon and hurts nobody else; the late answer is ignored', async () => {
    let slow: ReceivedRequest | undefined;
    const client = await open((received, peer) => {
      if (baseOf(received) === 'cn=slow') slow = received;
      if (received.request.kind === 'abandon') {
        peer.send(received.request.messageId, entry('cn=late'));
        peer.send(received.request.messageId, done());
      }
      if (baseOf(received) === 'cn=other') setTimeout(() => peer.send(received.messageId, done()), 60);
      if (baseOf(received) === 'cn=after') peer.send(received.messageId, done());
    });
    const other = client.run(search('cn=other'), LONG);
    await assert.rejects(client.run(search('cn=slow'), { timeout: 20 }), (error) => {
      assert.ok(error instanceof LdapTimeoutError);
      assert.equal(error.mayBeApplied, true);
      return true;
    });
    assert.equal((await other).result.code, 0);
    assert.equal((await client.run(search('cn=after'), LONG)).result.code, 0);
    const abandons = server?.requests.filter(({ request }) => request.kind === 'abandon');
    assert.deepEqual(
      abandons?.map(({ request }) => request),
      [{ kind: 'abandon', messageId: slow?.messageId }],
    );
    assert.equal(client.closed, false);
  });

  it('a signal ends its operation with its reason, once', async () => {
    const client = await open((received, peer) => {
      if (baseOf(received) === 'cn=b') peer.send(received.messageId, done());
    });
    const controller = new AbortController();
    const reason = new Error('the client went away');
    const running = client.run(search('cn=a'), { ...LONG, signal: controller.signal });
    await sleep(10);
    controller.abort(reason);
    await assert.rejects(running, reason);
    await assert.rejects(client.run(search('cn=a'), { ...LONG, signal: controller.signal }), reason);
    await client.run(search('cn=b'), LONG);
    assert.deepEqual(server?.requests.map(baseOf), ['cn=a', 'abandon', 'cn=b']);
  });

  it('a signal that timed out is a time-out', async () => {
    const client = await open(() => undefined);
    await assert.rejects(client.run(search(''), { ...LONG, signal: AbortSignal.timeout(10) }), LdapTimeoutError);
  });

  it('keeps to the cap; who waits in the queue can time out or leave without a trace', async () => {
    const held: (() => void)[] = [];
    const client = await open(
      (received, peer) => {
        held.push(() => peer.send(received.messageId, done()));
      },
      { maxInFlight: 2 },
    );
    const first = client.run(search('cn=1'), LONG);
    const second = client.run(search('cn=2'), LONG);
    const controller = new AbortController();
    const left = client.run(search('cn=left'), { ...LONG, signal: controller.signal });
    const late = client.run(search('cn=late'), { timeout: 20 });
    const third = client.run(search('cn=3'), LONG);
    assert.equal(client.load, 5);
    controller.abort();
    await assert.rejects(left, { name: 'AbortError' });
    await assert.rejects(late, (error) => error instanceof LdapTimeoutError && !error.mayBeApplied);
    assert.equal(held.length, 2);
    held[0]?.();
    await first;
    while (held.length < 3) await sleep(1);
    for (const answer of held.slice(1)) answer();
    await Promise.all([second, third]);
    assert.deepEqual(server?.requests.map(baseOf), ['cn=1', 'cn=2', 'cn=3']);
  });

  it('D4 a cut in the middle of a PDU fails what runs, with what may have been applied', async () => {
    const client = await open(
      (received, peer) => {
        peer.raw(encodeResponse(received.messageId, done()).subarray(0, 5));
        setTimeout(peer.close, 5);
      },
      { maxInFlight: 1 },
    );
    const sent = client.run({ kind: 'delete', dn: 'cn=a' }, LONG);
    const queued = client.run({ kind: 'delete', dn: 'cn=b' }, LONG);
    const failed = (applied: boolean) => (error: unknown) =>
      error instanceof LdapConnectionError && error.mayBeApplied === applied;
    await Promise.all([assert.rejects(sent, failed(true)), assert.rejects(queued, failed(false))]);
    assert.equal(client.closed, true);
    await assert.rejects(client.run(search(''), LONG), failed(false));
  });

  it('a request that was not handed to the socket was certainly not applied', async () => {
    const client = await open(() => undefined);
    const lone = client.run({ kind: 'delete', dn: 'cn=a' }, LONG);
    const next = client.run({ kind: 'delete', dn: 'cn=b' }, LONG);
    client.destroy('gone before the end of the turn');
    await assert.rejects(lone, (error) => error instanceof LdapConnectionError && error.mayBeApplied);
    await assert.rejects(next, (error) => error instanceof LdapConnectionError && !error.mayBeApplied);
  });

  it('D5 unknown PDUs, intermediate responses and odd notices harm nothing', async () => {
    const client = await open((received, peer) => {
      const answer = Buffer.concat([
        Buffer.from('30050201017f00', 'hex'),
        encodeResponse(received.messageId, { kind: 'intermediate', name: '1.2', value: Buffer.from('x') }),
        encodeResponse(0, { kind: 'extended', result: result(0), name: '1.2.3.4' }),
        encodeResponse(4711, done()),
        encodeResponse(received.messageId, entry('cn=a')),
        encodeResponse(received.messageId, done()),
      ]);
      peer.raw(answer);
    });
    const dns: string[] = [];
    await client.run(search('cn=a'), { ...LONG, onEntry: ({ dn }) => dns.push(dn) });
    assert.deepEqual(dns, ['cn=a']);
  });

  it('D5 an answer that cannot be read fails its own operation alone', async () => {
    const client = await open((received, peer) => {
      if (baseOf(received) === 'cn=bad') peer.raw(Buffer.from([0x30, 7, 2, 1, received.messageId, 0x65, 2, 0x0a, 9]));
      else if (baseOf(received) === 'cn=odd') peer.send(received.messageId, { kind: 'modify', result: result(0) });
      else peer.send(received.messageId, done());
    });
    const [bad, odd, good] = await Promise.allSettled(
      ['cn=bad', 'cn=odd', 'cn=good'].map((base) => client.run(search(base), LONG)),
    );
    assert.ok(bad?.status === 'rejected' && bad.reason instanceof LdapConnectionError);
    assert.ok(odd?.status === 'rejected' && odd.reason instanceof LdapConnectionError);
    assert.equal(good?.status, 'fulfilled');
  });

  it('D14 a notice of disconnection says why', async () => {
    const client = await open((_received, peer) => {
      const name = extendedOid.noticeOfDisconnection;
      peer.send(0, { kind: 'extended', result: result(52, 'shutting down'), name });
    });
    await assert.rejects(client.run(search(''), LONG), /52\): shutting down/);
    assert.equal(client.closed, true);
  });

  it('message ids go round at 2147483647', async () => {
    const client = await open((received, peer) => peer.send(received.messageId, done()), {
      firstMessageId: 2147483646,
    });
    for (let turn = 0; turn < 4; turn += 1) await client.run(search(''), LONG);
    assert.deepEqual(
      server?.requests.map(({ messageId }) => messageId),
      [2147483646, 2147483647, 1, 2],
    );
  });

  it('takes an entry of 16 MB', async () => {
    const size = 16_500_000;
    const client = await open((received, peer) => {
      peer.send(received.messageId, entry('cn=big', { jpegPhoto: [Buffer.alloc(size, 7)] }));
      peer.send(received.messageId, done());
    });
    let length = 0;
    await client.run(search(''), {
      ...LONG,
      onEntry: (found) => {
        length = found.bytes('jpegPhoto')[0]?.length ?? 0;
      },
    });
    assert.equal(length, size);
  });

  it('D10 a filter that cannot be sent fails alone and sends nothing', async () => {
    const client = await open((received, peer) => peer.send(received.messageId, done()));
    const filter = { kind: 'substrings', attribute: 'cn', any: [] } as const;
    await assert.rejects(client.run({ ...search('cn=bad'), filter }, LONG), /no part/);
    await client.run(search('cn=good'), LONG);
    assert.deepEqual(server?.requests.map(baseOf), ['cn=good']);
  });

  it('D15 an error text holds no password', async () => {
    const client = await open(() => undefined, { onBind: (_received, peer) => peer.close() });
    const authentication = { kind: 'simple', password: 'very-secret' } as const;
    await assert.rejects(client.run({ kind: 'bind', dn: 'cn=a', authentication }, LONG), (error: Error) => {
      assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('very-secret'));
      return true;
    });
  });

  it('unbinds politely and closes', async () => {
    const client = await open(() => undefined);
    const reasons: string[] = [];
    client.onClose((reason) => reasons.push(reason));
    client.unbind();
    client.unbind();
    while (server?.count.open !== 0) await sleep(1);
    assert.deepEqual(server?.requests.map(baseOf), ['unbind']);
    assert.equal(reasons.length, 1);
  });

  it('random bytes never hang an operation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
        const client = await open((_received, peer) => {
          peer.raw(Buffer.concat([Buffer.from(bytes)]));
          setTimeout(peer.close, 1);
        });
        await assert.rejects(client.run({ kind: 'delete', dn: 'cn=a' }, LONG), LdapConnectionError);
        await server?.close();
      }),
      { numRuns: 40 },
    );
  });

  it('answers arrive whole however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), async (cuts) => {
        const client = await open((received, peer) => {
          const bytes = Buffer.concat([
            encodeResponse(received.messageId, entry('cn=a', { cn: ['a'.repeat(90)] })),
            encodeResponse(received.messageId, entry('cn=b')),
            encodeResponse(received.messageId, done()),
          ]);
          let offset = 0;
          for (let turn = 0; offset < bytes.length; turn += 1) {
            const size = cuts[turn % cuts.length] ?? 1;
            peer.raw(bytes.subarray(offset, offset + size));
            offset += size;
          }
        });
        const dns: string[] = [];
        await client.run(search(''), { ...LONG, onEntry: ({ dn }) => dns.push(dn) });
        assert.deepEqual(dns, ['cn=a', 'cn=b']);
        client.destroy('done');
        await server?.close();
      }),
      { numRuns: 25 },
    );
  });
});
