// Message bodies of RFC 7644: lists (s3.4.2) and errors (s3.12).
import type { ScimError } from './error.ts';
import type { JsonObject } from './json.ts';
import type { Resource } from './resource.ts';
import { urns } from './urns.ts';

/** `startIndex` is 1-based; `itemsPerPage` is what this page really holds (I9). */
export function listResponse(
  resources: readonly Resource[],
  { totalResults, startIndex = 1 }: { readonly totalResults: number; readonly startIndex?: number },
): JsonObject {
  return {
    schemas: [urns.listResponse],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
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
