// SCIM filter -> LDAP filter bounds for one resource type, by asking the mapper of each attribute.
import { evaluateFilter } from '../scim/filter/evaluate.ts';
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import type { AttributeRef, Schema } from '../scim/schema/schema.ts';
import { always, andBounds, type FilterBounds, never, notBounds, orBounds, unknown } from './bounds.ts';
import { type FilterTerm, toResolvedFilter } from './mapper.ts';
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
      if (isCommon(ref, 'meta')) return metaBounds(term, mapping, references, ref);
      const mapper = findMapper(mapping, ref);
      return mapper === undefined ? unmapped(ref, term, mapping, references) : mapper.toFilter(term, references);
    }
  }
}

/** Attributes that evaluating the filter over resources reads. */
export function filterRefs(filter: ResolvedFilter): AttributeRef[] {
  return terms(filter).map(({ ref }) => ref);
}

/** `schemas` and `meta` are made for every resource; any other attribute without a mapper has no value. */
function unmapped(ref: AttributeRef, term: FilterTerm, mapping: ResourceMapping, references: References): FilterBounds {
  if (isCommon(ref, 'schemas')) return schemasBounds(ref, term, mapping, references);
  return term.kind === 'compare' && term.operator === 'ne' ? always : never;
}

/** G30: some URN satisfies the term, and its schema is in use. The list is never empty, so that holds for `ne` too. */
function schemasBounds(
  ref: AttributeRef,
  term: FilterTerm,
  mapping: ResourceMapping,
  references: References,
): FilterBounds {
  const satisfies = ({ id }: Schema): boolean => evaluateFilter(toResolvedFilter(ref, term), { schemas: [id] });
  if (satisfies(mapping.type.schema)) return always;
  const used = new Set(
    mapping.type.extensions.filter(({ schema }) => satisfies(schema)).map(({ schema }) => schema.id),
  );
  const own = mapping.mappers.filter((mapper) => mapper.ref.extension && used.has(mapper.ref.urn));
  return orBounds(own.map((mapper) => mapper.toFilter({ kind: 'present' }, references)));
}

/** `version` and `location` are not values of the entry as they are shown. */
function metaBounds(
  term: FilterTerm,
  mapping: ResourceMapping,
  references: References,
  ref: AttributeRef,
): FilterBounds {
  if (term.kind === 'valuePath') return unknown;
  switch (term.subAttribute ?? '') {
    case 'resourceType':
      return evaluateFilter(toResolvedFilter(ref, term), { meta: { resourceType: mapping.type.name } })
        ? always
        : never;
    case 'created':
    case 'lastModified': {
      const mapper = mapping.byKey.get('meta');
      if (mapper !== undefined) return mapper.toFilter(term, references);
      return term.kind === 'compare' && term.operator === 'ne' ? always : never;
    }
    default:
      // The resource type and the location are always there.
      return term.kind === 'present' && term.subAttribute !== 'version' ? always : unknown;
  }
}

function isCommon(ref: AttributeRef, name: string): boolean {
  return !ref.extension && ref.attribute.name === name;
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
