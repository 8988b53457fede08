// A small generator of random numbers with a seed, so that a run can be repeated (xorshift32; fit for fuzzing, nothing else).

export interface Random {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  pick<T>(items: readonly T[]): T | undefined;
  /** True once in `times`. */
  oneIn(times: number): boolean;
}

export function createRandom(seed: number): Random {
  let state = seed | 0 || 0x9e3779b9;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (bound: number): number => (bound <= 1 ? 0 : next() % bound);
  return {
    below,
    pick: (items) => items[below(items.length)],
    oneIn: (times) => below(times) === 0,
  };
}
