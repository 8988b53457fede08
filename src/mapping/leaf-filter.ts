// Filters on a leaf: what of a SCIM comparison its LDAP attribute can answer, by the attribute's matching rules. Whatever
// a rule may hold to be different though SCIM holds it to be equal must not be asked for: the search would miss it.
import {
  and,
  equality,
  greaterOrEqual,
  type LdapFilter,
  lessOrEqual,
  not,
  present,
  substrings,
} from '../ldap/filter.ts';
import type { LdapValue } from '../ldap/value.ts';
import type { CompareOperator, CompareValue } from '../scim/filter/filter.ts';
import { atMost, exactly, type FilterBounds, never, notBounds, unknown } from './bounds.ts';
import type { Leaf } from './leaf.ts';
import { type RuleKind, ruleKind } from './rule-kind.ts';

/** `each` and `now` as in `compareLeaf`. */
export function presentLeaf(leaf: Leaf, each: boolean, now: number): FilterBounds {
  if (leaf.transform.toFilter !== undefined) return ownFilter(leaf, 'pr', undefined, each, now);
  const some = present(leaf.attribute);
  switch (leaf.definition.type) {
    case 'string':
    case 'reference':
    case 'binary':
    case 'complex':
      return exactly(some);
    case 'boolean':
      return ruleKind(leaf.type?.equality) === 'boolean' ? exactly(some) : atMost(some);
    case 'integer':
    case 'decimal':
    case 'dateTime':
      // A value that the transform cannot read is none.
      return atMost(some);
  }
}

/**
 * `each` says how the SCIM attribute reads the LDAP values: true where every one is a value of it (any may match), false
 * where one of them is shown and the others are not. `now` is for values that time changes.
 */
export function compareLeaf(
  leaf: Leaf,
  operator: CompareOperator,
  value: CompareValue,
  each: boolean,
  now: number,
): FilterBounds {
  if (leaf.transform.toFilter !== undefined) return ownFilter(leaf, operator, value, each, now);
  // "Some value differs, or there is none" (G26) has no LDAP form where there may be several values.
  if (operator === 'ne')
    return each && !leaf.singleValued ? unknown : notBounds(compareLeaf(leaf, 'eq', value, each, now));
  const bounds = positive(leaf, operator, value);
  // The matching value may be one that SCIM does not show.
  return each || leaf.singleValued ? bounds : atMost(bounds.upper);
}

/** The transform's own filter, where it speaks of as many values as the attribute may have. */
function ownFilter(
  leaf: Leaf,
  operator: CompareOperator | 'pr',
  value: CompareValue | undefined,
  each: boolean,
  now: number,
): FilterBounds {
  const { filterOf, orderedBy, toFilter, toScim } = leaf.transform;
  if (orderedBy !== undefined && orderKind(leaf) !== orderedBy) {
    return operator === 'ne' || toScim([], now) !== undefined ? unknown : atMost(present(leaf.attribute));
  }
  const fits = leaf.singleValued || filterOf === (each ? 'each' : 'all');
  const own = fits ? toFilter?.(leaf.attribute, operator, value, now) : undefined;
  if (own === undefined) return unknown;
  return 'upper' in own ? own : exactly(own);
}

type PositiveOperator = Exclude<CompareOperator, 'ne'>;

function positive(leaf: Leaf, operator: PositiveOperator, value: CompareValue): FilterBounds {
  const some = atMost(present(leaf.attribute));
  if (operator === 'co' || operator === 'sw' || operator === 'ew') return substring(leaf, operator, value);
  const { traits, toAssertion } = leaf.transform;
  if (toAssertion === undefined || (operator === 'eq' ? !traits.equality : !traits.ordered)) return some;
  const assertion = toAssertion(value);
  if (assertion === undefined) return operator === 'eq' ? never : some;
  return operator === 'eq' ? equal(leaf, assertion, value) : ordered(leaf, operator, assertion, value);
}

function equal(leaf: Leaf, assertion: LdapValue, value: CompareValue): FilterBounds {
  const some = atMost(present(leaf.attribute));
  const item = equality(leaf.attribute, assertion);
  const kind = leafKind(leaf, 'equality');
  switch (value.type) {
    case 'boolean':
      // `true` in a text attribute is read as well (389-DS 2.3.1).
      if (kind === 'assumed') return atMost(item);
      return kind === 'boolean' || kind === 'ignore' ? exactly(item) : some;
    case 'number':
      if (kind === 'integer') return exactly(item);
      return kind === 'ignore' || kind === 'assumed' || kind === 'exact' ? atMost(item) : some;
    case 'dateTime':
    case 'binary':
      return some;
    case 'string':
      return equalText(leaf, kind, item, assertion) ?? some;
  }
}

function equalText(leaf: Leaf, kind: LeafKind, item: LdapFilter, assertion: LdapValue): FilterBounds | undefined {
  const { caseExact } = leaf.definition;
  switch (kind) {
    case 'ignore':
    case 'assumed':
      if (isPlain(assertion)) return caseExact || kind === 'assumed' ? atMost(item) : exactly(item);
      return isFoldable(leaf, assertion) ? atMost(item) : undefined;
    case 'exact':
      // The rule tells apart what SCIM holds to be equal.
      if (!caseExact) return undefined;
      return isPlain(assertion) ? exactly(item) : atMost(item);
    case 'loose':
      return isAscii(assertion) ? atMost(item) : undefined;
    case 'integer':
    case 'boolean':
    case 'time':
    case 'other':
      return undefined;
  }
}

function ordered(
  leaf: Leaf,
  operator: 'gt' | 'ge' | 'lt' | 'le',
  assertion: LdapValue,
  value: CompareValue,
): FilterBounds {
  const { attribute } = leaf;
  const reached =
    operator === 'gt' || operator === 'ge' ? greaterOrEqual(attribute, assertion) : lessOrEqual(attribute, assertion);
  // Without an ORDERING rule the item is Undefined and matches nothing (OpenLDAP 2.5.13: uid, title).
  const kind = orderKind(leaf);
  if (value.type === 'string') {
    const sameOrder = kind === 'ignore' && !leaf.definition.caseExact && isPlain(assertion);
    return atMost(sameOrder ? reached : present(attribute));
  }
  if (value.type !== 'number' || kind !== 'integer') return atMost(present(attribute));
  // Of several values one may be the same, or beyond what is shown, and another one on the other side.
  if (!leaf.singleValued) return atMost(reached);
  const shown =
    operator === 'gt' || operator === 'ge'
      ? lessOrEqual(attribute, String(Number.MAX_SAFE_INTEGER))
      : greaterOrEqual(attribute, String(Number.MIN_SAFE_INTEGER));
  const same = operator === 'gt' || operator === 'lt' ? [not(equality(attribute, assertion))] : [];
  // What a JSON number cannot hold reads as no value.
  return exactly(and(reached, ...same, shown));
}

function substring(leaf: Leaf, operator: 'co' | 'sw' | 'ew', value: CompareValue): FilterBounds {
  const some = atMost(present(leaf.attribute));
  if (value.type !== 'string' || !leaf.transform.traits.substrings) return some;
  const text = value.value;
  if (text === '') return exactly(present(leaf.attribute));
  const item = substrings(leaf.attribute, {
    any: operator === 'co' ? [text] : [],
    ...(operator === 'sw' ? { initial: text } : {}),
    ...(operator === 'ew' ? { final: text } : {}),
  });
  const { caseExact } = leaf.definition;
  // Without a SUBSTR rule the item is Undefined (DNs, for one).
  const kind = leafKind(leaf, 'substrings');
  switch (kind) {
    case 'ignore':
    case 'assumed':
      if (isPlain(text)) return caseExact || kind === 'assumed' ? atMost(item) : exactly(item);
      // What is white space alone has no prepared form.
      return text.trim() !== '' && isFoldable(leaf, text) ? atMost(item) : some;
    case 'exact':
      if (!caseExact || text.trim() === '') return some;
      return isPlain(text) ? exactly(item) : atMost(item);
    case 'loose':
      // Hyphens and spaces alone would leave nothing to ask for.
      return isAscii(text) && /[A-Za-z0-9]/.test(text) ? atMost(item) : some;
    case 'integer':
    case 'boolean':
    case 'time':
    case 'other':
      return some;
  }
}

function orderKind(leaf: Leaf): LeafKind {
  return leafKind(leaf, 'ordering');
}

/** `assumed` is text of which a directory that publishes no rules holds all to be equal that `ignore` does, and perhaps more. */
type LeafKind = RuleKind | 'assumed';

function leafKind({ type }: Leaf, use: 'equality' | 'ordering' | 'substrings'): LeafKind {
  const kind = ruleKind(type?.[use]);
  return kind === 'ignore' && type?.assumedRules === true ? 'assumed' : kind;
}

/** ASCII without white space: what string preparation (RFC 4518) and SCIM's own comparison treat alike. */
function isPlain(value: LdapValue): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}

function isAscii(value: LdapValue): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value) && value.trim() !== '';
}

/** IA5 text beyond ASCII is no assertion at all, and a compatibility character may stand for an ASCII one in SCIM. */
function isFoldable(leaf: Leaf, value: LdapValue): boolean {
  const ia5 = /IA5|109\.114/i.test(leaf.type?.equality ?? '') || /IA5|109\.114/i.test(leaf.type?.substrings ?? '');
  if (ia5) return isAscii(value);
  return typeof value === 'string' && value.trim() !== '';
}
