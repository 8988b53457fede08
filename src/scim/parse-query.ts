// The parameters of a query (RFC 7644 s3.4.2, s3.4.3), the same whether they came in a URL or in a SearchRequest body.
// Names in any letter case, unknown names ignored (Entra sends flags of its own with every request).
import { badRequest, ScimError } from './error.ts';
import { parseFilter } from './filter/parse.ts';
import { type ResolveOptions, resolveFilter } from './filter/resolve.ts';
import { isJsonObject, type JsonValue } from './json.ts';
import { uniqueEntries } from './json-members.ts';
import { resolveProjectionPath, resolveSortPath } from './path/resolve-path.ts';
import type { Projection, ProjectionPath, SearchQuery } from './request.ts';
import { type AttributeRef, attributeKey, type ResourceType } from './schema/schema.ts';
import { sameUrn, urns } from './urns.ts';

/** Decoded query parameters in their order: a `URLSearchParams` is one. */
export type QueryParameters = Iterable<readonly [name: string, value: string]>;

/** Parameters as text; numbers of a body are numbers. */
export interface QueryInput {
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: string;
  readonly startIndex?: string | number;
  readonly count?: string | number;
  readonly cursor?: string;
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
}

export interface PageLimits {
  /** Page size where the client names none (I6). */
  readonly defaultCount: number;
  /** Page size at most (I5). */
  readonly maxCount: number;
}

const names: ReadonlyMap<string, keyof QueryInput> = new Map(
  (['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'cursor', 'attributes', 'excludedAttributes'] as const).map(
    (name) => [name.toLowerCase(), name],
  ),
);

/** Query parameters of a URL. The two lists may repeat; any other repeated one is 400 invalidValue. */
export function readQueryParameters(parameters: QueryParameters): QueryInput {
  const input: Record<string, string | string[]> = {};
  for (const [name, value] of parameters) {
    const key = names.get(name.toLowerCase());
    if (key === undefined) continue;
    const before = input[key];
    if (isList(key)) input[key] = [...(Array.isArray(before) ? before : []), ...splitList(value)];
    else if (before === undefined) input[key] = value;
    else throw badRequest('invalidValue', `${key} is given more than once.`);
  }
  return input;
}

/** A SearchRequest body (J3 to J9). Throws 400 invalidSyntax for another message, invalidValue for a wrong type. */
export function parseSearchBody(body: unknown): QueryInput {
  if (!isJsonObject(body)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  const entries = uniqueEntries(body);
  const schemas: unknown = entries.find(([name]) => name.toLowerCase() === 'schemas')?.[1];
  if (!Array.isArray(schemas) || !schemas.some((urn) => typeof urn === 'string' && sameUrn(urn, urns.searchRequest))) {
    throw badRequest('invalidSyntax', `schemas must name "${urns.searchRequest}".`);
  }
  const input: Record<string, string | number | readonly string[]> = {};
  for (const [name, value] of entries) {
    const key = names.get(name.toLowerCase());
    if (key !== undefined && value !== null && value !== undefined) input[key] = bodyValue(key, value);
  }
  return input;
}

/** Filter, order and page. Throws 400 invalidFilter for the filter, invalidValue for the rest (G, H, I). */
export function parseSearchQuery(
  input: QueryInput,
  type: ResourceType,
  limits: PageLimits,
  options: ResolveOptions = {},
): SearchQuery {
  const { filter, sortBy } = input;
  return {
    ...(filter !== undefined && { filter: resolveFilter(parseFilter(filter), type, options) }),
    ...(isSorted(sortBy) && { sortBy: resolveSortPath(sortBy, type) }),
    ...parsePage(input, limits),
  };
}

/**
 * The same over several types: what one of them lacks has no value there, in the filter (G31) as in the order. A sortBy
 * that none of them can be sorted by is 400 invalidValue (H9).
 */
export function parseSearchQueries(
  input: QueryInput,
  types: readonly ResourceType[],
  limits: PageLimits,
  options: Omit<ResolveOptions, 'unknown'> = {},
): readonly SearchQuery[] {
  const { filter, sortBy } = input;
  const parsed = filter === undefined ? undefined : parseFilter(filter);
  const page = parsePage(input, limits);
  const sorted = isSorted(sortBy) ? resolveSortPaths(sortBy, types) : [];
  return types.map((type, index) => {
    const ref = sorted[index];
    return {
      ...(parsed !== undefined && { filter: resolveFilter(parsed, type, { ...options, unknown: 'never' }) }),
      ...(ref !== undefined && { sortBy: ref }),
      ...page,
    };
  });
}

function resolveSortPaths(sortBy: string, types: readonly ResourceType[]): readonly (AttributeRef | undefined)[] {
  let refused: ScimError | undefined;
  const refs = types.map((type) => {
    try {
      return resolveSortPath(sortBy, type);
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      refused ??= error;
      return undefined;
    }
  });
  if (refused !== undefined && refs.every((ref) => ref === undefined)) throw refused;
  return refs;
}

function parsePage(input: QueryInput, limits: PageLimits): Omit<SearchQuery, 'filter' | 'sortBy'> {
  const count = parseInteger(input.count, 'count') ?? limits.defaultCount;
  if (input.cursor !== undefined && input.startIndex !== undefined) {
    throw badRequest('invalidValue', 'startIndex and cursor cannot be used together.');
  }
  return {
    // Without sortBy there is nothing to order (H10).
    sortOrder: isSorted(input.sortBy) ? parseSortOrder(input.sortOrder) : 'ascending',
    startIndex: Math.max(1, parseInteger(input.startIndex, 'startIndex') ?? 1),
    count: Math.min(limits.maxCount, Math.max(0, count)),
    ...(input.cursor !== undefined && { cursor: input.cursor }),
  };
}

function isSorted(sortBy: string | undefined): sortBy is string {
  return sortBy !== undefined && sortBy.trim() !== '';
}

/** `attributes` and `excludedAttributes`; both together are 400 invalidValue (K2). Empty lists say nothing (K14). */
export function parseProjection(input: QueryInput, type: ResourceType): Projection {
  const { attributes = [], excludedAttributes = [] } = input;
  if (attributes.length > 0 && excludedAttributes.length > 0) {
    throw badRequest('invalidValue', 'attributes and excludedAttributes cannot be used together.');
  }
  if (attributes.length > 0) return { attributes: resolvePaths(attributes, type) };
  return excludedAttributes.length > 0 ? { excludedAttributes: resolvePaths(excludedAttributes, type) } : {};
}

/** Each path once: a long list of repetitions must not cost anything for each resource of a page. */
function resolvePaths(paths: readonly string[], type: ResourceType): ProjectionPath[] {
  const distinct = new Map<string, ProjectionPath>();
  for (const text of paths) {
    const path = resolveProjectionPath(text, type);
    if (path !== undefined) distinct.set(path.kind === 'schema' ? path.urn : attributeKey(path.ref), path);
  }
  return [...distinct.values()];
}

function isList(key: keyof QueryInput): boolean {
  return key === 'attributes' || key === 'excludedAttributes';
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function bodyValue(key: keyof QueryInput, value: JsonValue): string | number | readonly string[] {
  if (isList(key)) {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (parts.every((part) => typeof part === 'string')) return parts.flatMap(splitList);
    throw badRequest('invalidValue', `${key} must be an array of strings.`);
  }
  if (key === 'startIndex' || key === 'count') {
    if (typeof value === 'number') return value;
    throw badRequest('invalidValue', `${key} must be a whole number.`);
  }
  if (typeof value === 'string') return value;
  throw badRequest('invalidValue', `${key} must be a string.`);
}

function parseInteger(value: string | number | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'number' ? value : /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : Number.NaN;
  if (typeof value === 'number' ? !Number.isInteger(value) : Number.isNaN(number)) {
    throw badRequest('invalidValue', `${name} must be a whole number.`);
  }
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}

function parseSortOrder(text: string | undefined): 'ascending' | 'descending' {
  const order = text?.trim().toLowerCase() ?? 'ascending';
  if (order === 'ascending' || order === 'descending') return order;
  throw badRequest('invalidValue', 'sortOrder must be ascending or descending.');
}
