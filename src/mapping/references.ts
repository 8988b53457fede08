// References between resources: ids on the SCIM side, DNs or key values on the LDAP side. Mappers declare what they need;
// the gateway resolves all needs of a request in batches and hands back a `References`. Nothing here searches.
import type { LdapEntry } from '../ldap/entry.ts';
import type { LdapValue } from '../ldap/value.ts';
import type { Transform } from './transforms/transform.ts';

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

/** An attribute by which resources of one type point to others: `members` of groups. */
export interface BacklinkSource {
  readonly type: string;
  readonly attribute: string;
  /** Attribute of the others whose value it holds; absent: their DN. */
  readonly by?: string;
  /** Makes of a value of `attribute` the one of `by`, and back, where they are not the same. */
  readonly transform?: Transform;
  /** Values of `by` are equal for the directory just where those of `attribute` are. */
  readonly sameRule?: boolean;
  /** The types that it points to. */
  readonly targets: readonly string[];
  /** Attribute in which the directory itself keeps, in the entry pointed to, the DNs of those that point there. */
  readonly kept?: string;
  /** Attribute by which the directory finds the entry of a DN (RFC 5020); absent: a filter cannot say it. */
  readonly dnAttribute?: string;
}

export interface BacklinkNeed {
  readonly kind: 'backlink';
  readonly sources: readonly BacklinkSource[];
  /** Those, too, that point to one that points here, over any number of steps. */
  readonly nested: boolean;
}

/** To show resources. */
export type ReferenceNeed =
  /** Values of `attribute` are DNs, or values of the targets' attribute `by`. */
  | { readonly kind: 'forward'; readonly attribute: string; readonly by?: string; readonly types: readonly string[] }
  /** Resources that point to the entry. */
  | BacklinkNeed;

/** The resources of one id that point to others; where `nested`, those among the others that do so themselves, too. */
export interface HolderLookup extends Omit<BacklinkNeed, 'kind'> {
  readonly kind: 'holders';
  readonly id: string;
}

/** To write values, and to compile filters. */
export type LookupNeed =
  | { readonly kind: 'ids'; readonly types: readonly string[]; readonly ids: readonly string[] }
  | HolderLookup;

/** A resource that points to an entry, itself or by others. */
export interface Backlink {
  readonly target: ReferenceTarget;
  readonly direct: boolean;
}

export interface References {
  /** Milliseconds since 1970, for values that time changes. */
  readonly now: number;
  findById(id: string, types: readonly string[]): ReferenceTarget | undefined;
  findByDn(dn: string, types: readonly string[]): ReferenceTarget | undefined;
  /**
   * The resources to which a very long attribute leads, each made when it is asked for, where the directory told of all of
   * them along with the entry; undefined otherwise: then `findByDn` knows them.
   */
  findLong?(entry: LdapEntry, attribute: string, types: readonly string[]): Iterable<ReferenceTarget> | undefined;
  /** The resource whose `by` is `value`, as a value of the attribute `holder` that points there. */
  findByKey(holder: string, by: string, value: string, types: readonly string[]): ReferenceTarget | undefined;
  /** Each once; who points here both ways is direct. */
  findBacklinks(need: BacklinkNeed, entry: LdapEntry): readonly Backlink[];
  /** Their entries have what they hold, where the other side does not keep it; empty where the id has no resource. */
  findHolders(lookup: HolderLookup): readonly ReferenceTarget[];
}

export const noReferences: References = {
  now: 0,
  findById: () => undefined,
  findByDn: () => undefined,
  findByKey: () => undefined,
  findBacklinks: () => [],
  findHolders: () => [],
};

/** By which values of its `attribute` a resource points to the entry. */
export function pointersTo({ by, transform }: BacklinkSource, entry: LdapEntry): readonly LdapValue[] {
  if (by === undefined) return [entry.dn];
  const values = entry.strings(by);
  if (transform === undefined) return values;
  return values.flatMap((value) => transform.toAssertion?.({ type: 'string', value }) ?? []);
}

/** What the resource holds of those that it points to: their DNs, or values of `by`. */
export function heldValues({ attribute, transform }: BacklinkSource, { entry }: ReferenceTarget): readonly string[] {
  if (transform === undefined) return entry.strings(attribute);
  return entry.bytes(attribute).flatMap((octets) => {
    const value = transform.toScim([octets], 0);
    return typeof value === 'string' ? [value] : [];
  });
}

/** Whether resources of a type that holds others may be held in turn. A name of their own is nothing to go on from. */
export function canHold({ by, targets }: BacklinkSource, type: string): boolean {
  return by === undefined && targets.includes(type);
}
