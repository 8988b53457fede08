// References between resources: ids on the SCIM side, DNs or key values on the LDAP side. Mappers declare what they need;
// the gateway resolves all needs of a request in batches and hands back a `References`. Nothing here searches.
import type { LdapEntry } from '../ldap/entry.ts';

/** The resource that a value points to. */
export interface ReferenceTarget {
  /** Name of its resource type. */
  readonly type: string;
  readonly id: string;
  readonly dn: string;
  /** Absolute URI of the resource. */
  readonly location: string;
  readonly display?: string;
  /** The entry with at least its id, display and key attributes. */
  readonly entry: LdapEntry;
}

/** To show resources. */
export type ReferenceNeed =
  /** Values of `attribute` are DNs, or values of the targets' attribute `by`. */
  | { readonly kind: 'forward'; readonly attribute: string; readonly by?: string; readonly types: readonly string[] }
  /** Resources of `type` whose `attribute` holds this entry's DN, or its value of `by`. */
  | { readonly kind: 'backlink'; readonly type: string; readonly attribute: string; readonly by?: string };

/** To write values, and to compile filters. */
export type LookupNeed =
  | { readonly kind: 'ids'; readonly types: readonly string[]; readonly ids: readonly string[] }
  /** The values of the reference attribute of one resource: who is in this group. */
  | { readonly kind: 'values'; readonly type: string; readonly id: string; readonly attribute: string };

export interface References {
  /** Milliseconds since 1970, for values that time changes. */
  readonly now: number;
  findById(id: string, types: readonly string[]): ReferenceTarget | undefined;
  findByDn(dn: string, types: readonly string[]): ReferenceTarget | undefined;
  /** The resource whose `by` is `value`, as a value of the attribute `holder` that points there. */
  findByKey(holder: string, by: string, value: string, types: readonly string[]): ReferenceTarget | undefined;
  findBacklinks(need: ReferenceNeed & { kind: 'backlink' }, entry: LdapEntry): readonly ReferenceTarget[];
  /** Answer to a `values` lookup; undefined where the resource does not exist. */
  findValues(type: string, id: string): readonly string[] | undefined;
}

export const noReferences: References = {
  now: 0,
  findById: () => undefined,
  findByDn: () => undefined,
  findByKey: () => undefined,
  findBacklinks: () => [],
  findValues: () => undefined,
};
