// Complex attributes and multi-valued ones. Both are made of slots: a slot is what the LDAP side can hold of one element
// (`emails[type eq "work"]`), with constants (`type`), leaves by sub-attribute, and whether each LDAP value is an element
// of its own (`repeated`). A single-valued complex attribute such as `name` is one slot without a selector.
import type { LdapEntry } from '../../ldap/entry.ts';
import type { LdapValue } from '../../ldap/value.ts';
import { equalJson } from '../../scim/equal-resources.ts';
import { badRequest } from '../../scim/error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import { type AttributeRef, attributeKey } from '../../scim/schema/schema.ts';
import { type FilterBounds, orBounds, unknown } from '../bounds.ts';
import { type Filling, isSelected, sameText } from '../fill-in.ts';
import { type Leaf, readLeaf, readLeafValues, writeLeaf, writeLeafValues } from '../leaf.ts';
import type { AttributeMapper, FilterTerm } from '../mapper.ts';
import { unwritten } from './simple.ts';
import { isFixed, type Slot } from './slot.ts';
import { slotFilter } from './slot-filter.ts';

/** `slots` in the order in which elements are shown; `choice` keeps which element is primary. */
export function complexMapper(
  ref: AttributeRef,
  slots: readonly Slot[],
  fillings: { readonly defaults: readonly Filling[]; readonly templates: readonly Filling[] },
  choice?: Leaf,
): AttributeMapper {
  const many = ref.attribute.multiValued;
  const leaves = [...slots.flatMap((slot) => [...slot.leaves.values()]), ...(choice === undefined ? [] : [choice])];
  const all = [...new Set(leaves.map((leaf) => leaf.attribute))];
  const writable = new Set(leaves.filter((leaf) => !leaf.readOnly).map((leaf) => leaf.attribute));
  return {
    ...unwritten(ref),
    reads(subAttribute) {
      // Constants and `primary` hang on the element, and the element on any of its values.
      const leaf = many ? undefined : slots[0]?.leaves.get(subAttribute ?? '');
      return leaf === undefined ? all : [leaf.attribute];
    },
    writes: [...writable],
    ...fillings,
    toScim(entry, { now }) {
      const elements = slots.flatMap((slot) => readSlot(slot, entry, now));
      if (!many) return elements[0];
      if (elements.length === 0) return undefined;
      return choice === undefined ? elements : markPrimary(choice, elements, entry, now);
    },
    toLdap: (value, _references, now, entry) =>
      many ? writeElements(ref, slots, choice, value, now, entry) : writeRecord(slots, value, now, entry),
    toFilter: (term, { now }) => complexFilter(ref, term, slots, fillings.templates, now),
  };
}

function readSlot(slot: Slot, entry: LdapEntry, now: number): JsonObject[] {
  const [first] = slot.leaves;
  if (slot.repeated && first !== undefined) {
    const [name, leaf] = first;
    return readLeafValues(leaf, entry, now).map((value, index) => ({
      [name]: value,
      ...slot.constants,
      ...(slot.primary && index === 0 ? { primary: true } : {}),
    }));
  }
  const element: Record<string, JsonValue> = {};
  for (const [name, leaf] of slot.leaves) {
    const value = readLeaf(leaf, entry, now);
    if (value !== undefined) element[name] = value;
  }
  if (Object.keys(element).length === 0 && !isFixed(slot)) return [];
  return [{ ...element, ...slot.constants, ...(slot.primary ? { primary: true } : {}) }];
}

/**
 * The choice is a copy of the primary element's value, so that other software can read it; of several elements with
 * that value it is the first. Without it, and where no element has that value any more, the slots decide.
 */
function markPrimary(
  choice: Leaf,
  elements: readonly JsonObject[],
  entry: LdapEntry,
  now: number,
): readonly JsonObject[] {
  const stored = readLeaf(choice, entry, now);
  const chosen = stored === undefined ? undefined : elements.find((element) => equalJson(element['value'], stored));
  if (chosen === undefined) return elements;
  return elements.map((element) => {
    const { primary: _primary, ...rest } = element;
    return element === chosen ? { ...rest, primary: true } : rest;
  });
}

function writeRecord(
  slots: readonly Slot[],
  value: JsonValue | undefined,
  now: number,
  entry: LdapEntry | undefined,
): Map<string, readonly LdapValue[]> {
  const record = isJsonObject(value) ? value : {};
  return new Map(
    slots.flatMap((slot) =>
      [...slot.leaves].map(([name, leaf]) => [leaf.attribute, writeLeaf(leaf, record[name], now, entry)] as const),
    ),
  );
}

/** Each element goes to the slot of its selector; what no slot can hold is refused, never dropped. */
function writeElements(
  ref: AttributeRef,
  slots: readonly Slot[],
  choice: Leaf | undefined,
  value: JsonValue | undefined,
  now: number,
  entry: LdapEntry | undefined,
): Map<string, readonly LdapValue[]> {
  const elements = new Map<Slot, JsonObject[]>(slots.map((slot) => [slot, []]));
  for (const element of Array.isArray(value) ? (value as readonly JsonValue[]) : []) {
    if (!isJsonObject(element)) continue;
    const slot = findSlot(slots, element) ?? refuseElement(ref, slots, element);
    checkParts(ref, slot, element);
    const own = elements.get(slot) ?? [];
    if (!slot.repeated && own.length > 0) {
      throw badRequest('invalidValue', `${attributeKey(ref)}: only one value ${describe(slot)} can be stored.`);
    }
    own.push(element);
  }
  const written = new Map<string, readonly LdapValue[]>();
  for (const [slot, own] of elements) {
    for (const [name, leaf] of slot.leaves) {
      written.set(
        leaf.attribute,
        slot.repeated
          ? writeLeafValues(
              leaf,
              (leaf.transform.list === undefined ? own : primaryFirst(own)).flatMap((element) => element[name] ?? []),
              now,
              entry,
            )
          : writeLeaf(leaf, own[0]?.[name], now, entry),
      );
    }
  }
  if (choice !== undefined)
    written.set(choice.attribute, writeLeaf(choice, chosenValue(elements, choice, now, entry), now));
  return written;
}

function primaryFirst(elements: readonly JsonObject[]): readonly JsonObject[] {
  const rank = (element: JsonObject): number => (element['primary'] === true ? 0 : 1);
  return elements.toSorted((a, b) => rank(a) - rank(b));
}

/** The value to note as the primary one: none where the only value of a slot is primary by itself and needs no note. */
function chosenValue(
  elements: ReadonlyMap<Slot, readonly JsonObject[]>,
  choice: Leaf,
  now: number,
  entry: LdapEntry | undefined,
): JsonValue | undefined {
  for (const [slot, own] of elements) {
    const value = own.find((element) => element['primary'] === true)?.['value'];
    if (value === undefined) continue;
    const isNoted = entry !== undefined && equalJson(readLeaf(choice, entry, now), value);
    return slot.primary && own.length === 1 && !isNoted ? undefined : value;
  }
  return undefined;
}

/** The slot that says most of what the element says; an element without a type goes to the primary slot, else the first. */
function findSlot(slots: readonly Slot[], element: JsonObject): Slot | undefined {
  const size = ({ selector }: Slot): number => Object.keys(selector).length;
  const [best] = slots.filter(({ selector }) => isSelected(element, selector)).sort((a, b) => size(b) - size(a));
  if (best !== undefined) return best;
  const unnamed = slots.filter(({ selector }) =>
    Object.entries(selector).every(([name, wanted]) => element[name] === undefined || sameText(element[name], wanted)),
  );
  return unnamed.find((slot) => slot.primary) ?? unnamed[0];
}

function checkParts(ref: AttributeRef, slot: Slot, element: JsonObject): void {
  for (const [name, value] of Object.entries(element)) {
    if (name === 'primary' || value === undefined || slot.leaves.has(name)) continue;
    if (name in slot.constants && sameText(value, slot.constants[name])) continue;
    const definition = ref.attribute.subAttributes?.find((sub) => sub.name === name);
    if (definition === undefined || definition.mutability === 'readOnly') continue;
    throw badRequest('invalidValue', `${attributeKey(ref)}: ${name} of a value ${describe(slot)} cannot be stored.`);
  }
}

function refuseElement(ref: AttributeRef, slots: readonly Slot[], element: JsonObject): never {
  const types = slots.flatMap((slot) => slot.selector['type'] ?? []).map((type) => JSON.stringify(type));
  const given = element['type'] === undefined ? 'without a type' : `of type ${JSON.stringify(element['type'])}`;
  const hint = types.length === 0 ? '.' : `; the types are ${types.join(', ')}.`;
  throw badRequest('invalidValue', `${attributeKey(ref)}: a value ${given} cannot be stored${hint}`);
}

function describe({ selector }: Slot): string {
  const type = selector['type'];
  return type === undefined ? 'of this attribute' : `of type ${JSON.stringify(type)}`;
}

function complexFilter(
  ref: AttributeRef,
  term: FilterTerm,
  slots: readonly Slot[],
  templates: readonly Filling[],
  now: number,
): FilterBounds {
  const whole = term.kind === 'valuePath' || term.subAttribute === undefined;
  const isComputed = whole ? templates.length > 0 : templates.some((each) => each.subAttribute === term.subAttribute);
  // A template may make the element that another part is asked of.
  if (isComputed || (ref.attribute.multiValued && templates.length > 0)) return unknown;
  return orBounds(slots.map((slot) => slotFilter(ref, term, slot, now)));
}
