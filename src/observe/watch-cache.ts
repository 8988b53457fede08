import type { Observe } from './observation.ts';

/** A cache that tells whether it had what it was asked for. `cache` is an object whose members are its own. */
export function watchCache<Key, Cache extends { get(key: Key): unknown }>(
  name: string,
  cache: Cache,
  observe: Observe | undefined,
): Cache {
  if (observe === undefined) return cache;
  return {
    ...cache,
    get(key: Key) {
      const found = cache.get(key);
      observe({ kind: 'cache', cache: name, hit: found !== undefined });
      return found;
    },
  };
}
