// One resource type within a query: the candidates that the directory finds by the LDAP filter, held against the SCIM
// filter where that says more, and the resources of the ids that a page consists of. Knows nothing of pages.
import type { LdapEntry } from '../ldap/entry.ts';
import { and, equality, isMatchNone, type LdapFilter, or } from '../ldap/filter.ts';
import type { SearchRequest as LdapSearch, RequestControl } from '../ldap/operations.ts';
import { printLdapFilter } from '../ldap/print-filter.ts';
import { splitDisjunction } from '../ldap/split-disjunction.ts';
import { isExact } from '../mapping/bounds.ts';
import { getResourceMapping, type ResourceMapping } from '../mapping/mapping.ts';
import { type FetchPlan, planFetch, planLook, planSearch, readId, toResource, writeId } from '../mapping/plan-fetch.ts';
import { filterLookups, filterRefs, planFilter } from '../mapping/plan-filter.ts';
import { isOfType } from '../mapping/reach.ts';
import { badRequest } from '../scim/error.ts';
import { sortKey } from '../scim/filter/compare.ts';
import { evaluateFilter } from '../scim/filter/evaluate.ts';
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import { printResolvedFilter } from '../scim/filter/print.ts';
import { project } from '../scim/projection.ts';
import type { SearchRequest } from '../scim/request.ts';
import type { Resource } from '../scim/resource.ts';
import { type AttributeRef, attributeKey } from '../scim/schema/schema.ts';
import { createIdCollector, type IdList } from './id-list.ts';
import type { KeyedMatch } from './match-list.ts';
import type { ReferenceResolver } from './references.ts';
import { derefControls, findEntries, LDAP_PAGE, type Run, searchesOf } from './run.ts';

/** Ids per disjunction when a page of resources is fetched. */
const FETCH_BATCH = 50;
/** Alternatives per search of a long disjunction, such as the members of a group. */
const MOST_ALTERNATIVES = 100;
/** Candidates whose references are resolved together. */
const SCAN_BATCH = 200;

export interface TypeSearch {
  /** Place of the type in a list over several. */
  readonly rank: number;
  readonly mapping: ResourceMapping;
  readonly request: SearchRequest;
  readonly resolver: ReferenceResolver;
  readonly filter: LdapFilter;
  /** To be evaluated over each candidate, where the LDAP filter says less than the SCIM filter. */
  readonly residual: ResolvedFilter | undefined;
}

interface Match extends KeyedMatch {
  readonly entry: LdapEntry;
}

/** Undefined where nothing of the type can match, so that the directory need not be asked. */
export async function planTypeSearch(
  run: Run,
  request: SearchRequest,
  rank: number,
  resolver: ReferenceResolver,
): Promise<TypeSearch | undefined> {
  const mapping = getResourceMapping(run.compiled, request.resourceType.name);
  const { filter } = request.query;
  const common = { rank, mapping, request, resolver };
  if (filter === undefined) return { ...common, filter: mapping.entry.filter, residual: undefined };
  await resolver.lookUp(filterLookups(filter, mapping));
  const bounds = planFilter(filter, mapping, resolver);
  if (isMatchNone(bounds.upper)) return undefined;
  return {
    ...common,
    filter: and(mapping.entry.filter, bounds.upper),
    residual: isExact(bounds) ? undefined : filter,
  };
}

/** Searches of equal names have equal matches, until something changes. */
export function nameOfSearch({ mapping, request, filter, residual }: TypeSearch): string {
  const { sortBy, sortOrder } = request.query;
  return [
    mapping.type.name,
    printLdapFilter(filter),
    residual === undefined ? '' : printResolvedFilter(residual),
    sortBy === undefined ? '' : `${sortOrder} ${attributeKey(sortBy)}`,
  ].join('\0');
}

/** Makes a resource as the client asked for it. */
export type Show = () => Resource;

/**
 * All matches; undefined where there are more than `limit` candidates. Rejects with an `LdapError` where the directory's own
 * limit is lower.
 */
export async function findWithin(
  run: Run,
  search: TypeSearch,
  limit: number,
): Promise<readonly (KeyedMatch & { readonly show: Show })[] | undefined> {
  const { rank, mapping, request, filter, resolver } = search;
  const { look, show: plan, attributes, needs } = planSearch(mapping, request.projection, evaluated(search));
  const filters = splitDisjunction(filter, MOST_ALTERNATIVES);
  if (filters.length > limit) return undefined;
  const controls = derefControls(run, needs);
  const found = await findEntries(run, mapping, filters, attributes, { sizeLimit: limit + 1, controls });
  const entries = distinct(mapping, found);
  if (entries.length > limit) return undefined;
  if (look === undefined) {
    const shown = await prepareToShow(run, search, entries, plan);
    return Array.from(shown, ([id, show]) => ({ rank, id, key: undefined, show }));
  }
  await resolver.resolve(entries, look.needs);
  const matches = matchesAmong(run, search, entries, look);
  // Of those that do not match, nothing more is looked up.
  const chosen = matches.map(({ entry }) => entry);
  const shown = await prepareToShow(run, search, chosen, plan);
  return matches.flatMap(({ id, key }) => {
    const show = shown.get(id);
    return show === undefined ? [] : [{ rank, id, key, show }];
  });
}

/** By id. */
async function prepareToShow(
  run: Run,
  { mapping, request, resolver }: TypeSearch,
  entries: readonly LdapEntry[],
  plan: FetchPlan,
): Promise<ReadonlyMap<string, Show>> {
  await resolver.resolveShown(entries, plan.needs);
  return new Map(
    entries.flatMap((entry): [string, Show][] => {
      const id = readId(mapping, entry);
      if (id === undefined) return [];
      const show = () => {
        const resource = toResource(mapping, entry, resolver, plan.mappers, run.context.baseUrl);
        return project(resource, mapping.type, request.projection);
      };
      return [[id, show]];
    }),
  );
}

/** The ids of all matches, however many; more than the id is read only where the filter needs it. */
export async function findIds(run: Run, search: TypeSearch): Promise<IdList> {
  const { mapping, residual } = search;
  const ids = createIdCollector<LdapEntry>({
    writeUuid: (entry, words, at) => writeId(mapping, entry, words, at),
    text: (entry) => readId(mapping, entry),
  });
  if (residual !== undefined) await scanMatches(run, search, ({ entry }) => ids.add(entry));
  else {
    for (const request of scansOf(run, search, [mapping.id.attribute], [])) {
      await run.directory.search(request, { signal: run.context.signal }).visit((entry) => {
        if (isOfType(mapping.entry, entry)) ids.add(entry);
      });
    }
  }
  return ids.finish();
}

/** All matches with their keys, in no order. */
export async function findKeyed(run: Run, search: TypeSearch): Promise<KeyedMatch[]> {
  const matches: KeyedMatch[] = [];
  await scanMatches(run, search, ({ rank, id, key }) => matches.push({ rank, id, key }));
  return matches;
}

/** Searches that find all candidates, some of them perhaps more than once. */
function scansOf(
  run: Run,
  { mapping, filter }: TypeSearch,
  attributes: readonly string[],
  controls: readonly RequestControl[],
): LdapSearch[] {
  const pageSize = run.dialect.capabilities.pagedResults ? { pageSize: LDAP_PAGE } : {};
  return splitDisjunction(filter, MOST_ALTERNATIVES).flatMap((part) =>
    searchesOf(mapping, part, attributes, { ...pageSize, controls }),
  );
}

/** Looks at each candidate as far as filter and order need it. */
async function scanMatches(run: Run, search: TypeSearch, take: (match: Match) => void): Promise<void> {
  const { mapping, residual, resolver } = search;
  const plan = planLook(mapping, evaluated(search));
  const requests = scansOf(run, search, plan.attributes, derefControls(run, plan.needs));
  const options = { signal: run.context.signal };
  let scanned = 0;
  // An entry may match several parts, or lie below several bases.
  const seen = new Set<string>();
  const isNew = (entry: LdapEntry): boolean => {
    const id = readId(mapping, entry);
    if (id === undefined || seen.has(id) || !isOfType(mapping.entry, entry)) return false;
    if (requests.length > 1) seen.add(id);
    scanned += 1;
    if (residual !== undefined && scanned > run.limits.maxScan) throw tooMany(run.limits.maxScan);
    return true;
  };
  const show = (entries: readonly LdapEntry[]): void => matchesAmong(run, search, entries, plan).forEach(take);
  for (const request of requests) {
    const stream = run.directory.search(request, options);
    if (plan.needs.length === 0) {
      await stream.visit((entry) => {
        if (isNew(entry)) show([entry]);
      });
      continue;
    }
    let batch: LdapEntry[] = [];
    const flush = async (): Promise<void> => {
      await resolver.resolve(batch, plan.needs);
      show(batch);
      batch = [];
    };
    for await (const entry of stream) {
      if (isNew(entry) && batch.push(entry) === SCAN_BATCH) await flush();
    }
    await flush();
  }
}

/** The resources of some ids, as far as they still are there. */
export async function fetchResources(
  run: Run,
  search: TypeSearch,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Show>> {
  const { mapping, request } = search;
  const plan = planFetch(mapping, request.projection);
  const controls = derefControls(run, plan.needs);
  const filters: LdapFilter[] = [];
  for (let start = 0; start < ids.length; start += FETCH_BATCH) {
    const items = ids.slice(start, start + FETCH_BATCH).flatMap((id) => {
      const value = mapping.id.transform.toAssertion?.({ type: 'string', value: id });
      return value === undefined ? [] : [equality(mapping.id.attribute, value)];
    });
    filters.push(and(mapping.entry.filter, or(...items)));
  }
  const entries = await findEntries(run, mapping, filters, plan.attributes, { controls });
  return prepareToShow(run, search, entries, plan);
}

function distinct(mapping: ResourceMapping, entries: readonly LdapEntry[]): readonly LdapEntry[] {
  return [...new Map(entries.map((entry) => [readId(mapping, entry), entry])).values()];
}

/** What has to be known of each candidate to tell whether it matches, and where it sorts. */
function evaluated({ request, residual }: TypeSearch): readonly AttributeRef[] {
  const { sortBy } = request.query;
  return [...(residual === undefined ? [] : filterRefs(residual)), ...(sortBy === undefined ? [] : [sortBy])];
}

/** References have been resolved. */
function matchesAmong(
  run: Run,
  { rank, mapping, request, resolver, residual }: TypeSearch,
  entries: readonly LdapEntry[],
  plan: FetchPlan,
): Match[] {
  const { sortBy } = request.query;
  return entries.flatMap((entry) => {
    const id = readId(mapping, entry);
    if (id === undefined) return [];
    const resource = toResource(mapping, entry, resolver, plan.mappers, run.context.baseUrl);
    if (residual !== undefined && !evaluateFilter(residual, resource)) return [];
    return [{ rank, id, entry, key: sortBy === undefined ? undefined : sortKey(resource, sortBy) }];
  });
}

function tooMany(limit: number): Error {
  return badRequest(
    'tooMany',
    `The filter needs a look at more than ${limit} resources. Make it narrower, for example by adding an eq term on userName, emails or another indexed attribute with "and".`,
  );
}
