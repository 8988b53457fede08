// All matches of a search, kept for a short while so that the pages after the first cost nothing but their own
// entries and stay disjoint. Bounded by the number of ids; losing one costs a search and nothing else.
import { LRUCache } from 'lru-cache';
import type { SortKey } from '../scim/filter/compare.ts';

/** A match with what it is ordered by. */
export interface KeyedMatch {
  /** Undefined without sortBy. */
  readonly key: SortKey;
  readonly rank: number;
  readonly id: string;
}

export interface Snapshots {
  get(key: string): readonly KeyedMatch[] | undefined;
  set(key: string, matches: readonly KeyedMatch[]): void;
}

/** `ids` at most over all snapshots, `milliseconds` each. */
export function createSnapshots(ids = 2_000_000, milliseconds = 60_000): Snapshots {
  const cache = new LRUCache<string, readonly KeyedMatch[]>({
    maxSize: ids,
    sizeCalculation: (snapshot) => snapshot.length + 1,
    ttl: milliseconds,
  });
  return {
    get: (key) => cache.get(key),
    set: (key, snapshot) => {
      cache.set(key, snapshot);
    },
  };
}
