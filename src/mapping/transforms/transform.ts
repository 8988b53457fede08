// The contract of a value conversion: one object, every direction, so that none can be half-supported.

import type { LdapFilter } from '../../ldap/filter.ts';
import type { LdapValue } from '../../ldap/value.ts';
import type { CompareOperator, CompareValue } from '../../scim/filter/filter.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { AttributeType } from '../../scim/schema/schema.ts';
import type { FilterBounds } from '../bounds.ts';

/** SCIM types that a transform can serve. */
export interface TransformTraits {
  readonly types: readonly AttributeType[];
  /** `toLdap(toScim(x))` is x for every x that `toLdap` makes: needed where the attribute is writable. */
  readonly invertible: boolean;
  /** Order of LDAP values, by the attribute's ordering rule, is the order of SCIM values. */
  readonly ordered: boolean;
  /** Equality of LDAP values, by the attribute's matching rule, is equality of SCIM values. */
  readonly equality: boolean;
  /** Substrings of the SCIM text are substrings of the LDAP text. */
  readonly substrings: boolean;
}

/**
 * Values of one LDAP attribute <-> one SCIM value (a single-valued mapper passes all values, a multi-valued one passes
 * them one by one). `toScim` returns undefined where the values mean "no value"; it never throws on what a directory
 * may hold. `now` is the time of the request in milliseconds since 1970, for values that time changes; so every function
 * is pure. `toLdap` returns no values for "unassigned" and throws `ScimError` invalidValue for what cannot be stored.
 */
export interface Transform {
  readonly name: string;
  readonly traits: TransformTraits;
  toScim(values: readonly Buffer[], now: number): JsonValue | undefined;
  /**
   * `held` are the values that the entry has, where there is one:
   * for a SCIM value that is a part of them only.
   */
  toLdap(value: JsonValue, now: number, held?: readonly Buffer[]): readonly LdapValue[];
  /**
   * The LDAP form of an assertion value for eq, gt, ge, lt, le; undefined where no LDAP value can express it.
   * Only called where the traits allow the operator.
   */
  toAssertion?(value: CompareValue): LdapValue | undefined;
  /** What stands in the place of a value that goes, where it is not simply gone. */
  readonly unassigned?: readonly LdapValue[];
  /**
   * Where values are UUIDs: writes the one that `toScim` would make text of, as numbers with the order of the texts, to
   * `words` from `at` on; false where the value is none.
   */
  writeUuid?(value: Buffer, words: Uint32Array, at: number): boolean;
  /** For values of a list that depend on one another; `toScim` and `toLdap` then speak of one that is alone. */
  readonly list?: {
    toScim(values: readonly Buffer[]): readonly JsonValue[];
    toLdap(values: readonly JsonValue[]): readonly LdapValue[];
  };
  /**
   * For values that are not one LDAP value each (account lock, bit flags): the filter itself, exact unless it comes as
   * bounds, or undefined where LDAP cannot say it. Takes precedence over `toAssertion` and traits. Of several LDAP values it speaks as `filterOf` says.
   */
  toFilter?(
    attribute: string,
    operator: CompareOperator | 'pr',
    value: CompareValue | undefined,
    now: number,
  ): LdapFilter | FilterBounds | undefined;
  /** `toFilter` compares by the attribute's ordering rule, which has to be of this kind. */
  readonly orderedBy?: 'time' | 'integer';
  /**
   * Where there may be several LDAP values `toFilter` is exact for what `toScim` makes of `all` of them together, or of
   * `each` by itself. Absent: only where there is one at most.
   */
  readonly filterOf?: 'all' | 'each';
  /** The nearest text that can be stored, for one that the mapping makes by a template; undefined where there is none. */
  adjust?(text: string): string | undefined;
  /** Whether the values go by themselves, so that a client that asks for what they mean has to be given others. */
  passing?(values: readonly Buffer[]): boolean;
  /**
   * Where a new password makes the directory take the LDAP values away: those of them that have to be set again, as they
   * mean what nobody asked to change.
   */
  keptThroughPassword?(values: readonly LdapValue[]): readonly LdapValue[];
}

/** Makes a transform from the options in a mapping file; throws an `Error` that says what is wrong with them. */
export interface TransformFactory {
  readonly name: string;
  /** One line for docs and editors. */
  readonly description: string;
  /** LDAP values say which of them is the primary one, so that clients can choose it. */
  readonly keepsPrimary?: boolean;
  /** JSON Schema (2020-12) of `options`. */
  readonly options: Readonly<Record<string, JsonValue>>;
  create(options: Readonly<Record<string, JsonValue>>): Transform;
}
