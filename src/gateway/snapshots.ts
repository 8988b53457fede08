// All matches of a search, kept for a short while so that the pages after the first cost nothing but their own
// entries and stay disjoint. Bounded in memory and in time; losing one costs a search and nothing else.
import { LRUCache } from 'lru-cache';
import type { MatchList } from './match-list.ts';

export interface Snapshots {
  get(key: string): MatchList | undefined;
  set(key: string, matches: MatchList): void;
  /** Of all snapshots together. */
  bytes(): number;
}

export interface SnapshotBounds {
  /** Of all snapshots together: 32 MiB hold the ids of two million people. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** What a snapshot takes beside its matches: its name and its place. */
const OVERHEAD = 512;

export function createSnapshots({
  bytes = 32 * 1024 * 1024,
  milliseconds = 60_000,
}: Partial<SnapshotBounds> = {}): Snapshots {
  const cache = new LRUCache<string, MatchList>({
    maxSize: bytes,
    sizeCalculation: (matches) => matches.bytes + OVERHEAD,
    ttl: milliseconds,
  });
  return {
    get: (key) => cache.get(key),
    set: (key, matches) => {
      cache.set(key, matches);
    },
    bytes: () => cache.calculatedSize,
  };
}
