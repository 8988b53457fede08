import assert from 'node:assert/strict';
import { growthOf, median, percentile } from '../../bench/statistics.ts';

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const series = (cost: (size: number, index: number) => number) =>
  sizes.map((size, index) => ({ size, cost: cost(size, index) }));
/** What a busy machine adds. */
const noise = [1.1, 0.9, 1.05, 0.95];

describe('statistics of the benchmark', () => {
  it('finds what lies in the middle and at the edge, in any order', () => {
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(percentile([4, 1, 3, 2], 0.99), 4);
    assert.equal(percentile([], 0.5), 0);
  });

  it('tells flat, logarithmic and linear costs apart, with noise', () => {
    assert.equal(growthOf(series((_size, index) => 3 * (noise[index] ?? 1))), 'flat');
    assert.equal(growthOf(series((size, index) => (Math.log10(size) - 2) * (noise[index] ?? 1))), 'logarithmic');
    assert.equal(growthOf(series((size, index) => 0.004 * size * (noise[index] ?? 1))), 'linear');
  });

  it('what costs less with a larger size does not grow', () => {
    assert.equal(growthOf(series((_size, index) => 10 / (index + 1))), 'flat');
  });

  it('a fixed cost before it does not hide what is linear', () => {
    assert.equal(growthOf(series((size) => 200 + 0.004 * size)), 'linear');
  });

  it('calls nothing by two points', () => {
    assert.equal(growthOf(series((size) => size).slice(0, 2)), undefined);
  });
});
