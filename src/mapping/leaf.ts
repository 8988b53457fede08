// A leaf is where one simple SCIM value meets one LDAP attribute: reading, writing and filtering of it. Mappers are made
// of leaves; everything that depends on matching rules is here.

import { rdnValue } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { and, equality, greaterOrEqual, lessOrEqual, not, present, substrings } from '../ldap/filter.ts';
import type { AttributeType } from '../ldap/subschema/subschema.ts';
import type { LdapValue } from '../ldap/value.ts';
import type { CompareOperator, CompareValue } from '../scim/filter/filter.ts';
import type { JsonValue } from '../scim/json.ts';
import type { SchemaAttribute } from '../scim/schema/schema.ts';
import { atMost, exactly, type FilterBounds, never, notBounds, unknown } from './bounds.ts';
import type { Transform } from './transforms/transform.ts';

export interface Leaf {
  readonly definition: SchemaAttribute;
  /** LDAP attribute description as the mapping file spells it. */
  readonly attribute: string;
  readonly transform: Transform;
  /** Of the directory's schema, where that knows the attribute. */
  readonly type: AttributeType | undefined;
  /** No entry holds more than one value. */
  readonly singleValued: boolean;
  /** Names entries: the value in the RDN is the one to show. */
  readonly naming: boolean;
}

/** The value of a single-valued SCIM attribute: of several LDAP values the one in the RDN, else the first. */
export function readLeaf(leaf: Leaf, entry: LdapEntry): JsonValue | undefined {
  const values = entry.bytes(leaf.attribute);
  if (values.length > 1 && leaf.naming) {
    const naming = rdnValue(entry.dn, leaf.attribute);
    if (naming !== undefined) return leaf.transform.toScim([Buffer.from(naming, 'utf8')]);
  }
  return leaf.transform.toScim(values);
}

/** Every LDAP value as a SCIM value of its own. */
export function readLeafValues(leaf: Leaf, entry: LdapEntry): JsonValue[] {
  const found: JsonValue[] = [];
  for (const value of entry.bytes(leaf.attribute)) {
    const converted = leaf.transform.toScim([value]);
    if (converted !== undefined) found.push(converted);
  }
  return found;
}

export function writeLeaf(leaf: Leaf, value: JsonValue | undefined, now: number): readonly LdapValue[] {
  return value === undefined || value === null ? [] : leaf.transform.toLdap(value, now);
}

export function presentLeaf(leaf: Leaf): FilterBounds {
  const own = leaf.transform.toFilter?.(leaf.attribute, 'pr', undefined);
  return exactly(own ?? present(leaf.attribute));
}

/**
 * `each` says how the SCIM attribute reads the LDAP values: true where every one is a value of it (any may match), false
 * where one of them is shown and the others are not.
 */
export function compareLeaf(leaf: Leaf, operator: CompareOperator, value: CompareValue, each: boolean): FilterBounds {
  if (leaf.transform.toFilter !== undefined) {
    const own = leaf.transform.toFilter(leaf.attribute, operator, value);
    return own === undefined ? unknown : exactly(own);
  }
  // "Some value differs, or there is none" (G26) has no LDAP form where there may be several values.
  if (operator === 'ne') return each && !leaf.singleValued ? unknown : notBounds(compareLeaf(leaf, 'eq', value, each));
  const bounds = positive(leaf, operator, value);
  // The matching value may be one that SCIM does not show.
  return each || leaf.singleValued ? bounds : atMost(bounds.upper);
}

type PositiveOperator = Exclude<CompareOperator, 'ne'>;

function positive(leaf: Leaf, operator: PositiveOperator, value: CompareValue): FilterBounds {
  const { attribute } = leaf;
  const some = atMost(present(attribute));
  if (operator === 'co' || operator === 'sw' || operator === 'ew') return substring(leaf, operator, value);
  if (!leaf.transform.traits.equality && operator === 'eq') return some;
  const assertion = leaf.transform.toAssertion?.(value);
  if (assertion === undefined) return operator === 'eq' && leaf.transform.toAssertion !== undefined ? never : some;
  if (operator === 'eq') return equal(leaf, assertion);

  // Without an ORDERING rule the item is Undefined and matches nothing (OpenLDAP 2.5.13: uid, title).
  if (leaf.type?.ordering === undefined || !leaf.transform.traits.ordered) return some;
  const reached =
    operator === 'gt' || operator === 'ge' ? greaterOrEqual(attribute, assertion) : lessOrEqual(attribute, assertion);
  if (value.type === 'string') return atMost(reached);
  if (operator === 'ge' || operator === 'le') return exactly(reached);
  return { upper: reached, lower: leaf.singleValued ? and(reached, not(equality(attribute, assertion))) : never.lower };
}

function equal(leaf: Leaf, assertion: LdapValue): FilterBounds {
  const item = equality(leaf.attribute, assertion);
  const rule = leaf.type?.equality;
  if (leaf.type !== undefined && rule === undefined) return atMost(present(leaf.attribute));
  switch (caseOf(rule)) {
    case 'other':
      return exactly(item);
    case 'loose':
      return atMost(item);
    case 'ignore':
      return leaf.definition.caseExact || !plain(assertion) ? atMost(item) : exactly(item);
    case 'exact':
      // The rule tells apart what SCIM holds to be equal.
      if (!leaf.definition.caseExact) return atMost(present(leaf.attribute));
      return plain(assertion) ? exactly(item) : atMost(item);
  }
}

function substring(leaf: Leaf, operator: 'co' | 'sw' | 'ew', value: CompareValue): FilterBounds {
  const some = atMost(present(leaf.attribute));
  if (value.type !== 'string' || !leaf.transform.traits.substrings) return some;
  if (value.value === '') return exactly(present(leaf.attribute));
  // Without a SUBSTR rule the item is Undefined (DNs, for one); what is white space alone has no prepared form.
  if (leaf.type?.substrings === undefined || value.value.trim() === '') return some;
  const kind = caseOf(leaf.type.substrings);
  if (kind === 'exact' && !leaf.definition.caseExact) return some;
  const text = value.value;
  const item = substrings(leaf.attribute, {
    any: operator === 'co' ? [text] : [],
    ...(operator === 'sw' ? { initial: text } : {}),
    ...(operator === 'ew' ? { final: text } : {}),
  });
  const sameCase = kind === (leaf.definition.caseExact ? 'exact' : 'ignore');
  return sameCase && plain(text) ? exactly(item) : atMost(item);
}

/**
 * How a matching rule treats text: by its name, as a rule's OID says nothing and directories print names. `loose` rules
 * hold more to be equal than a prepared comparison (hyphens and spaces of telephone numbers, lines of an address).
 */
function caseOf(rule: string | undefined): 'ignore' | 'exact' | 'loose' | 'other' {
  if (rule === undefined) return 'ignore';
  const name = rule.toLowerCase();
  if (/^caseignorelist|^telephonenumber|^numericstring|^1\./.test(name)) return 'loose';
  if (name.startsWith('caseignore')) return 'ignore';
  if (name.startsWith('caseexact')) return 'exact';
  return 'other';
}

/** ASCII without white space: what string preparation (RFC 4518) and SCIM's own comparison treat alike. */
function plain(value: LdapValue): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}
