// PATCH (RFC 7644 s3.5.2) as typed operations. A path-less operation has been split into one per attribute, a path that
// names a whole extension likewise; so every operation has one attribute as its target, and operations on different
// attributes do not touch.
import type { ResolvedFilter } from '../filter/filter.ts';
import type { JsonValue } from '../json.ts';
import type { AttributeRef, SchemaAttribute } from '../schema/schema.ts';

export interface PatchTarget {
  /** Without a sub-attribute. */
  readonly ref: AttributeRef;
  /** `[...]`; its terms name sub-attributes of `ref`. */
  readonly filter?: ResolvedFilter;
  readonly subAttribute?: SchemaAttribute;
}

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly target: PatchTarget;
  /**
   * In the schema's names and types. For a multi-valued target without filter and sub-attribute: an array. Absent for
   * remove, but for Entra's form that lists the values to remove: then an array (part 2.1).
   */
  readonly value?: JsonValue;
}
