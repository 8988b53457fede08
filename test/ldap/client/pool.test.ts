import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { done, type Peer, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const search = {
  base: 'dc=x',
  scope: 'base',
  filter: { kind: 'present', attribute: 'objectClass' },
  attributes: ['cn'],
} as const;

describe('client: pool', () => {
  let server: ScriptedServer;
  let client: Directory;
  let opened: string[];
  let waiting: { readonly messageId: number; readonly peer: Peer }[];

  /** Starts as many searches as `count`, and waits until the server has all of them. */
  const start = async (count: number): Promise<Promise<unknown>[]> => {
    const before = waiting.length;
    const running = Array.from({ length: count }, () => client.search(search).collect());
    while (waiting.length < before + count) await sleep(1);
    return running;
  };
  const answer = async (running: readonly Promise<unknown>[]): Promise<void> => {
    for (const { messageId, peer } of waiting.splice(0)) peer.send(messageId, done());
    await Promise.all(running);
  };

  beforeEach(async () => {
    waiting = [];
    opened = [];
    server = await startScriptedServer(({ messageId, request }, peer) => {
      if (request.kind === 'search') waiting.push({ messageId, peer });
    });
    client = createDirectory({
      urls: [server.url],
      pool: { size: 2, maxInFlight: 32 },
      observe(observation) {
        if (observation.kind === 'ldapConnection' && observation.state === 'opened') opened.push(observation.server);
      },
    });
    await answer(await start(1));
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('16 operations at once share a connection', async () => {
    const running = await start(16);
    assert.deepEqual(new Set(waiting.map(({ peer }) => peer.number)), new Set([1]));
    assert.equal(server.count.came, 1);
    await answer(running);
  });

  it('more of them get another one, which then takes what the first has no place for', async () => {
    const running = await start(17);
    while (opened.length < 2) await sleep(1);
    running.push(...(await start(8)));
    const numbers = waiting.map(({ peer }) => peer.number);
    assert.equal(numbers.filter((number) => number === 1).length, 17);
    assert.equal(numbers.filter((number) => number === 2).length, 8);
    await answer(running);
    await answer(await start(1));
    assert.equal(server.count.came, 2);
  });
});
