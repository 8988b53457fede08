// Queries over one resource type or several (RFC 7644 s3.4.2): filter, sort, page. A search that ends within one page is
// one round trip. Otherwise the ids of all matches are collected once, without decoding more than the id, and each page
// fetches its own entries, by index or by cursor (RFC 9865); so totalResults is exact, and the size limit of a directory
// never cuts a list short unseen (G38).
import { createHash } from 'node:crypto';
import { parseCursor, printCursor } from '../scim/cursor.ts';
import { listResponse, type PagePlace } from '../scim/messages.ts';
import type { ScimResponse, SearchQuery, SearchRequest } from '../scim/request.ts';
import { LazyList } from '../util/lazy-iterable.ts';
import {
  compareMatches,
  firstBehind,
  type KeyedMatch,
  listIds,
  listMatches,
  type MatchList,
  pageOf,
} from './match-list.ts';
import { createReferenceResolver } from './references.ts';
import { isSizeLimit, type Run } from './run.ts';
import {
  fetchResources,
  findIds,
  findKeyed,
  findWithin,
  nameOfSearch,
  planTypeSearch,
  type Show,
  type TypeSearch,
} from './type-search.ts';

/** One list over the searches, which differ in resource type and agree in order and page. */
export async function searchResources(run: Run, requests: readonly SearchRequest[]): Promise<ScimResponse> {
  const query = requests[0]?.query ?? { startIndex: 1, count: 0, sortOrder: 'ascending' };
  const resolver = createReferenceResolver(run);
  const planned = await Promise.all(requests.map((request, rank) => planTypeSearch(run, request, rank, resolver)));
  const searches = planned.filter((search) => search !== undefined);
  const walk = createWalk(run, searches, query);
  if (searches.length === 0) return list([], walk.place([], 0, 0));
  if (walk.isFirst && query.count > 0 && query.filter !== undefined) {
    const all = await findWithinPage(run, searches, query);
    if (all !== undefined) return list(all, walk.place([], all.length, all.length));
  }
  const matches = await findMatches(run, searches, query, walk.isFirst);
  const start = walk.start(matches);
  const page = pageOf(matches, start, query.count);
  return list(await fetchPage(run, searches, page), walk.place(page, start + page.length, matches.length));
}

function list(shown: readonly Show[], place: PagePlace): ScimResponse {
  const resources = new LazyList(shown.length, () => shown.values().map((show) => show()));
  return { status: 200, body: listResponse(resources, place) };
}

/** How a client pages: which match begins the page, and what the answer says of the next one. */
interface Walk {
  readonly isFirst: boolean;
  start(matches: MatchList): number;
  /** `end` is the place behind the page in all matches. */
  place(page: readonly KeyedMatch[], end: number, totalResults: number): PagePlace;
}

function createWalk(run: Run, searches: readonly TypeSearch[], query: SearchQuery): Walk {
  const { startIndex, count, cursor } = query;
  if (cursor === undefined) {
    return {
      isFirst: startIndex === 1,
      start: () => startIndex - 1,
      place: (_page, _end, totalResults) => ({ totalResults, startIndex }),
    };
  }
  const scope = { fingerprint: `${run.context.client ?? ''}\0${nameOf(run, searches)}`, count };
  const settings = { secret: run.cursorSecret, timeout: run.limits.cursorSeconds };
  const position = cursor === '' ? undefined : parseCursor(cursor, scope, settings, Date.now());
  const compare = compareMatches(query);
  return {
    isFirst: position === undefined,
    // Who was deleted since is no landmark any more: the page begins with the first match behind its place.
    start: (matches) => (position === undefined ? 0 : firstBehind(matches, position, compare)),
    place(page, end, totalResults) {
      const last = page.at(-1);
      const more = last !== undefined && end < totalResults;
      return { totalResults, nextCursor: more ? printCursor(last, scope, settings, Date.now()) : undefined };
    },
  };
}

/** Short, though the filter may hold the members of a group. */
function nameOf(run: Run, searches: readonly TypeSearch[]): string {
  const names = [run.viewer, ...searches.map(nameOfSearch)];
  return createHash('sha256').update(names.join('\0\0')).digest('base64url');
}

/** The whole answer, where all candidates fit into one page; undefined where there are more. */
async function findWithinPage(
  run: Run,
  searches: readonly TypeSearch[],
  query: SearchQuery,
): Promise<readonly Show[] | undefined> {
  try {
    const found = await Promise.all(searches.map((search) => findWithin(run, search, query.count)));
    const all = found.flatMap((each) => each ?? []);
    if (found.includes(undefined) || all.length > query.count) return undefined;
    return all.sort(compareMatches(query)).map(({ show }) => show);
  } catch (error) {
    if (isSizeLimit(error)) return undefined;
    throw error;
  }
}

/** All matches in the order of the query. */
async function findMatches(
  run: Run,
  searches: readonly TypeSearch[],
  query: SearchQuery,
  afresh: boolean,
): Promise<MatchList> {
  const name = nameOf(run, searches);
  // The first page always searches afresh: clients read what they wrote.
  const kept = afresh ? undefined : run.snapshots.get(name);
  if (kept !== undefined) return kept;
  const matches = await collectMatches(run, searches, query);
  run.snapshots.set(name, matches);
  return matches;
}

async function collectMatches(run: Run, searches: readonly TypeSearch[], query: SearchQuery): Promise<MatchList> {
  if (searches.some(({ request }) => request.query.sortBy !== undefined)) {
    return listMatches((await inTurn(searches, (search) => findKeyed(run, search))).flat(), query);
  }
  return listIds(await inTurn(searches, async (search) => ({ rank: search.rank, ids: await findIds(run, search) })));
}

/** Each may be a long search: side by side they would take the connections of everybody else. */
async function inTurn<T>(searches: readonly TypeSearch[], find: (search: TypeSearch) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const search of searches) found.push(await find(search));
  return found;
}

async function fetchPage(
  run: Run,
  searches: readonly TypeSearch[],
  page: readonly KeyedMatch[],
): Promise<readonly Show[]> {
  const fetched = await Promise.all(
    searches.map(async (search) => {
      const ids = page.filter(({ rank }) => rank === search.rank).map(({ id }) => id);
      return [search.rank, await fetchResources(run, search, ids)] as const;
    }),
  );
  const byRank = new Map(fetched);
  // Who vanished since the ids were collected is missing from the page.
  return page.map(({ rank, id }) => byRank.get(rank)?.get(id)).filter((show) => show !== undefined);
}
