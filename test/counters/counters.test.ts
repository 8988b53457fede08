import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Budget, Counters } from '../../src/counters/counters.ts';
import { createProcessCounters } from '../../src/counters/in-process.ts';
import { createValkeyCounters } from '../../src/counters/valkey.ts';
import { startValkey, type ValkeyServer } from './valkey-server.ts';

let server: ValkeyServer & { readonly port: number };
before(async () => {
  server = await startValkey();
});
after(() => server.stop());

const kinds: readonly (readonly [string, () => Promise<Counters>])[] = [
  ['of this process', () => Promise.resolve(createProcessCounters())],
  ['in Valkey', () => createValkeyCounters(server.url)],
];

for (const [name, create] of kinds) {
  describe(`counters ${name}`, () => {
    let counters: Counters;
    before(async () => {
      counters = await create();
    });
    after(() => counters.close());

    const budget = (id: string, most: number, seconds = 60): Budget => ({ name: `${name} ${id}`, most, seconds });

    it('grant as often as the budget says', async () => {
      const [own] = [budget('a', 3)];
      for (let count = 0; count < 3; count += 1) assert.ok((await counters.take([own])).granted);
      const taken = await counters.take([own]);
      assert.ok(!taken.granted);
      assert.equal(taken.budget, own);
      assert.ok(taken.retrySeconds > 55 && taken.retrySeconds <= 60, String(taken.retrySeconds));
    });

    it('count by all budgets, or by none', async () => {
      const [one, both] = [budget('one', 1), budget('both', 2)];
      assert.ok((await counters.take([one, both])).granted);
      const refused = await counters.take([both, one]);
      assert.ok(!refused.granted && refused.budget === one);
      assert.ok((await counters.take([both])).granted, 'the refused one counted nowhere');
      assert.ok(!(await counters.take([both])).granted);
    });

    it('take back what was not done', async () => {
      const own = budget('back', 1);
      const taken = await counters.take([own]);
      assert.ok(taken.granted);
      assert.ok(!(await counters.take([own])).granted);
      await taken.giveBack();
      assert.ok((await counters.take([own])).granted);
    });

    it('grant again what was long enough ago, and all when lifted', async () => {
      const [short, lifted] = [budget('short', 2, 1), budget('lifted', 1)];
      assert.ok((await counters.take([short])).granted);
      await sleep(600);
      assert.ok((await counters.take([short])).granted);
      assert.ok(!(await counters.take([short])).granted);
      await sleep(500);
      assert.ok((await counters.take([short])).granted, 'the first one is over');
      assert.ok(!(await counters.take([short])).granted, 'the second one is not');
      assert.ok((await counters.take([lifted])).granted);
      await counters.lift([lifted.name]);
      assert.ok((await counters.take([lifted])).granted);
      assert.ok((await counters.take([])).granted);
    });

    it('grant no more to many at once', async () => {
      const own = budget('race', 7);
      const taken = await Promise.all(Array.from({ length: 50 }, () => counters.take([own])));
      assert.equal(taken.filter(({ granted }) => granted).length, 7);
    });
  });
}

describe('counters in Valkey', () => {
  it('are the same for all who share it', async () => {
    const both = await Promise.all([createValkeyCounters(server.url), createValkeyCounters(server.url)]);
    const own = { name: 'shared', most: 10, seconds: 60 };
    const many = Array.from({ length: 20 }, () => both).flat();
    const taken = await Promise.all(many.map((counters) => counters.take([own])));
    assert.equal(taken.filter(({ granted }) => granted).length, 10);
    await both[0].lift(['shared']);
    assert.ok((await both[1].take([own])).granted);
    await Promise.all(both.map((each) => each.close()));
  });

  it('reject at once while the server is away, and count again when it is back', async () => {
    const own = await startValkey();
    const counters = await createValkeyCounters(own.url);
    const budget = { name: 'away', most: 10, seconds: 60 };
    assert.ok((await counters.take([budget])).granted);
    await own.stop();
    await sleep(50);
    const start = Date.now();
    await assert.rejects(counters.take([budget]));
    assert.ok(Date.now() - start < 2500);
    const back = await startValkey(own.port);
    const end = Date.now() + 10_000;
    while (!(await counters.take([budget]).catch(() => ({ granted: false }))).granted) {
      assert.ok(Date.now() < end, 'it never came back');
      await sleep(100);
    }
    await counters.close();
    await back.stop();
  });

  it('reject where there never was a server', async () => {
    const counters = await createValkeyCounters('redis://127.0.0.1:1');
    await assert.rejects(counters.take([{ name: 'x', most: 1, seconds: 1 }]));
    await counters.close();
  });
});
