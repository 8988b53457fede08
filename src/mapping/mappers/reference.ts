// References: `members` and `manager` are ids on the SCIM side and DNs, or key values such as a uid, on the LDAP side.
// Adding or removing values by id needs no look at the entry. A value that leads to no resource is not shown and is not
// touched when others change; the placeholder of an empty group likewise.
import { dnKey, rdnValue } from '../../ldap/dn.ts';
import type { LdapEntry } from '../../ldap/entry.ts';
import { equality, or, present } from '../../ldap/filter.ts';
import type { Modification } from '../../ldap/operations.ts';
import { badRequest } from '../../scim/error.ts';
import type { ResolvedFilter } from '../../scim/filter/filter.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import { LongArray } from '../../scim/long-array.ts';
import type { PatchOperation } from '../../scim/patch/patch.ts';
import { type AttributeRef, attributeKey } from '../../scim/schema/schema.ts';
import { LazyIterable } from '../../util/lazy-iterable.ts';
import { atMost, exactly, type FilterBounds, never, orBounds, unknown } from '../bounds.ts';
import type { AttributeMapper, Change, FilterTerm, ReferenceRule, ValueChange } from '../mapper.ts';
import type { LookupNeed, References, ReferenceTarget } from '../references.ts';
import { unwritten } from './simple.ts';

/** Ids <-> DNs or key values, by `rule`. */
export function referenceMapper(ref: AttributeRef, rule: ReferenceRule): AttributeMapper {
  const many = ref.attribute.multiValued;
  const reads = [rule.attribute];
  const names = new Set((ref.attribute.subAttributes ?? []).map((sub) => sub.name));
  const readOnly = ref.attribute.mutability === 'readOnly';
  return {
    ...unwritten(ref),
    reads: () => reads,
    writes: readOnly ? [] : [rule.attribute],
    needs: [
      {
        kind: 'forward',
        attribute: rule.attribute,
        types: rule.types,
        ...(rule.by === undefined ? {} : { by: rule.by }),
      },
    ],
    reference: rule,
    toScim(entry, references) {
      const long = many ? findLong(rule, entry, references) : undefined;
      if (long !== undefined) return showLong(long, names);
      const elements = Array.from(findTargets(rule, entry, references), (target) => showTarget(target, names));
      if (!many) return elements[0];
      return elements.length === 0 ? undefined : elements;
    },
    toLdap: (value, references) =>
      new Map([[rule.attribute, withPlaceholder(rule, toValues(ref, rule, idsOf(value), references))]]),
    toModifications: (change) => referenceModifications(ref, rule, change),
    // Where a value may not go, or none may be missing, the present ones have to be looked at.
    ...(many && ref.attribute.mutability === 'readWrite' && !ref.attribute.required
      ? {
          isBlind: (operations: readonly PatchOperation[]) =>
            operations.every((each) => changedIds(each) !== undefined),
          toValueChange: (operations: readonly PatchOperation[], references: References) =>
            valueChange(ref, rule, operations, references),
        }
      : {}),
    lookups: (values) => idLookup(rule, values.flatMap(idsOf)),
    toFilter: (term, references) => referenceFilter(rule, many, term, references),
    filterLookups: (term) => idLookup(rule, idsOfTerm(term) ?? []),
  };
}

function showTarget(target: ReferenceTarget, names: ReadonlySet<string>): JsonObject {
  const shown: Record<string, JsonValue> = { value: target.id };
  if (names.has('$ref')) shown['$ref'] = target.location;
  if (names.has('type')) shown['type'] = target.type;
  if (target.display !== undefined && names.has('display')) shown['display'] = target.display;
  if (target.display !== undefined && names.has('displayName')) shown['displayName'] = target.display;
  return shown;
}

interface Held {
  /** In the entry's own spelling. */
  readonly value: string;
  readonly target: ReferenceTarget;
}

/** The values of an entry that lead to a resource. */
function findHeld(rule: ReferenceRule, entry: LdapEntry, references: References): Held[] {
  const placeholder = rule.placeholder === undefined ? undefined : keyOf(rule, rule.placeholder);
  return entry.strings(rule.attribute).flatMap((value) => {
    if (placeholder !== undefined && keyOf(rule, value) === placeholder) return [];
    const target =
      rule.by === undefined
        ? references.findByDn(value, rule.types)
        : references.findByKey(rule.attribute, rule.by, value, rule.types);
    return target === undefined ? [] : [{ value, target }];
  });
}

/** Each once: an entry may hold two names of one account. */
function findTargets(rule: ReferenceRule, entry: LdapEntry, references: References): Iterable<ReferenceTarget> {
  return new Map(findHeld(rule, entry, references).map(({ target }) => [target.id, target])).values();
}

/** The same of a very long attribute. Values that are DNs lead to an entry once. */
function findLong(
  rule: ReferenceRule,
  entry: LdapEntry,
  references: References,
): Iterable<ReferenceTarget> | undefined {
  if (rule.by !== undefined) return undefined;
  const targets = references.findLong?.(entry, rule.attribute, rule.types);
  if (targets === undefined || rule.placeholder === undefined) return targets;
  const placeholder = dnKey(rule.placeholder);
  return new LazyIterable(function* () {
    for (const target of targets) if (dnKey(target.dn) !== placeholder) yield target;
  });
}

function showLong(targets: Iterable<ReferenceTarget>, names: ReadonlySet<string>): LongArray | undefined {
  const shown = new LazyIterable(function* () {
    for (const target of targets) yield showTarget(target, names);
  });
  const elements = new LongArray(shown);
  return elements.isEmpty() ? undefined : elements;
}

/** Under which two values are the same one. */
function keyOf(rule: ReferenceRule, value: string): string {
  return rule.by === undefined ? dnKey(value) : value;
}

/** Ids in a canonical value: of `{ value }`, or of an array of them. */
function idsOf(value: JsonValue | undefined): string[] {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(idsOf);
  const id = isJsonObject(value) ? value['value'] : undefined;
  return typeof id === 'string' ? [id] : [];
}

function idLookup(rule: ReferenceRule, ids: readonly string[]): LookupNeed[] {
  return ids.length === 0 ? [] : [{ kind: 'ids', types: rule.types, ids: [...new Set(ids)] }];
}

/** The value to write for a target; of several key values the one that names its entry. */
function toValue(rule: ReferenceRule, target: ReferenceTarget): string | undefined {
  return rule.by === undefined ? target.dn : (rdnValue(target.dn, rule.by) ?? target.entry.first(rule.by));
}

/** Every value under which an entry may hold a target. */
function allValues(rule: ReferenceRule, target: ReferenceTarget): readonly string[] {
  return rule.by === undefined ? [target.dn] : target.entry.strings(rule.by);
}

/** LDAP values for ids, each once. B21: an id that leads nowhere is refused by name. */
function toValues(ref: AttributeRef, rule: ReferenceRule, ids: readonly string[], references: References): string[] {
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const id of ids) {
    const target = references.findById(id, rule.types);
    const value = target === undefined ? undefined : toValue(rule, target);
    if (value === undefined) missing.push(id);
    else values.set(id, value);
  }
  if (missing.length > 0) {
    const shown = missing.slice(0, 5).map((id) => JSON.stringify(id));
    const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
    throw badRequest(
      'invalidValue',
      `${attributeKey(ref)}: no ${rule.types.join(' or ')} has the id ${shown.join(', ')}${more}.`,
    );
  }
  return [...values.values()];
}

function withPlaceholder(rule: ReferenceRule, values: readonly string[]): readonly string[] {
  return values.length === 0 && rule.placeholder !== undefined ? [rule.placeholder] : values;
}

/** The values of ids that came and went; all others, shown or not, stay. */
function referenceModifications(ref: AttributeRef, rule: ReferenceRule, change: Change): Modification[] {
  const { entry, references } = change;
  const before = new Set(idsOf(change.before));
  const after = idsOf(change.after);
  const kept = new Set(after);
  const added = after.filter((id) => !before.has(id));
  const removed = findHeld(rule, entry, references).filter(({ target }) => !kept.has(target.id));
  return swapValues(
    rule,
    entry,
    toValues(ref, rule, added, references),
    removed.map(({ value }) => value),
  );
}

/** `removed` in the entry's own spelling. */
function swapValues(
  rule: ReferenceRule,
  entry: LdapEntry,
  added: readonly string[],
  removed: readonly string[],
): Modification[] {
  const { attribute, placeholder } = rule;
  const present = new Map(entry.strings(attribute).map((value) => [keyOf(rule, value), value]));
  const add = added.filter((value) => !present.has(keyOf(rule, value)));
  // The one value that there may be leads nowhere, or to what goes.
  const remove = rule.singleValued && add.length > 0 ? [...present.values()] : [...removed];
  if (placeholder !== undefined) {
    const held = present.get(keyOf(rule, placeholder));
    const left = present.size - remove.length + add.length - (held === undefined ? 0 : 1);
    if (held !== undefined && add.length > 0) remove.push(held);
    if (held === undefined && left === 0) add.push(placeholder);
  }
  const modifications: Modification[] = [];
  if (remove.length > 0) modifications.push({ operation: 'delete', attribute, values: remove });
  if (add.length > 0) modifications.push({ operation: 'add', attribute, values: add });
  return modifications;
}

function valueChange(
  ref: AttributeRef,
  rule: ReferenceRule,
  operations: readonly PatchOperation[],
  references: References,
): ValueChange {
  const present = new Map<string, boolean>();
  for (const operation of operations) {
    for (const id of changedIds(operation) ?? []) present.set(id, operation.op === 'add');
  }
  const ids = [...present.keys()];
  const add = toValues(
    ref,
    rule,
    ids.filter((id) => present.get(id) === true),
    references,
  );
  const remove = ids.flatMap((id) => {
    const target = present.get(id) === false ? references.findById(id, rule.types) : undefined;
    return target === undefined ? [] : allValues(rule, target);
  });
  const { attribute, placeholder } = rule;
  return { attribute, add, remove, ...(placeholder === undefined ? {} : { placeholder }) };
}

/** The ids that an operation adds or removes whatever is there; undefined where it depends on that. */
function changedIds(operation: PatchOperation): string[] | undefined {
  const { target, value } = operation;
  if (target.subAttribute !== undefined) return undefined;
  switch (operation.op) {
    case 'add':
      return target.filter === undefined ? idsOf(value) : undefined;
    case 'remove':
      if (target.filter !== undefined) return idsOfFilter(target.filter);
      return Array.isArray(value) ? idsOf(value) : undefined;
    case 'replace':
      return undefined;
  }
}

/** `value eq "a" or value eq "b"`. */
function idsOfFilter(filter: ResolvedFilter): string[] | undefined {
  if (filter.kind === 'compare' && filter.operator === 'eq' && isValue(filter) && filter.value.type === 'string') {
    return [filter.value.value];
  }
  if (filter.kind !== 'or') return undefined;
  const ids = filter.filters.map(idsOfFilter);
  return ids.every((each) => each !== undefined) ? ids.flat() : undefined;
}

function isValue(filter: ResolvedFilter & { kind: 'compare' }): boolean {
  return (filter.ref.subAttribute?.name ?? 'value') === 'value';
}

/** The ids of which one must be there for the term to hold; undefined where it says something else. */
function idsOfTerm(term: FilterTerm): string[] | undefined {
  if (term.kind === 'valuePath') return idsOfFilter(term.filter);
  if (term.kind !== 'compare' || term.operator !== 'eq' || (term.subAttribute ?? 'value') !== 'value') return undefined;
  return term.value.type === 'string' ? [term.value.value] : undefined;
}

function referenceFilter(rule: ReferenceRule, many: boolean, term: FilterTerm, references: References): FilterBounds {
  const { attribute } = rule;
  // True of resources without any value.
  if (term.kind === 'compare' && term.operator === 'ne') return unknown;
  const ids = idsOfTerm(term);
  if (ids === undefined) return atMost(present(attribute));
  return orBounds(
    ids.map((id) => {
      const target = references.findById(id, rule.types);
      if (target === undefined) return never;
      const item = or(...allValues(rule, target).map((value) => equality(attribute, value)));
      return many || rule.singleValued ? exactly(item) : atMost(item);
    }),
  );
}
