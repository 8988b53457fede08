// Changes parts of one complex value, and knows what else goes stale with them.
import type { JsonObject, JsonValue } from '../json.ts';
import { isReference, mergeElements } from '../schema/elements.ts';
import type { SchemaAttribute } from '../schema/schema.ts';

/** `before` with the parts of `value`; other parts stay (E25). */
export function mergeObject(before: JsonObject, value: JsonObject, attribute: SchemaAttribute): JsonObject {
  return { ...withoutStaleParts(before, value['value'], attribute), ...value };
}

/** `before` with one part set, or removed where `value` is undefined; adding to a part with several values appends. */
export function setPart(
  before: JsonObject,
  part: SchemaAttribute,
  value: JsonValue | undefined,
  op: 'add' | 'remove' | 'replace',
  attribute: SchemaAttribute,
): JsonObject {
  const { [part.name]: present, ...rest } = before;
  if (value === undefined) return part.name === 'value' ? withoutStaleParts(rest, undefined, attribute) : rest;
  const appends = op === 'add' && part.multiValued && Array.isArray(present) && Array.isArray(value);
  const next = appends ? mergeElements(present as readonly JsonValue[], value as readonly JsonValue[], part) : value;
  return mergeObject(before, { [part.name]: next }, attribute);
}

/** Another id means another resource: its URI and name are no longer those of the old one. */
function withoutStaleParts(before: JsonObject, id: JsonValue | undefined, attribute: SchemaAttribute): JsonObject {
  if (!isReference(attribute) || (id !== undefined && id === before['value'])) return before;
  if (id === undefined && before['value'] !== undefined) return before;
  const derived = (attribute.subAttributes ?? []).filter(
    ({ name, mutability }) => name === '$ref' || mutability === 'readOnly',
  );
  const names = new Set(derived.map(({ name }) => name));
  return Object.fromEntries(Object.entries(before).filter(([name]) => !names.has(name)));
}
