// A short run over every parser that takes what others send: the corpus, in which every input that was ever found stays,
// and some that are made of it. `npm run fuzz` goes on for as long as wanted.
import assert from 'node:assert/strict';
import { fuzzTargets as faultyTargets } from './faulty-targets.ts';
import { fuzz } from './fuzz.ts';
import { fuzzTargets } from './targets.ts';

const faulty = new URL('faulty-targets.ts', import.meta.url).href;

describe('fuzzing', () => {
  for (const target of fuzzTargets) {
    it(`${target.name} takes what comes`, async function () {
      this.timeout(120_000);
      const report = await fuzz(target, { executions: 1500, seconds: 2, seed: 1 });
      const finds = report.finds.map(
        ({ kind, message, input }) => `${kind}: ${message}\n${JSON.stringify(String(input))}`,
      );
      assert.deepEqual(finds, []);
      assert.ok(report.executions >= 50, `${report.executions} executions`);
    });
  }

  describe('finds', () => {
    for (const [name, kind, message] of [
      ['crashes', 'crash', /^TypeError: planted\n {4}at /],
      ['dawdles', 'hang', /^one execution took more than a second of processor time$/],
      ['ends-never', 'hang', /^an execution does not end$/],
      ['forgets-nothing', 'memory', /^\d+\.\d MiB became \d+\.\d MiB$/],
    ] as const) {
      it(`what ${name}`, async function () {
        this.timeout(120_000);
        assert.ok(faultyTargets.some((target) => target.name === name));
        const limits = {
          executions: 2000,
          seconds: 5,
          seed: 1,
          ...(name === 'ends-never' ? { stuckMilliseconds: 3000 } : {}),
        };
        const report = await fuzz({ name }, limits, { corpus: [Buffer.from('any')], module: faulty });
        const [find] = report.finds;
        assert.equal(find?.kind, kind);
        assert.match(find.message, message);
        if (kind !== 'memory') assert.ok(find.input.includes('bad'), String(find.input));
      });
    }

    it('nothing where nothing is', async () => {
      const limits = { executions: 2000, seconds: 30, seed: 1 };
      const report = await fuzz({ name: 'is-in-order' }, limits, { corpus: [Buffer.from('any')], module: faulty });
      assert.deepEqual([report.executions, report.finds], [2000, []]);
    });
  });
});
