// A simple attribute: `userName: uid`, `title: title`, an extension's `string[]`. One leaf, or a constant, or a template.
import { present } from '../../ldap/filter.ts';
import { evaluateFilter } from '../../scim/filter/evaluate.ts';
import type { JsonValue } from '../../scim/json.ts';
import { withAttribute } from '../../scim/resource.ts';
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { always, atMost, type FilterBounds, never, unknown } from '../bounds.ts';
import type { Filling } from '../fill-in.ts';
import { adjustmentOf, type Leaf, readLeaf, readLeafValues, writeLeaf, writeLeafValues } from '../leaf.ts';
import { compareLeaf, presentLeaf } from '../leaf-filter.ts';
import { type AttributeMapper, type FilterTerm, toResolvedFilter } from '../mapper.ts';
import type { Template } from '../template.ts';

const NO_LDAP = new Map<string, readonly string[]>();

/** One leaf; of a multi-valued attribute every LDAP value is a value. */
export function simpleMapper(
  ref: AttributeRef,
  leaf: Leaf,
  filling: Pick<Filling, 'template' | 'follows'> | undefined,
): AttributeMapper {
  const many = ref.attribute.multiValued;
  const reads = [leaf.attribute];
  return {
    ...unwritten(ref),
    reads: () => reads,
    writes: leaf.readOnly ? [] : [leaf.attribute],
    ...(leaf.transform.keptThroughPassword === undefined || leaf.readOnly
      ? {}
      : { passwordClears: { attribute: leaf.attribute, kept: leaf.transform.keptThroughPassword } }),
    isPassing: (entry) => leaf.transform.passing?.(entry.bytes(leaf.attribute)) === true,
    alwaysPresent: !many && leaf.transform.toScim([], 0) !== undefined,
    defaults: filling === undefined ? [] : [{ ...filling, ...adjustmentOf(leaf), creates: true }],
    toScim(entry, { now }) {
      if (!many) return readLeaf(leaf, entry, now);
      const values = readLeafValues(leaf, entry, now);
      return values.length === 0 ? undefined : values;
    },
    toLdap(value, _references, now, entry) {
      if (!many) return new Map([[leaf.attribute, writeLeaf(leaf, value, now, entry)]]);
      const values = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
      return new Map([[leaf.attribute, writeLeafValues(leaf, values, now, entry)]]);
    },
    toFilter: (term, { now }) => simpleFilter(term, leaf, many, now),
  };
}

function simpleFilter(term: FilterTerm, leaf: Leaf, many: boolean, now: number): FilterBounds {
  switch (term.kind) {
    case 'present':
      return presentLeaf(leaf, many, now);
    case 'compare':
      return compareLeaf(leaf, term.operator, term.value, many, now);
    case 'valuePath':
      // Of a multi-valued simple attribute: some value satisfies the terms, all of which say `value`.
      return atMost(present(leaf.attribute));
  }
}

/** Always the same value; stored nowhere. */
export function constantMapper(ref: AttributeRef, value: JsonValue): AttributeMapper {
  const resource = withAttribute({}, ref, value);
  return {
    ...unwritten(ref),
    toScim: () => value,
    toFilter: (term) => (evaluateFilter(toResolvedFilter(ref, term), resource) ? always : never),
  };
}

/** Computed from other attributes when a resource is shown; `fillTemplates` does it, so `toScim` gives nothing. */
export function templateMapper(ref: AttributeRef, template: Template): AttributeMapper {
  return {
    ...unwritten(ref),
    templates: [{ template, creates: true }],
    toScim: () => undefined,
    toFilter: () => unknown,
  };
}

/** What mappers that write nothing have in common. */
export function unwritten(ref: AttributeRef): Omit<AttributeMapper, 'toScim' | 'toFilter'> {
  return {
    ref,
    reads: () => [],
    writes: [],
    needs: [],
    templates: [],
    defaults: [],
    toLdap: () => NO_LDAP,
    lookups: () => [],
    filterLookups: () => [],
  };
}
