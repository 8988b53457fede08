// Complex attributes and multi-valued ones. Both are made of slots: a slot is what the LDAP side can hold of one element
// (`emails[type eq "work"]`), with constants (`type`), leaves by sub-attribute, and whether each LDAP value is an element
// of its own (`repeated`). A single-valued complex attribute such as `name` is one slot without constants.
import type { LdapEntry } from '../../ldap/entry.ts';
import type { LdapValue } from '../../ldap/value.ts';
import { badRequest } from '../../scim/error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import { type AttributeRef, attributeKey } from '../../scim/schema/schema.ts';
import { type FilterBounds, orBounds, unknown } from '../bounds.ts';
import { type Leaf, presentLeaf, readLeaf, readLeafValues, writeLeaf } from '../leaf.ts';
import type { AttributeMapper, FilterTerm } from '../mapper.ts';
import type { Template } from '../template.ts';
import { slotFilter } from './slot-filter.ts';

export interface Slot {
  /** Sub-attributes with a fixed value: `type`. */
  readonly constants: JsonObject;
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Every value of the only leaf is an element. */
  readonly repeated: boolean;
  /** Its first element reads as the primary one. */
  readonly primary: boolean;
  readonly readOnly: boolean;
}

export interface ComplexTemplates {
  /** By sub-attribute. */
  readonly defaults: ReadonlyMap<string, Template>;
  readonly templates: ReadonlyMap<string, Template>;
}

export function complexMapper(
  ref: AttributeRef,
  slots: readonly Slot[],
  { defaults, templates }: ComplexTemplates,
): AttributeMapper {
  const many = ref.attribute.multiValued;
  const leaves = slots.flatMap((slot) => [...slot.leaves.values()]);
  const all = [...new Set(leaves.map((leaf) => leaf.attribute))];
  const readOnly = ref.attribute.mutability === 'readOnly';
  const written = slots.filter((slot) => !slot.readOnly).flatMap((slot) => [...slot.leaves.values()]);
  return {
    ref,
    reads(subAttribute) {
      // Constants and `primary` hang on the element, and the element on any of its values.
      if (subAttribute === undefined || many) return all;
      const leaf = slots[0]?.leaves.get(subAttribute);
      return leaf === undefined ? [] : [leaf.attribute];
    },
    writes: readOnly
      ? []
      : [...new Set(written.filter((leaf) => leaf.definition.mutability !== 'readOnly').map((leaf) => leaf.attribute))],
    needs: [],
    templates,
    defaults,
    toScim(entry) {
      const elements = slots.flatMap((slot) => readSlot(slot, entry));
      if (!many) return elements[0];
      return elements.length === 0 ? undefined : elements;
    },
    toLdap: (value, _references, now) =>
      many ? writeElements(ref, slots, value, now) : writeRecord(slots, value, now),
    lookups: () => [],
    toFilter: (term) => complexFilter(term, slots, many, templates),
    filterLookups: () => [],
  };
}

function readSlot(slot: Slot, entry: LdapEntry): JsonObject[] {
  if (slot.repeated) {
    const [[name, leaf]] = [...slot.leaves] as [[string, Leaf]];
    return readLeafValues(leaf, entry).map((value, index) => ({
      [name]: value,
      ...slot.constants,
      ...(slot.primary && index === 0 ? { primary: true } : {}),
    }));
  }
  const element: Record<string, JsonValue> = {};
  for (const [name, leaf] of slot.leaves) {
    const value = readLeaf(leaf, entry);
    if (value !== undefined) element[name] = value;
  }
  if (Object.keys(element).length === 0) return [];
  return [{ ...element, ...slot.constants, ...(slot.primary ? { primary: true } : {}) }];
}

function writeRecord(
  slots: readonly Slot[],
  value: JsonValue | undefined,
  now: number,
): Map<string, readonly LdapValue[]> {
  const written = new Map<string, readonly LdapValue[]>();
  const record = isJsonObject(value) ? value : {};
  for (const slot of slots)
    for (const [name, leaf] of slot.leaves) written.set(leaf.attribute, writeLeaf(leaf, record[name], now));
  return written;
}

/** Each element goes to the slot of its constants; one that no slot can hold is refused, never dropped. */
function writeElements(
  ref: AttributeRef,
  slots: readonly Slot[],
  value: JsonValue | undefined,
  now: number,
): Map<string, readonly LdapValue[]> {
  const written = new Map<string, LdapValue[]>();
  for (const slot of slots) for (const leaf of slot.leaves.values()) written.set(leaf.attribute, []);
  const used = new Set<Slot>();
  for (const element of Array.isArray(value) ? (value as readonly JsonValue[]) : []) {
    if (!isJsonObject(element)) continue;
    const slot = findSlot(slots, element) ?? refuseElement(ref, slots, element);
    if (!slot.repeated && used.has(slot)) {
      throw badRequest('invalidValue', `${attributeKey(ref)}: only one value ${describe(slot)} can be stored.`);
    }
    used.add(slot);
    for (const [name, leaf] of slot.leaves) {
      const values = written.get(leaf.attribute) ?? [];
      const added = writeLeaf(leaf, element[name], now);
      // The primary value goes first: that is where it is read from.
      if (slot.primary && element['primary'] === true) values.unshift(...added);
      else values.push(...added);
      written.set(leaf.attribute, values);
    }
  }
  return written;
}

/** An element without a type is stored in the primary slot, else the first. */
function findSlot(slots: readonly Slot[], element: JsonObject): Slot | undefined {
  const agrees = (slot: Slot): boolean =>
    Object.entries(slot.constants).every(([name, constant]) => {
      const given = element[name];
      return given !== undefined && sameText(given, constant);
    });
  const unnamed = (slot: Slot): boolean =>
    Object.entries(slot.constants).every(
      ([name, constant]) => element[name] === undefined || sameText(element[name], constant),
    );
  return slots.find(agrees) ?? slots.find((slot) => slot.primary && unnamed(slot)) ?? slots.find(unnamed);
}

function sameText(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return String(left).toLowerCase() === String(right).toLowerCase();
}

function refuseElement(ref: AttributeRef, slots: readonly Slot[], element: JsonObject): never {
  const type = element['type'];
  const types = slots.map((slot) => slot.constants['type']).filter((each) => each !== undefined);
  throw badRequest(
    'invalidValue',
    `${attributeKey(ref)}: a value of type "${String(type)}" cannot be stored; the types are ${types.map((each) => `"${String(each)}"`).join(', ')}.`,
  );
}

function describe(slot: Slot): string {
  const type = slot.constants['type'];
  return type === undefined ? 'of this attribute' : `of type "${String(type)}"`;
}

function complexFilter(
  term: FilterTerm,
  slots: readonly Slot[],
  many: boolean,
  templates: ReadonlyMap<string, Template>,
): FilterBounds {
  const computed = term.kind === 'valuePath' ? templates.size > 0 : templates.has(term.subAttribute ?? '');
  if (computed) return unknown;
  if (term.kind === 'present' && term.subAttribute === undefined) {
    return orBounds(slots.flatMap((slot) => [...slot.leaves.values()].map(presentLeaf)));
  }
  return orBounds(slots.map((slot) => slotFilter(term, slot, many)));
}
