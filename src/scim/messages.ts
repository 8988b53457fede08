// Message bodies of RFC 7644: lists (s3.4.2) and errors (s3.12).
import type { ScimError } from './error.ts';
import type { JsonObject } from './json.ts';
import { LongArray } from './long-array.ts';
import type { Resource } from './resource.ts';
import { urns } from './urns.ts';

/** Where a page of a list stands: by its 1-based index, or by the cursor of the next page (RFC 9865), absent on the last. */
export type PagePlace =
  | { readonly totalResults: number; readonly startIndex?: number }
  | { readonly totalResults: number; readonly nextCursor: string | undefined };

/** Resources of a page: an array, or what makes each of them when it is asked for. */
export interface ResourceList extends Iterable<Resource> {
  readonly length: number;
}

/** Resources from which on a page is made while it is sent, so that all of it is never in memory. */
const LONG_PAGE = 50;

/** `itemsPerPage` is what this page really holds (I9). */
export function listResponse(resources: ResourceList, place: PagePlace): JsonObject {
  const { totalResults } = place;
  const next = 'nextCursor' in place ? place.nextCursor : undefined;
  return {
    schemas: [urns.listResponse],
    totalResults,
    ...('nextCursor' in place ? {} : { startIndex: place.startIndex ?? 1 }),
    itemsPerPage: resources.length,
    ...(next === undefined ? {} : { nextCursor: next }),
    Resources: resources.length < LONG_PAGE ? [...resources] : new LongArray(resources),
  };
}

/** `status` is a string (O1). */
export function errorBody(error: Pick<ScimError, 'status' | 'scimType' | 'detail'>): JsonObject {
  return {
    schemas: [urns.error],
    status: String(error.status),
    ...(error.scimType !== undefined && { scimType: error.scimType }),
    detail: error.detail,
  };
}
