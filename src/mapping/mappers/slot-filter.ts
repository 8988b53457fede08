// Does some element of a slot satisfy a filter? Constants are decided here; leaves go to LDAP. Where each LDAP value is
// an element of its own, two conditions on it may be met by two values, and "not" may be met by another value than the
// one meant: such combinations bound from above only.

import { isMatchAll, isMatchNone, matchNone } from '../../ldap/filter.ts';
import type { CompareOperator, CompareValue, ResolvedFilter } from '../../scim/filter/filter.ts';
import type { JsonValue } from '../../scim/json.ts';
import { always, andBounds, type FilterBounds, isExact, never, notBounds, orBounds, unknown } from '../bounds.ts';
import { compareLeaf, presentLeaf } from '../leaf.ts';
import type { FilterTerm } from '../mapper.ts';
import type { Slot } from './complex.ts';

export function slotFilter(term: FilterTerm, slot: Slot, many: boolean): FilterBounds {
  switch (term.kind) {
    case 'present':
      return existing(slot, term.subAttribute, subPresent(slot, term.subAttribute));
    case 'compare':
      // Over several elements, "some value differs or there is none" (G26) is not a matter of one slot.
      if (term.operator === 'ne' && many) return unknown;
      if (term.operator === 'ne') return notBounds(slotFilter({ ...term, operator: 'eq' }, slot, many));
      return existing(slot, term.subAttribute, subCompare(slot, term.subAttribute, term.operator, term.value));
    case 'valuePath':
      return andBounds([element(slot), inElement(term.filter, slot)]);
  }
}

/** A condition on a leaf says by itself that there is an element; one on a constant does not. */
function existing(slot: Slot, name: string | undefined, bounds: FilterBounds): FilterBounds {
  return slot.leaves.has(name ?? 'value') ? bounds : andBounds([element(slot), bounds]);
}

/** The slot has an element at all. */
function element(slot: Slot): FilterBounds {
  return orBounds([...slot.leaves.values()].map(presentLeaf));
}

function inElement(filter: ResolvedFilter, slot: Slot): FilterBounds {
  switch (filter.kind) {
    case 'and': {
      const bounds = filter.filters.map((each) => inElement(each, slot));
      const both = andBounds(bounds);
      return slot.repeated && bounds.filter(varies).length > 1 ? { upper: both.upper, lower: matchNone } : both;
    }
    case 'or':
      return orBounds(filter.filters.map((each) => inElement(each, slot)));
    case 'not': {
      const inner = inElement(filter.filter, slot);
      if (!slot.repeated) return notBounds(inner);
      return varies(inner) ? unknown : notBounds(inner);
    }
    case 'present':
      return subPresent(slot, filter.ref.subAttribute?.name);
    case 'compare':
      if (filter.operator === 'ne') {
        return inElement({ kind: 'not', filter: { ...filter, operator: 'eq' } }, slot);
      }
      return subCompare(slot, filter.ref.subAttribute?.name, filter.operator, filter.value);
    case 'valuePath':
      return unknown;
    case 'never':
      return never;
  }
}

/** Depends on the LDAP values, so that different elements of the slot may differ in it. */
function varies(bounds: FilterBounds): boolean {
  return !isExact(bounds) || !(isMatchAll(bounds.upper) || isMatchNone(bounds.upper));
}

function subPresent(slot: Slot, name = 'value'): FilterBounds {
  const leaf = slot.leaves.get(name);
  if (leaf !== undefined) return presentLeaf(leaf);
  if (name in slot.constants) return always;
  return name === 'primary' && slot.primary ? (slot.repeated ? unknown : always) : never;
}

function subCompare(
  slot: Slot,
  name = 'value',
  operator: Exclude<CompareOperator, 'ne'>,
  value: CompareValue,
): FilterBounds {
  const leaf = slot.leaves.get(name);
  if (leaf !== undefined) return compareLeaf(leaf, operator, value, slot.repeated);
  if (name === 'primary') {
    if (!slot.primary || value.type !== 'boolean' || !value.value) return never;
    return slot.repeated ? unknown : always;
  }
  const constant = slot.constants[name];
  if (typeof constant !== 'string' || value.type !== 'string') return never;
  return compareConstant(constant.toLowerCase(), operator, value.value.toLowerCase()) ? always : never;
}

function compareConstant(constant: string, operator: Exclude<CompareOperator, 'ne'>, value: string): boolean {
  switch (operator) {
    case 'eq':
      return constant === value;
    case 'co':
      return constant.includes(value);
    case 'sw':
      return constant.startsWith(value);
    case 'ew':
      return constant.endsWith(value);
    case 'gt':
      return constant > value;
    case 'ge':
      return constant >= value;
    case 'lt':
      return constant < value;
    case 'le':
      return constant <= value;
  }
}

/** Whether an attribute that always has this value satisfies a term. */
export function compareConstantTerm(constant: JsonValue, term: FilterTerm): boolean {
  if (term.kind === 'present') return true;
  if (term.kind === 'valuePath') return false;
  const { operator, value } = term;
  const same =
    typeof constant === 'string'
      ? constant.toLowerCase() === String(value.value).toLowerCase()
      : constant === value.value;
  if (operator === 'eq') return same;
  if (operator === 'ne') return !same;
  if (typeof constant !== 'string' || value.type !== 'string') return false;
  return compareConstant(constant.toLowerCase(), operator, value.value.toLowerCase());
}
