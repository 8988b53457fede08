// Queries (RFC 7644 s3.4.2): filter, sort, page. A search that ends within one page is one round trip. Otherwise the ids
// of all matches are collected once, without decoding more than the id, and each page fetches its own entries; so
// totalResults is exact, and the size limit of a directory never cuts a list short unseen (G38).
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { and, equality, isMatchNone, type LdapFilter, or } from '../ldap/filter.ts';
import { printLdapFilter } from '../ldap/print-filter.ts';
import { resultCode } from '../ldap/result-codes.ts';
import { isExact } from '../mapping/bounds.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { type FetchPlan, planFetch, planFetchOf, readersOf, readId, toResource } from '../mapping/plan-fetch.ts';
import { filterLookups, filterRefs, planFilter } from '../mapping/plan-filter.ts';
import { badRequest } from '../scim/error.ts';
import { compareSortKeys, type SortKey, sortKey } from '../scim/filter/compare.ts';
import { evaluateFilter } from '../scim/filter/evaluate.ts';
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import { printResolvedFilter } from '../scim/filter/print.ts';
import { listResponse } from '../scim/messages.ts';
import { project } from '../scim/projection.ts';
import type { Projection, ScimRequest, ScimResponse, SearchQuery } from '../scim/request.ts';
import type { Resource } from '../scim/resource.ts';
import { attributeKey } from '../scim/schema/schema.ts';
import { createReferenceResolver, type ReferenceResolver } from './references.ts';
import { collect, derefControls, type Run, searchesOf } from './run.ts';

/** Entries per page of a paged search: larger pages cost more memory and gain nothing. */
const LDAP_PAGE = 500;
/** Ids per disjunction when a page of resources is fetched. */
const FETCH_BATCH = 50;
/** Candidates whose references are resolved together. */
const SCAN_BATCH = 200;

type Search = ScimRequest & { operation: 'search' };

interface Candidates {
  readonly filter: LdapFilter;
  /** To be evaluated over each candidate, where the LDAP filter says less than the SCIM filter. */
  readonly residual: ResolvedFilter | undefined;
}

export async function searchResources(run: Run, mapping: ResourceMapping, request: Search): Promise<ScimResponse> {
  const { query, projection } = request;
  const resolver = createReferenceResolver(run);
  const candidates = await findCandidates(mapping, query, resolver);
  if (isMatchNone(candidates.filter)) return list([], 0, query);
  if (query.startIndex === 1 && query.count > 0 && query.filter !== undefined) {
    const page = await searchWithinPage(run, mapping, candidates, query, projection, resolver);
    if (page !== undefined) return page;
  }
  const ids = await findIds(run, mapping, candidates, query, resolver);
  const page = ids.slice(query.startIndex - 1, query.startIndex - 1 + query.count);
  const plan = planFetch(mapping, projection);
  const entries = await fetchByIds(run, mapping, page, plan);
  return list(await presentAll(run, mapping, entries, plan, projection, resolver), ids.length, query);
}

function list(resources: readonly Resource[], totalResults: number, { startIndex }: SearchQuery): ScimResponse {
  return { status: 200, body: listResponse(resources, { totalResults, startIndex }) };
}

async function findCandidates(
  mapping: ResourceMapping,
  query: SearchQuery,
  resolver: ReferenceResolver,
): Promise<Candidates> {
  if (query.filter === undefined) return { filter: mapping.entry.filter, residual: undefined };
  await resolver.lookUp(filterLookups(query.filter, mapping));
  const bounds = planFilter(query.filter, mapping, resolver);
  if (isMatchNone(bounds.upper)) return { filter: bounds.upper, residual: undefined };
  return { filter: and(mapping.entry.filter, bounds.upper), residual: isExact(bounds) ? undefined : query.filter };
}

/** The whole answer, where all candidates fit into one page; undefined where there are more. */
async function searchWithinPage(
  run: Run,
  mapping: ResourceMapping,
  { filter, residual }: Candidates,
  query: SearchQuery,
  projection: Projection,
  resolver: ReferenceResolver,
): Promise<ScimResponse | undefined> {
  const also = [
    ...(residual === undefined ? [] : filterRefs(residual)),
    ...(query.sortBy === undefined ? [] : [query.sortBy]),
  ];
  const plan = planFetch(mapping, projection, { also });
  const limit = query.count + 1;
  let entries: LdapEntry[];
  try {
    entries = await collect(
      run,
      searchesOf(mapping, filter, plan.attributes, { sizeLimit: limit, controls: derefControls(run, plan.needs) }),
    );
  } catch (error) {
    if (isSizeLimit(error)) return undefined;
    throw error;
  }
  if (entries.length > query.count) return undefined;
  const sortable = await toSortable(run, mapping, entries, plan, resolver);
  const matching = sortable.filter(({ resource }) => residual === undefined || evaluateFilter(residual, resource));
  const resources = sortAll(matching, query).map(({ resource }) => project(resource, mapping.type, projection));
  return list(resources, resources.length, query);
}

interface Found {
  readonly id: string;
  readonly resource: Resource;
}

async function toSortable(
  run: Run,
  mapping: ResourceMapping,
  entries: readonly LdapEntry[],
  plan: FetchPlan,
  resolver: ReferenceResolver,
): Promise<Found[]> {
  await resolver.resolve(entries, plan.needs);
  return entries.flatMap((entry) => {
    const id = readId(mapping, entry);
    return id === undefined
      ? []
      : [{ id, resource: toResource(mapping, entry, resolver, plan.mappers, run.context.baseUrl) }];
  });
}

function sortAll(found: readonly Found[], query: SearchQuery): Found[] {
  const { sortBy } = query;
  const keyed = found.map((each) => ({
    each,
    key: sortBy === undefined ? undefined : sortKey(each.resource, sortBy),
    id: each.id,
  }));
  return sortKeyed(keyed, query).map(({ each }) => each);
}

function sortKeyed<T extends { readonly key: SortKey; readonly id: string }>(keyed: T[], query: SearchQuery): T[] {
  const sign = query.sortOrder === 'descending' ? -1 : 1;
  // The id settles ties, so that pages stay disjoint (H8).
  return keyed.sort(
    (a, b) =>
      (query.sortBy === undefined ? 0 : sign * compareSortKeys(a.key, b.key)) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/** Ids of all matches in the order of the query. */
async function findIds(
  run: Run,
  mapping: ResourceMapping,
  candidates: Candidates,
  query: SearchQuery,
  resolver: ReferenceResolver,
): Promise<readonly string[]> {
  const key = snapshotKey(mapping, candidates, query);
  // The first page always searches afresh: clients read what they wrote.
  const kept = query.startIndex === 1 ? undefined : run.snapshots.get(key);
  if (kept !== undefined) return kept;
  const keyed: { id: string; key: SortKey }[] = [];
  for await (const found of scan(run, mapping, candidates, query, resolver)) keyed.push(found);
  const ids = sortKeyed(keyed, query).map(({ id }) => id);
  run.snapshots.set(key, ids);
  return ids;
}

async function* scan(
  run: Run,
  mapping: ResourceMapping,
  { filter, residual }: Candidates,
  query: SearchQuery,
  resolver: ReferenceResolver,
): AsyncGenerator<{ id: string; key: SortKey }> {
  const refs = [
    ...(residual === undefined ? [] : filterRefs(residual)),
    ...(query.sortBy === undefined ? [] : [query.sortBy]),
  ];
  const plan = planFetchOf(mapping, readersOf(mapping, refs));
  const simple = refs.length === 0;
  const attributes = simple ? [mapping.id.attribute] : plan.attributes;
  const pageSize = run.dialect.capabilities.pagedResults ? { pageSize: LDAP_PAGE } : {};
  const controls = simple ? [] : derefControls(run, plan.needs);
  let scanned = 0;
  for (const search of searchesOf(mapping, filter, attributes, { ...pageSize, controls })) {
    let batch: LdapEntry[] = [];
    const flush = async (): Promise<{ id: string; key: SortKey }[]> => {
      const found = await toSortable(run, mapping, batch, plan, resolver);
      batch = [];
      const matching = found.filter(({ resource }) => residual === undefined || evaluateFilter(residual, resource));
      return matching.map(({ id, resource }) => ({
        id,
        key: query.sortBy === undefined ? undefined : sortKey(resource, query.sortBy),
      }));
    };
    for await (const entry of run.directory.search(search, { signal: run.context.signal })) {
      if (simple) {
        const id = readId(mapping, entry);
        if (id !== undefined) yield { id, key: undefined };
        continue;
      }
      scanned += 1;
      if (residual !== undefined && scanned > run.limits.maxScan) throw tooMany(run.limits.maxScan);
      batch.push(entry);
      if (batch.length === SCAN_BATCH) yield* await flush();
    }
    yield* await flush();
  }
}

async function fetchByIds(
  run: Run,
  mapping: ResourceMapping,
  ids: readonly string[],
  plan: FetchPlan,
): Promise<LdapEntry[]> {
  const controls = derefControls(run, plan.needs);
  const searches = [];
  for (let start = 0; start < ids.length; start += FETCH_BATCH) {
    const items = ids.slice(start, start + FETCH_BATCH).flatMap((id) => {
      const value = mapping.id.transform.toAssertion?.({ type: 'string', value: id });
      return value === undefined ? [] : [equality(mapping.id.attribute, value)];
    });
    searches.push(...searchesOf(mapping, and(mapping.entry.filter, or(...items)), plan.attributes, { controls }));
  }
  const byId = new Map((await collect(run, searches)).map((entry) => [readId(mapping, entry), entry]));
  // Who vanished since the ids were collected is missing from the page.
  return ids.flatMap((id) => byId.get(id) ?? []);
}

async function presentAll(
  run: Run,
  mapping: ResourceMapping,
  entries: readonly LdapEntry[],
  plan: FetchPlan,
  projection: Projection,
  resolver: ReferenceResolver,
): Promise<Resource[]> {
  await resolver.resolve(entries, plan.needs);
  return entries.map((entry) =>
    project(toResource(mapping, entry, resolver, plan.mappers, run.context.baseUrl), mapping.type, projection),
  );
}

function snapshotKey(mapping: ResourceMapping, { filter, residual }: Candidates, query: SearchQuery): string {
  const sort = query.sortBy === undefined ? '' : `${query.sortOrder} ${attributeKey(query.sortBy)}`;
  return [
    mapping.type.name,
    printLdapFilter(filter),
    residual === undefined ? '' : printResolvedFilter(residual),
    sort,
  ].join('\0');
}

function isSizeLimit(error: unknown): boolean {
  return (
    error instanceof LdapError &&
    (error.code === resultCode.sizeLimitExceeded || error.code === resultCode.adminLimitExceeded)
  );
}

function tooMany(limit: number): Error {
  return badRequest(
    'tooMany',
    `The filter needs a look at more than ${limit} resources. Make it narrower, for example by adding an eq term on userName, emails or another indexed attribute with "and".`,
  );
}
