// Bulk (RFC 7644 s3.7) as values: the operations of a BulkRequest, what comes of each, and the BulkResponse. Who runs
// them is not known here.
import type { ScimError } from '../error.ts';
import { formatEtag } from '../etag.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { errorBody } from '../messages.ts';
import type { ResourceType } from '../schema/schema.ts';
import { urns } from '../urns.ts';

export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The resource of a path: by its id, or by the bulkId of the operation that creates it. */
export type BulkTarget = { readonly id: string } | { readonly bulkId: string };

export interface BulkOperation {
  readonly method: BulkMethod;
  /** Always there for POST. */
  readonly bulkId?: string;
  readonly resourceType: ResourceType;
  /** Absent for POST. */
  readonly target?: BulkTarget;
  /** Stands for an If-Match header (L10). */
  readonly version?: string;
  /** Absent for DELETE. */
  readonly data?: JsonValue;
}

/** An operation that is wrong in itself fails alone; what could be read of it goes into the answer. */
export interface RefusedOperation {
  readonly error: ScimError;
  readonly method?: string;
  readonly bulkId?: string;
}

export interface BulkRequest {
  readonly operations: readonly (BulkOperation | RefusedOperation)[];
  /** Errors after which nothing more is begun; absent: all operations are run (M11). */
  readonly failOnErrors?: number;
}

export interface BulkResult {
  readonly method?: string;
  readonly bulkId?: string;
  /** For all but a create that failed (M7). */
  readonly location?: string;
  /** Opaque part of the entity tag. */
  readonly version?: string;
  readonly status: number;
  readonly error?: ScimError;
}

const scheme = 'bulkId:';

/** `bulkId:x` -> `x`; undefined for any other text. */
export function findBulkId(text: string): string | undefined {
  return text.startsWith(scheme) ? text.slice(scheme.length) : undefined;
}

/** `status` is a string (M8); a body goes with errors only (M9). */
export function bulkResponse(results: readonly BulkResult[]): JsonObject {
  return {
    schemas: [urns.bulkResponse],
    Operations: results.map(({ method, bulkId, location, version, status, error }) => ({
      ...(location !== undefined && { location }),
      ...(method !== undefined && { method }),
      ...(bulkId !== undefined && { bulkId }),
      ...(version !== undefined && { version: formatEtag(version) }),
      status: String(status),
      ...(error !== undefined && { response: errorBody(error) }),
    })),
  };
}
