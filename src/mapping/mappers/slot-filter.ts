// Does some element of a slot satisfy a filter? Constants are decided here; leaves go to LDAP. Where each LDAP value is
// an element of its own, two conditions on it may be met by two values, and "not" may be met by another value than the
// one meant: such combinations bound from above only.
import { isMatchAll, isMatchNone, matchNone } from '../../ldap/filter.ts';
import { evaluateOnElement } from '../../scim/filter/evaluate.ts';
import type { ResolvedFilter } from '../../scim/filter/filter.ts';
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { always, andBounds, type FilterBounds, isExact, never, notBounds, orBounds, unknown } from '../bounds.ts';
import { compareLeaf, presentLeaf } from '../leaf-filter.ts';
import { type FilterTerm, toResolvedFilter } from '../mapper.ts';
import { isFixed, type Slot } from './slot.ts';

type SimpleFilter = Extract<ResolvedFilter, { kind: 'present' | 'compare' }>;

/** Of `ref`, for one of its slots. */
export function slotFilter(ref: AttributeRef, term: FilterTerm, slot: Slot, now: number): FilterBounds {
  switch (term.kind) {
    case 'present':
      return term.subAttribute === undefined ? element(slot, now) : existing(slot, term.subAttribute, ref, term, now);
    case 'compare':
      // Over several elements, "some value differs or there is none" (G26) is not a matter of one slot.
      if (term.operator === 'ne' && ref.attribute.multiValued) return unknown;
      if (term.operator === 'ne') return notBounds(slotFilter(ref, { ...term, operator: 'eq' }, slot, now));
      return existing(slot, term.subAttribute ?? 'value', ref, term, now);
    case 'valuePath':
      return asksForLeaf(term.filter, slot)
        ? inElement(term.filter, slot, now)
        : andBounds([element(slot, now), inElement(term.filter, slot, now)]);
  }
}

/** A condition on a leaf says by itself that there is an element; one on a constant does not. */
function existing(
  slot: Slot,
  name: string,
  ref: AttributeRef,
  term: FilterTerm & { kind: 'present' | 'compare' },
  now: number,
) {
  const bounds = part(slot, name, toResolvedFilter(ref, term) as SimpleFilter, now);
  return slot.leaves.has(name) ? bounds : andBounds([element(slot, now), bounds]);
}

/** The slot has an element at all. */
function element(slot: Slot, now: number): FilterBounds {
  if (isFixed(slot)) return always;
  return orBounds([...slot.leaves.values()].map((leaf) => presentLeaf(leaf, slot.repeated, now)));
}

/** Whether the filter holds of elements alone that have some value in the directory: no need to ask for that as well. */
function asksForLeaf(filter: ResolvedFilter, slot: Slot): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.some((each) => asksForLeaf(each, slot));
    case 'or':
      return filter.filters.every((each) => asksForLeaf(each, slot));
    case 'compare':
      return filter.operator !== 'ne' && slot.leaves.has(filter.ref.subAttribute?.name ?? 'value');
    case 'present':
      return slot.leaves.has(filter.ref.subAttribute?.name ?? 'value');
    case 'not':
    case 'valuePath':
    case 'never':
      return false;
  }
}

function inElement(filter: ResolvedFilter, slot: Slot, now: number): FilterBounds {
  switch (filter.kind) {
    case 'and': {
      const bounds = filter.filters.map((each) => inElement(each, slot, now));
      const both = andBounds(bounds);
      return slot.repeated && bounds.filter(varies).length > 1 ? { upper: both.upper, lower: matchNone } : both;
    }
    case 'or':
      return orBounds(filter.filters.map((each) => inElement(each, slot, now)));
    case 'not': {
      const inner = inElement(filter.filter, slot, now);
      return slot.repeated && varies(inner) ? unknown : notBounds(inner);
    }
    case 'compare':
      if (filter.operator === 'ne') {
        return inElement({ kind: 'not', filter: { ...filter, operator: 'eq' } }, slot, now);
      }
      return part(slot, filter.ref.subAttribute?.name ?? 'value', filter, now);
    case 'present':
      return part(slot, filter.ref.subAttribute?.name ?? 'value', filter, now);
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

/** A condition on one sub-attribute of an element that is there. */
function part(slot: Slot, name: string, filter: SimpleFilter, now: number): FilterBounds {
  const leaf = slot.leaves.get(name);
  if (leaf !== undefined) {
    return filter.kind === 'present'
      ? presentLeaf(leaf, slot.repeated, now)
      : compareLeaf(leaf, filter.operator, filter.value, slot.repeated, now);
  }
  if (name === 'primary' && slot.choice) return unknown;
  const fixed = slot.primary ? { ...slot.constants, primary: true } : slot.constants;
  if (!evaluateOnElement(filter, fixed)) return never;
  // Of several elements only the first is primary.
  return name === 'primary' && slot.repeated ? unknown : always;
}
