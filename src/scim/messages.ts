// Message bodies of RFC 7644: lists (s3.4.2) and errors (s3.12).
import type { ScimError } from './error.ts';
import type { JsonObject } from './json.ts';
import type { Resource } from './resource.ts';
import { urns } from './urns.ts';

/** Where a page of a list stands: by its 1-based index, or by the cursor of the next page (RFC 9865), absent on the last. */
export type PagePlace =
  | { readonly totalResults: number; readonly startIndex?: number }
  | { readonly totalResults: number; readonly nextCursor: string | undefined };

/** `itemsPerPage` is what this page really holds (I9). */
export function listResponse(resources: readonly Resource[], place: PagePlace): JsonObject {
  const { totalResults } = place;
  const next = 'nextCursor' in place ? place.nextCursor : undefined;
  return {
    schemas: [urns.listResponse],
    totalResults,
    ...('nextCursor' in place ? {} : { startIndex: place.startIndex ?? 1 }),
    itemsPerPage: resources.length,
    ...(next === undefined ? {} : { nextCursor: next }),
    Resources: resources,
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
