// Queries over one resource type or several (RFC 7644 s3.4.2): filter, sort, page. A search that ends within one page is
// one round trip. Otherwise the ids of all matches are collected once, without decoding more than the id, and each page
// fetches its own entries; so totalResults is exact, and the size limit of a directory never cuts a list short unseen
// (G38).
import { LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';
import { compareSortKeys } from '../scim/filter/compare.ts';
import { listResponse } from '../scim/messages.ts';
import type { ScimResponse, SearchQuery, SearchRequest } from '../scim/request.ts';
import type { Resource } from '../scim/resource.ts';
import { createReferenceResolver } from './references.ts';
import type { Run } from './run.ts';
import {
  fetchResources,
  findWithin,
  type KeyedMatch,
  type Match,
  nameOfSearch,
  planTypeSearch,
  scanMatches,
  type TypeSearch,
} from './type-search.ts';

/** One list over the searches, which differ in resource type and agree in order and page. */
export async function searchResources(run: Run, requests: readonly SearchRequest[]): Promise<ScimResponse> {
  const query = requests[0]?.query ?? { startIndex: 1, count: 0, sortOrder: 'ascending' };
  const resolver = createReferenceResolver(run);
  const planned = await Promise.all(requests.map((request, rank) => planTypeSearch(run, request, rank, resolver)));
  const searches = planned.filter((search) => search !== undefined);
  if (searches.length === 0) return list([], 0, query);
  if (query.startIndex === 1 && query.count > 0 && query.filter !== undefined) {
    const all = await findWithinPage(run, searches, query);
    if (all !== undefined) return list(all, all.length, query);
  }
  const matches = await findMatches(run, searches, query);
  const page = matches.slice(query.startIndex - 1, query.startIndex - 1 + query.count);
  return list(await fetchPage(run, searches, page), matches.length, query);
}

function list(resources: readonly Resource[], totalResults: number, { startIndex }: SearchQuery): ScimResponse {
  return { status: 200, body: listResponse(resources, { totalResults, startIndex }) };
}

/** The whole answer, where all candidates fit into one page; undefined where there are more. */
async function findWithinPage(
  run: Run,
  searches: readonly TypeSearch[],
  query: SearchQuery,
): Promise<readonly Resource[] | undefined> {
  try {
    const found = await Promise.all(searches.map((search) => findWithin(run, search, query.count)));
    const all = found.flatMap((each) => each ?? []);
    if (found.includes(undefined) || all.length > query.count) return undefined;
    return sortMatches(all, query).map(({ resource }) => resource);
  } catch (error) {
    if (isSizeLimit(error)) return undefined;
    throw error;
  }
}

/** All matches in the order of the query. */
async function findMatches(run: Run, searches: readonly TypeSearch[], query: SearchQuery): Promise<readonly Match[]> {
  const name = searches.map(nameOfSearch).join('\0\0');
  // The first page always searches afresh: clients read what they wrote.
  const kept = query.startIndex === 1 ? undefined : run.snapshots.get(name);
  if (kept !== undefined) return kept;
  const keyed: KeyedMatch[] = [];
  for (const search of searches) for await (const match of scanMatches(run, search)) keyed.push(match);
  const matches = sortMatches(keyed, query).map(({ rank, id }) => ({ rank, id }));
  run.snapshots.set(name, matches);
  return matches;
}

async function fetchPage(
  run: Run,
  searches: readonly TypeSearch[],
  page: readonly Match[],
): Promise<readonly Resource[]> {
  const fetched = await Promise.all(
    searches.map(async (search) => {
      const ids = page.filter(({ rank }) => rank === search.rank).map(({ id }) => id);
      return [search.rank, await fetchResources(run, search, ids)] as const;
    }),
  );
  const byRank = new Map(fetched);
  // Who vanished since the ids were collected is missing from the page.
  return page.map(({ rank, id }) => byRank.get(rank)?.get(id)).filter((resource) => resource !== undefined);
}

/** Type and id settle ties, so that pages stay disjoint (H8). */
function sortMatches<T extends KeyedMatch>(matches: T[], query: SearchQuery): T[] {
  const sign = query.sortOrder === 'descending' ? -1 : 1;
  return matches.sort(
    (a, b) => sign * compareSortKeys(a.key, b.key) || a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

function isSizeLimit(error: unknown): boolean {
  return (
    error instanceof LdapError &&
    (error.code === resultCode.sizeLimitExceeded || error.code === resultCode.adminLimitExceeded)
  );
}
