// A simple attribute: `userName: uid`, `title: title`, an extension's `string[]`. One leaf, or a constant, or a template.
import { present } from '../../ldap/filter.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { always, atMost, type FilterBounds, never, unknown } from '../bounds.ts';
import { compareLeaf, type Leaf, presentLeaf, readLeaf, readLeafValues, writeLeaf } from '../leaf.ts';
import type { AttributeMapper, FilterTerm } from '../mapper.ts';
import type { Template } from '../template.ts';

const NO_LDAP = new Map<string, readonly string[]>();

export function simpleMapper(ref: AttributeRef, leaf: Leaf, defaultTemplate: Template | undefined): AttributeMapper {
  const many = ref.attribute.multiValued;
  const reads = [leaf.attribute];
  return {
    ref,
    reads: () => reads,
    writes: ref.attribute.mutability === 'readOnly' ? [] : [leaf.attribute],
    needs: [],
    templates: new Map(),
    defaults: new Map(defaultTemplate === undefined ? [] : [['', defaultTemplate]]),
    toScim(entry) {
      if (!many) return readLeaf(leaf, entry);
      const values = readLeafValues(leaf, entry);
      return values.length === 0 ? undefined : values;
    },
    toLdap(value, _references, now) {
      const values = Array.isArray(value)
        ? (value as readonly JsonValue[]).flatMap((each) => writeLeaf(leaf, each, now))
        : writeLeaf(leaf, value, now);
      return new Map([[leaf.attribute, values]]);
    },
    lookups: () => [],
    toFilter: (term) => simpleFilter(term, leaf, many),
    filterLookups: () => [],
  };
}

function simpleFilter(term: FilterTerm, leaf: Leaf, many: boolean): FilterBounds {
  switch (term.kind) {
    case 'present':
      return presentLeaf(leaf);
    case 'compare':
      return compareLeaf(leaf, term.operator, term.value, many);
    case 'valuePath':
      // Of a multi-valued simple attribute: some value satisfies the terms, all of which say `value`.
      return atMost(present(leaf.attribute));
  }
}

/** Always the same value; stored nowhere. */
export function constantMapper(
  ref: AttributeRef,
  value: JsonValue,
  matches: (term: FilterTerm) => boolean,
): AttributeMapper {
  return {
    ...unwritten(ref),
    toScim: () => value,
    toFilter: (term) => (matches(term) ? always : never),
  };
}

/** Computed from other attributes when a resource is shown; the gateway fills it in, so `toScim` gives nothing. */
export function templateMapper(ref: AttributeRef, template: Template): AttributeMapper {
  return { ...unwritten(ref), templates: new Map([['', template]]), toScim: () => undefined, toFilter: () => unknown };
}

/** What mappers that write nothing have in common. */
export function unwritten(ref: AttributeRef): Omit<AttributeMapper, 'toScim' | 'toFilter'> {
  return {
    ref,
    reads: () => [],
    writes: [],
    needs: [],
    templates: new Map(),
    defaults: new Map(),
    toLdap: () => NO_LDAP,
    lookups: () => [],
    filterLookups: () => [],
  };
}
