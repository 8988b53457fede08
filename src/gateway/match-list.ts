// All matches of a query in their order, as a page is cut out of them and as a snapshot keeps them. Without `sortBy` they
// are ids and nothing else; with it each has its key.
import { compareSortKeys, type SortKey } from '../scim/filter/compare.ts';
import type { SearchQuery } from '../scim/request.ts';
import { type IdList, textBytes } from './id-list.ts';

/** A match with what it is ordered by. */
export interface KeyedMatch {
  /** Undefined without sortBy. */
  readonly key: SortKey;
  /** Place of its resource type in a list over several. */
  readonly rank: number;
  readonly id: string;
}

export interface MatchList {
  readonly length: number;
  /** Octets of memory, about. */
  readonly bytes: number;
  at(index: number): KeyedMatch | undefined;
}

/** Type and id settle ties, so that pages stay disjoint (H8). */
export function compareMatches(query: Pick<SearchQuery, 'sortOrder'>): (a: KeyedMatch, b: KeyedMatch) => number {
  const sign = query.sortOrder === 'descending' ? -1 : 1;
  return (a, b) => sign * compareSortKeys(a.key, b.key) || a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** One type after the other, each by its ids. */
export function listIds(types: readonly { readonly rank: number; readonly ids: IdList }[]): MatchList {
  return {
    length: types.reduce((sum, { ids }) => sum + ids.length, 0),
    bytes: types.reduce((sum, { ids }) => sum + ids.bytes, 0),
    at(index) {
      let left = index;
      for (const { rank, ids } of types) {
        const id = ids.at(left);
        if (id !== undefined) return { key: undefined, rank, id };
        left -= ids.length;
      }
      return undefined;
    },
  };
}

/** What an object with three fields takes with its place in an array. */
const MATCH_BYTES = 48;

/** Sorts `matches` itself. */
export function listMatches(matches: KeyedMatch[], query: Pick<SearchQuery, 'sortOrder'>): MatchList {
  matches.sort(compareMatches(query));
  let bytes = 0;
  for (const { key, id } of matches)
    bytes += MATCH_BYTES + textBytes(id) + (typeof key === 'string' ? textBytes(key) : 0);
  return { length: matches.length, bytes, at: (index) => matches[index] };
}

/** Where the first match begins that comes behind `position`, whether that is still among them or not. */
export function firstBehind(
  matches: MatchList,
  position: KeyedMatch,
  compare: (a: KeyedMatch, b: KeyedMatch) => number,
): number {
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const match = matches.at(middle);
    if (match !== undefined && compare(match, position) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function pageOf(matches: MatchList, start: number, count: number): KeyedMatch[] {
  const length = Math.max(0, Math.min(count, matches.length - start));
  return Array.from({ length }, (_, place) => matches.at(start + place)).filter((match) => match !== undefined);
}
