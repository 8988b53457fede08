// The contract of an attribute mapper: one object owns every direction of one SCIM attribute, so that a new kind cannot
// be half-supported. Mappers are pure: what they need of other entries they declare, and get as `References`.
import type { LdapEntry } from '../ldap/entry.ts';
import type { Modification } from '../ldap/operations.ts';
import type { LdapValue } from '../ldap/value.ts';
import type { CompareOperator, CompareValue, ResolvedFilter } from '../scim/filter/filter.ts';
import type { JsonValue } from '../scim/json.ts';
import type { PatchOperation } from '../scim/patch/patch.ts';
import type { AttributeRef } from '../scim/schema/schema.ts';
import type { FilterBounds } from './bounds.ts';
import type { Filling } from './fill-in.ts';
import type { LookupNeed, ReferenceNeed, References } from './references.ts';

/** LDAP attribute descriptions, as the mapping file spells them, and the values that they shall have. */
export type LdapAttributes = ReadonlyMap<string, readonly LdapValue[]>;

/** How an LDAP attribute points to other resources. */
export interface ReferenceRule {
  readonly attribute: string;
  readonly types: readonly string[];
  /** Attribute of the target whose value is held; absent: its DN. */
  readonly by?: string;
  readonly placeholder?: string;
  /** No entry holds more than one value. */
  readonly singleValued: boolean;
}

/** What a filter says of one attribute. `subAttribute` is a name in the schema's spelling. */
export type FilterTerm =
  | { readonly kind: 'present'; readonly subAttribute?: string }
  | {
      readonly kind: 'compare';
      readonly subAttribute?: string;
      readonly operator: CompareOperator;
      readonly value: CompareValue;
    }
  | { readonly kind: 'valuePath'; readonly filter: ResolvedFilter };

/** Values to add to and to remove from one LDAP attribute, without knowing what it holds. */
export interface ValueChange {
  readonly attribute: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** Stands in where the last value goes, goes where the first one comes. */
  readonly placeholder?: string;
}

export interface PasswordWrite {
  /** What sets it; absent: the operation of RFC 3062. Accounts that a modification gives one are inactive without it. */
  toModification?(password: string): Modification;
  /** Written after it. */
  readonly along: readonly Modification[];
  /** A new resource without one gets one that nobody knows. */
  readonly generate: boolean;
}

export interface Change {
  readonly entry: LdapEntry;
  /** Canonical values of the attribute. */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
  readonly references: References;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface AttributeMapper {
  /** The top-level attribute, with the definition as narrowed by the mapping. */
  readonly ref: AttributeRef;
  /** LDAP attributes to fetch for the attribute, or for one sub-attribute of it. */
  reads(subAttribute?: string): readonly string[];
  /** LDAP attributes that it writes. */
  readonly writes: readonly string[];
  readonly needs: readonly ReferenceNeed[];
  /** Where values point to other resources: how they do. */
  readonly reference?: ReferenceRule;
  /** Computed from other SCIM attributes on reading. */
  readonly templates: readonly Filling[];
  /** Values where a create or replace gives none. */
  readonly defaults: readonly Filling[];
  /** The value is a password that an operation of its own sets, after everything else. */
  readonly passwordWrite?: PasswordWrite;
  /** An LDAP attribute that a new password empties, and which of its values have to be set again. */
  readonly passwordClears?: {
    readonly attribute: string;
    kept(values: readonly LdapValue[]): readonly LdapValue[];
  };
  /** An entry without any LDAP value has a SCIM value all the same: not locked is active. Such a value cannot be removed. */
  readonly alwaysPresent?: boolean;
  /** The present value goes by itself: to ask for it is a change. */
  isPassing?(entry: LdapEntry): boolean;
  /** Nobody can tell the present value, so that every write is a change. */
  readonly unreadable?: boolean;

  toScim(entry: LdapEntry, references: References): JsonValue | undefined;
  /**
   * Every attribute of `writes` with the values that it shall have. Given the present entry, values in it that the SCIM
   * attribute does not show are among them.
   */
  toLdap(value: JsonValue | undefined, references: References, now: number, entry?: LdapEntry): LdapAttributes;
  /** Instead of comparing what `toLdap` makes of both values. */
  toModifications?(change: Change): readonly Modification[];
  /** Whether the operations say which values to add and remove, whatever the entry holds. */
  isBlind?(operations: readonly PatchOperation[]): boolean;
  /** For operations that are. */
  toValueChange?(operations: readonly PatchOperation[], references: References): ValueChange;
  /** Lookups that a value, or operations, to be written need. */
  lookups(values: readonly (JsonValue | undefined)[]): readonly LookupNeed[];

  toFilter(term: FilterTerm, references: References): FilterBounds;
  filterLookups(term: FilterTerm): readonly LookupNeed[];
}

/** The term as a filter on the attribute. */
export function toResolvedFilter(ref: AttributeRef, term: FilterTerm): ResolvedFilter {
  if (term.kind === 'valuePath') return { kind: 'valuePath', ref, filter: term.filter };
  const subAttribute = ref.attribute.subAttributes?.find(({ name }) => name === term.subAttribute);
  const whole = subAttribute === undefined ? ref : { ...ref, subAttribute };
  return term.kind === 'present'
    ? { kind: 'present', ref: whole }
    : { kind: 'compare', ref: whole, operator: term.operator, value: term.value };
}
