// A resource in canonical form: names in the schema's spelling, values typed, no nulls, no empty arrays. Extension
// attributes live under their URN. Whatever enters (`validateResource`) or leaves the mapping has this form.
import type { JsonObject, JsonValue } from './json.ts';
import type { AttributeRef } from './schema/schema.ts';

export type Resource = JsonObject;

/** The value of a top-level attribute, or of its sub-attribute where the attribute is single-valued. */
export function getAttribute(resource: Resource, ref: AttributeRef): JsonValue | undefined {
  const holder = ref.extension ? resource[ref.urn] : resource;
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) return undefined;
  const value = (holder as JsonObject)[ref.attribute.name];
  if (ref.subAttribute === undefined || value === undefined || value === null) return value;
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  return (value as JsonObject)[ref.subAttribute.name];
}

/** A copy with a top-level attribute set, or removed where `value` is undefined; an extension left empty goes too. */
export function withAttribute(resource: Resource, ref: AttributeRef, value: JsonValue | undefined): Resource {
  if (!ref.extension) return setKey(resource, ref.attribute.name, value);
  const holder = resource[ref.urn];
  const before = typeof holder === 'object' && holder !== null && !Array.isArray(holder) ? (holder as JsonObject) : {};
  const after = setKey(before, ref.attribute.name, value);
  return setKey(resource, ref.urn, Object.keys(after).length === 0 ? undefined : after);
}

function setKey(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  const { [key]: _removed, ...rest } = object;
  return value === undefined ? rest : { ...rest, [key]: value };
}
