// A gateway for hostile input: after each test it must answer as before and Object.prototype be as before; after all of
// them memory must be free again.
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ConformanceGateway, useGateway } from './use-gateway.ts';

const mebibyte = 1024 * 1024;
const prototypeKeys = Object.getOwnPropertyNames(Object.prototype);

export interface GuardedGateway extends ConformanceGateway {
  /** A user that no test may succeed in changing. */
  userId(): string;
}

export function useGuardedGateway(): GuardedGateway {
  const gateway = useGateway();
  let usedBefore = 0;
  let userId = '';

  before(async () => {
    userId = (await gateway.user('target', { title: 'untouched' })).id;
    await gateway.read('/Users');
    usedBefore = await usedAfterCollection();
  });

  afterEach(async () => {
    assert.equal((await gateway.read(`/Users/${userId}`))['title'], 'untouched');
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), prototypeKeys);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    const failed = gateway.served().observations.filter(({ kind }) => kind === 'requestFailed');
    assert.deepEqual(failed, []);
  });

  after(async () => {
    gateway.served().observations.length = 0;
    const grown = (await usedAfterCollection()) - usedBefore;
    assert.ok(grown < 24 * mebibyte, `${Math.round(grown / mebibyte)} MiB more than before`);
  });

  return { ...gateway, userId: () => userId };
}

async function usedAfterCollection(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What sockets and streams hold is let go turn by turn.
  for (let turn = 0; turn < 5; turn += 1) {
    await setImmediate();
    collect();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
