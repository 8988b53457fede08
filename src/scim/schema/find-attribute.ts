// Finds what a path names in a resource type. The one place that knows where names are looked for and in which order:
// core schema, common attributes, then extensions where only one has the name.
import type { AttributePath } from '../filter/filter.ts';
import { sameUrn } from '../urns.ts';
import { commonAttributes } from './common.ts';
import type { AttributeRef, ResourceType, Schema, SchemaAttribute } from './schema.ts';

const indexes = new WeakMap<readonly SchemaAttribute[], ReadonlyMap<string, SchemaAttribute>>();

/** The attribute of that name in any letter case (Q1). */
export function findByName(attributes: readonly SchemaAttribute[], name: string): SchemaAttribute | undefined {
  let index = indexes.get(attributes);
  if (index === undefined) {
    index = new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));
    indexes.set(attributes, index);
  }
  return index.get(name.toLowerCase());
}

/** The core schema or an extension of the type by its URN, in any letter case. */
export function findSchema(type: ResourceType, urn: string): Schema | undefined {
  if (sameUrn(type.schema.id, urn)) return type.schema;
  return type.extensions.find((extension) => sameUrn(extension.schema.id, urn))?.schema;
}

/**
 * The attribute that a path names, in any letter case, or undefined. A URN may be of the core schema (E45) or of an
 * extension; without one, an extension's attribute is found where no other extension has the name (E42). The dotted form
 * `urn:...:User.manager` reads like `urn:...:User:manager` (E44). `value` of a simple multi-valued attribute is the
 * attribute itself.
 */
export function findAttribute(type: ResourceType, path: AttributePath): AttributeRef | undefined {
  if (path.urn === undefined) return findBare(type, path);
  const schema = findSchema(type, path.urn);
  if (schema !== undefined) return findIn(type, schema, path);
  const dotted = findSchema(type, `${path.urn}:${path.attribute}`);
  if (dotted === undefined || path.subAttribute === undefined) return undefined;
  return findIn(type, dotted, { attribute: path.subAttribute });
}

function findBare(type: ResourceType, path: AttributePath): AttributeRef | undefined {
  const ref = findIn(type, type.schema, path);
  if (ref !== undefined || isCore(type, path.attribute)) return ref;
  const owners = type.extensions.filter(({ schema }) => findByName(schema.attributes, path.attribute) !== undefined);
  const [owner] = owners;
  return owner === undefined || owners.length > 1 ? undefined : findIn(type, owner.schema, path);
}

function isCore(type: ResourceType, name: string): boolean {
  return (findByName(type.schema.attributes, name) ?? findByName(commonAttributes, name)) !== undefined;
}

function findIn(type: ResourceType, schema: Schema, path: AttributePath): AttributeRef | undefined {
  const extension = schema !== type.schema;
  const attribute =
    findByName(schema.attributes, path.attribute) ??
    (extension ? undefined : findByName(commonAttributes, path.attribute));
  if (attribute === undefined) return undefined;
  const ref = { urn: schema.id, extension, attribute };
  if (path.subAttribute === undefined) return ref;
  const subAttribute = findByName(attribute.subAttributes ?? [], path.subAttribute);
  if (subAttribute !== undefined) return { ...ref, subAttribute };
  const itself = attribute.multiValued && attribute.type !== 'complex' && path.subAttribute.toLowerCase() === 'value';
  return itself ? ref : undefined;
}
