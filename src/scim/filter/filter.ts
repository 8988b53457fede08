// SCIM filters (RFC 7644 s3.4.2.2): as parsed, with names as the client wrote them, and as resolved against a resource
// type, with the attributes found and the values typed. Everything after the parser works on resolved filters.
import type { AttributeRef } from '../schema/schema.ts';

export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** An attribute path as written: `urn:...:User:manager.value`, `name.givenName`, `$ref`. */
export interface AttributePath {
  /** URN as written, without the colon before the attribute's name. */
  readonly urn?: string;
  readonly attribute: string;
  readonly subAttribute?: string;
}

/** Positions count UTF-16 units from 0 in the filter's text. */
export type ScimFilter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly ScimFilter[] }
  | { readonly kind: 'not'; readonly filter: ScimFilter }
  | { readonly kind: 'present'; readonly path: AttributePath; readonly position: number }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly path: AttributePath;
      readonly value: string | number | boolean | null;
      readonly position: number;
    }
  /** `emails[type eq "work"]`; paths inside name sub-attributes. */
  | {
      readonly kind: 'valuePath';
      readonly path: AttributePath;
      readonly filter: ScimFilter;
      readonly position: number;
    };

/** dateTime literals are milliseconds since 1970 with `text` kept; binary is base64 text; the others as they are. */
export type CompareValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'dateTime'; readonly value: number; readonly text: string }
  | { readonly type: 'binary'; readonly value: string };

/**
 * `present` and `compare` name a simple attribute or a sub-attribute of a complex one; a multi-valued complex attribute
 * without a sub-attribute means `value` (G29). `present` may also name a complex attribute whole (G28). `eq null` and
 * `ne null` have become `not present` and `present` (G27). Terms inside a value path carry the same `attribute` and a
 * `subAttribute`, or none where the multi-valued attribute is simple and the term says `value`.
 * `never` is an attribute that no resource of this type has (G31).
 */
export type ResolvedFilter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly ResolvedFilter[] }
  | { readonly kind: 'not'; readonly filter: ResolvedFilter }
  | { readonly kind: 'present'; readonly ref: AttributeRef }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly ref: AttributeRef;
      readonly value: CompareValue;
    }
  | { readonly kind: 'valuePath'; readonly ref: AttributeRef; readonly filter: ResolvedFilter }
  | { readonly kind: 'never' };
