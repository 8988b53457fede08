import type { ValueSet } from './value-set.ts';

/** Sets of one attribute that are remembered; beyond, and where few are seen twice, new ones stay single. */
const REMEMBERED = 2_000;

/**
 * Finds an equal set that is there already: of 100,000 people most have the object classes, the department and the city of
 * somebody else, and small sets never change.
 */
export function createValueSharing(): (set: ValueSet) => ValueSet {
  interface Pool {
    readonly sets: Map<string, ValueSet>;
    found: number;
  }
  const pools = new Map<string, Pool>();
  return (set) => {
    if (set.size > 8) return set;
    const pool = pools.get(set.attribute.key) ?? { sets: new Map<string, ValueSet>(), found: 0 };
    pools.set(set.attribute.key, pool);
    const full = pool.sets.size >= REMEMBERED;
    if (full && pool.found < REMEMBERED) return set;
    const text = set.values.map((value) => value.toString('latin1')).join('\0');
    const equal = pool.sets.get(text);
    if (equal !== undefined) {
      pool.found++;
      return equal;
    }
    if (!full) pool.sets.set(text, set);
    return set;
  };
}
