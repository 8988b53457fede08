// Of which resource type an id was, so that a member is looked for where it was before it is looked for everywhere. It is a
// guess where to ask first and nothing else: what the directory does not confirm is asked for again.
import { LRUCache } from 'lru-cache';

/** Type by id. */
export interface KnownTypes {
  get(id: string): string | undefined;
  set(id: string, type: string): void;
}

/** Ids of 36 characters take some 10 MB. */
const MOST = 50_000;
const MILLISECONDS = 600_000;

export function createKnownTypes(): KnownTypes {
  const cache = new LRUCache<string, string>({ max: MOST, ttl: MILLISECONDS });
  return { get: (id) => cache.get(id), set: (id, type) => void cache.set(id, type) };
}
