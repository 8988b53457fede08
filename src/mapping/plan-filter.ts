// SCIM filter -> LDAP filter bounds for one resource type, by asking the mapper of each attribute.
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import { type AttributeRef, attributeKey } from '../scim/schema/schema.ts';
import { always, andBounds, type FilterBounds, never, notBounds, orBounds, unknown } from './bounds.ts';
import type { FilterTerm } from './mapper.ts';
import { findMapper, type ResourceMapping } from './mapping.ts';
import type { LookupNeed, References } from './references.ts';

/** The lookups that `planFilter` will want answered. */
export function filterLookups(filter: ResolvedFilter, mapping: ResourceMapping): LookupNeed[] {
  return terms(filter).flatMap(({ ref, term }) => [...(findMapper(mapping, ref)?.filterLookups(term) ?? [])]);
}

/** Bounds for the filter alone; the caller adds the filter of the resource type's entries. */
export function planFilter(filter: ResolvedFilter, mapping: ResourceMapping, references: References): FilterBounds {
  switch (filter.kind) {
    case 'and':
      return andBounds(filter.filters.map((each) => planFilter(each, mapping, references)));
    case 'or':
      return orBounds(filter.filters.map((each) => planFilter(each, mapping, references)));
    case 'not':
      return notBounds(planFilter(filter.filter, mapping, references));
    case 'never':
      return never;
    case 'present':
    case 'compare':
    case 'valuePath': {
      const { ref, term } = toTerm(filter);
      const mapper = findMapper(mapping, ref);
      return mapper === undefined ? unmapped(ref, term, mapping) : mapper.toFilter(term, references);
    }
  }
}

/** Attributes that evaluating the filter over resources reads. */
export function filterRefs(filter: ResolvedFilter): AttributeRef[] {
  return terms(filter).map(({ ref }) => ref);
}

/** `schemas` follows from the data; any other attribute without a mapper has no value. */
function unmapped(ref: AttributeRef, term: FilterTerm, mapping: ResourceMapping): FilterBounds {
  if (attributeKey({ urn: ref.urn, extension: ref.extension, attribute: ref.attribute }) !== 'schemas') {
    return term.kind === 'compare' && term.operator === 'ne' ? always : never;
  }
  if (term.kind === 'present') return always;
  const isBase =
    term.kind === 'compare' &&
    term.operator === 'eq' &&
    term.value.type === 'string' &&
    term.value.value.toLowerCase() === mapping.type.schema.id.toLowerCase();
  return isBase ? always : unknown;
}

function terms(filter: ResolvedFilter): { ref: AttributeRef; term: FilterTerm }[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(terms);
    case 'not':
      return terms(filter.filter);
    case 'never':
      return [];
    case 'present':
    case 'compare':
    case 'valuePath':
      return [toTerm(filter)];
  }
}

function toTerm(filter: Extract<ResolvedFilter, { kind: 'present' | 'compare' | 'valuePath' }>): {
  ref: AttributeRef;
  term: FilterTerm;
} {
  const { ref } = filter;
  const sub = ref.subAttribute === undefined ? {} : { subAttribute: ref.subAttribute.name };
  switch (filter.kind) {
    case 'present':
      return { ref, term: { kind: 'present', ...sub } };
    case 'compare':
      return { ref, term: { kind: 'compare', ...sub, operator: filter.operator, value: filter.value } };
    case 'valuePath':
      return { ref, term: { kind: 'valuePath', filter: filter.filter } };
  }
}
