// References: `members` and `manager` are ids on the SCIM side and DNs, or key values such as a uid, on the LDAP side.
// Adding or removing values by id needs no look at the entry. A value that leads to no resource is not shown and is not
// touched when others change; the placeholder of an empty group likewise.
import { dnKey } from '../../ldap/dn.ts';
import type { LdapEntry } from '../../ldap/entry.ts';
import { equality, or, present } from '../../ldap/filter.ts';
import type { Modification } from '../../ldap/operations.ts';
import { badRequest } from '../../scim/error.ts';
import type { ResolvedFilter } from '../../scim/filter/filter.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import type { PatchOperation } from '../../scim/patch/patch.ts';
import { type AttributeRef, attributeKey } from '../../scim/schema/schema.ts';
import { atMost, exactly, type FilterBounds, never, orBounds } from '../bounds.ts';
import type { AttributeMapper, Change, FilterTerm, ReferenceRule, ValueChange } from '../mapper.ts';
import type { LookupNeed, References, ReferenceTarget } from '../references.ts';
import { unwritten } from './simple.ts';

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
      const elements = findTargets(rule, entry, references).map((target) => showTarget(target, names));
      if (!many) return elements[0];
      return elements.length === 0 ? undefined : elements;
    },
    toLdap: (value, references) =>
      new Map([[rule.attribute, withPlaceholder(rule, toValues(ref, rule, idsOf(value), references))]]),
    toModifications: (change) => referenceModifications(ref, rule, change),
    ...(many && !readOnly
      ? {
          isBlind: (operations: readonly PatchOperation[]) =>
            operations.every((each) => changedIds(each) !== undefined),
          toValueChange: (operations: readonly PatchOperation[], references: References) =>
            valueChange(ref, rule, operations, references),
        }
      : {}),
    lookups: (values) => idLookup(rule, values.flatMap(idsOf)),
    toFilter: (term, references) => referenceFilter(rule, many, term, references),
    filterLookups: (term) => idLookup(rule, [...assertedIds(term)]),
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

function findTargets(rule: ReferenceRule, entry: LdapEntry, references: References): ReferenceTarget[] {
  const placeholder = rule.placeholder === undefined ? undefined : dnKey(rule.placeholder);
  const found: ReferenceTarget[] = [];
  for (const value of entry.strings(rule.attribute)) {
    if (placeholder !== undefined && dnKey(value) === placeholder) continue;
    const target =
      rule.by === undefined ? references.findByDn(value, rule.types) : references.findByKey(rule.by, value, rule.types);
    if (target !== undefined) found.push(target);
  }
  return found;
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

function toValue(rule: ReferenceRule, target: ReferenceTarget): string | undefined {
  return rule.by === undefined ? target.dn : target.entry.first(rule.by);
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
  const before = idsOf(change.before);
  const after = idsOf(change.after);
  const added = toValues(
    ref,
    rule,
    after.filter((id) => !before.includes(id) || before.length === 0),
    change.references,
  );
  const kept = new Set(after);
  const targets = findTargets(rule, change.entry, change.references);
  const removed = targets.filter((target) => !kept.has(target.id)).flatMap((target) => toValue(rule, target) ?? []);
  return placeholderSwap(rule, change.entry, added, removed);
}

function placeholderSwap(
  rule: ReferenceRule,
  entry: LdapEntry,
  added: readonly string[],
  removed: readonly string[],
): Modification[] {
  const { attribute, placeholder } = rule;
  // Remove what the entry holds in the entry's own spelling of it.
  const present = new Map(
    entry.strings(attribute).map((value) => [rule.by === undefined ? dnKey(value) : value, value]),
  );
  const keyOf = (value: string): string => (rule.by === undefined ? dnKey(value) : value);
  const remove = removed.flatMap((value) => present.get(keyOf(value)) ?? []);
  const add = added.filter((value) => !present.has(keyOf(value)));
  if (placeholder !== undefined) {
    const held = present.get(keyOf(placeholder));
    const left = present.size - remove.length + add.length - (held === undefined ? 0 : 1);
    if (left > 0 && held !== undefined && add.length > 0) remove.push(held);
    if (left === 0 && held === undefined && remove.length > 0) add.push(placeholder);
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
    return target === undefined ? [] : (toValue(rule, target) ?? []);
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

function* assertedIds(term: FilterTerm): Generator<string> {
  if (term.kind === 'compare' && (term.subAttribute ?? 'value') === 'value' && term.value.type === 'string')
    yield term.value.value;
  if (term.kind === 'valuePath') yield* idsOfFilter(term.filter) ?? [];
}

function referenceFilter(rule: ReferenceRule, many: boolean, term: FilterTerm, references: References): FilterBounds {
  const { attribute } = rule;
  const some = atMost(present(attribute));
  const ids =
    term.kind === 'compare' &&
    term.operator === 'eq' &&
    (term.subAttribute ?? 'value') === 'value' &&
    term.value.type === 'string'
      ? [term.value.value]
      : term.kind === 'valuePath'
        ? idsOfFilter(term.filter)
        : undefined;
  // True of resources without any value.
  if (term.kind === 'compare' && term.operator === 'ne')
    return { upper: { kind: 'and', filters: [] }, lower: never.lower };
  if (ids === undefined) return some;
  return orBounds(
    ids.map((id) => {
      const target = references.findById(id, rule.types);
      const value = target === undefined ? undefined : toValue(rule, target);
      if (value === undefined) return never;
      const item = or(equality(attribute, value));
      return many || rule.singleValued ? exactly(item) : atMost(item);
    }),
  );
}
