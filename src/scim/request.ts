// A SCIM request as a value: what `parse-request.ts` makes of method, query and body, what the mapping plans and the
// gateway runs. Nothing here knows HTTP.
import type { ResolvedFilter } from './filter/filter.ts';
import type { PatchOperation } from './patch/patch.ts';
import type { Resource } from './resource.ts';
import type { AttributeRef, ResourceType } from './schema/schema.ts';

/** RFC 7644 s3.9. At most one of the two is set. Unknown names have been dropped. */
export interface Projection {
  readonly attributes?: readonly ProjectionPath[];
  readonly excludedAttributes?: readonly ProjectionPath[];
  /** What a body wrote of attributes with `returned: request`: the answer to the write has them (RFC 7643 s7, K4). */
  readonly written?: readonly AttributeRef[];
}

/** An attribute, a sub-attribute, or a whole extension. Common attributes (`id`, `schemas`, `meta`) come as refs too. */
export type ProjectionPath =
  | { readonly kind: 'attribute'; readonly ref: AttributeRef }
  | { readonly kind: 'schema'; readonly urn: string };

/** If-Match and If-None-Match, opaque parts without `W/` and quotes; `*` alone for any (L5 to L7). */
export interface Preconditions {
  readonly ifMatch?: readonly string[];
  readonly ifNoneMatch?: readonly string[];
}

export interface SearchQuery {
  readonly filter?: ResolvedFilter;
  readonly sortBy?: AttributeRef;
  readonly sortOrder: 'ascending' | 'descending';
  /** At least 1 (I1). */
  readonly startIndex: number;
  /** At least 0, clamped to the server's maximum (I2, I5). */
  readonly count: number;
  /** Pages by cursor instead of by `startIndex` (RFC 9865): empty for the first. */
  readonly cursor?: string;
}

interface Common {
  readonly resourceType: ResourceType;
  readonly projection: Projection;
  readonly preconditions: Preconditions;
}

export interface SearchRequest extends Common {
  readonly operation: 'search';
  readonly query: SearchQuery;
}

/** A query over several resource types at once (RFC 7644 s3.4.2.1): one search for each, all with the same order and page. */
export interface SearchAllRequest {
  readonly operation: 'searchAll';
  readonly searches: readonly SearchRequest[];
}

interface Writing extends Common {
  /** `Prefer: return=representation` or `minimal` (RFC 7240 s4.2, E6). */
  readonly prefer?: 'representation' | 'minimal';
}

export type ScimRequest =
  | (Writing & { readonly operation: 'create'; readonly resource: Resource })
  | (Common & { readonly operation: 'read'; readonly id: string })
  | SearchRequest
  | SearchAllRequest
  | (Writing & {
      readonly operation: 'replace';
      readonly id: string;
      readonly resource: Resource;
      /** Attributes that the body named with null, "" or []: cleared even where omitting would keep them (D5). */
      readonly cleared?: readonly AttributeRef[];
    })
  | (Writing & {
      readonly operation: 'patch';
      readonly id: string;
      readonly operations: readonly PatchOperation[];
    })
  | (Common & { readonly operation: 'delete'; readonly id: string });

export interface ScimResponse {
  readonly status: number;
  /** Absent for 204 and 304. */
  readonly body?: Resource;
  /** `meta.location` of a single resource. */
  readonly location?: string;
  /** Opaque part of the entity tag, where the mapping has a version. */
  readonly version?: string;
}
