// Which attributes a client gets (RFC 7644 s3.9, RFC 7643 s7 `returned`). The mapping asks before it reads, `project`
// cuts what was read: both by the same rules.
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { Projection, ProjectionPath } from './request.ts';
import { getAttribute, type Resource, withAttribute } from './resource.ts';
import { attributeRefs } from './schema/attribute-refs.ts';
import { commonAttributes } from './schema/common.ts';
import type { AttributeRef, ResourceType, SchemaAttribute } from './schema/schema.ts';
import { withSchemas } from './schemas-attribute.ts';

export { attributeRefs } from './schema/attribute-refs.ts';

/** Whether the attribute, or any part of it, is returned; with a sub-attribute in `ref`: whether that part is. */
export function isSelected(projection: Projection, ref: AttributeRef): boolean {
  if (ref.subAttribute === undefined) return isAttributeSelected(projection, ref);
  return selectedSubAttributes(projection, ref).includes(ref.subAttribute);
}

/** The sub-attributes of `ref.attribute` that are returned; none for a simple attribute. */
export function selectedSubAttributes(projection: Projection, ref: AttributeRef): readonly SchemaAttribute[] {
  if (!isAttributeSelected(projection, ref)) return [];
  return (ref.attribute.subAttributes ?? []).filter((sub) => isSubSelected(projection, ref, sub));
}

function isSubSelected(projection: Projection, ref: AttributeRef, sub: SchemaAttribute): boolean {
  const isNamed = (path: ProjectionPath) => path.kind === 'attribute' && path.ref.subAttribute?.name === sub.name;
  const included = projection.attributes?.filter((path) => covers(path, ref));
  const excluded = projection.excludedAttributes?.filter((path) => covers(path, ref)) ?? [];
  switch (sub.returned) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'request':
      return included?.some(isNamed) ?? (isWritten(projection, ref) && !excluded.some(isNamed));
    case 'default': {
      if (included === undefined) return !excluded.some(isNamed);
      // Returned without being named, as `id` is: then whole.
      return included.length === 0 || included.some((path) => isWhole(path) || isNamed(path));
    }
  }
}

/** The projection of the answer to a write: what is returned on request only comes where the body wrote it (K4). */
export function afterWrite(projection: Projection, refs: readonly AttributeRef[]): Projection {
  const onRequest = ({ attribute }: AttributeRef) =>
    [attribute, ...(attribute.subAttributes ?? [])].some(({ returned }) => returned === 'request');
  const written = refs.filter(onRequest);
  return written.length === 0 ? projection : { ...projection, written };
}

/** What a client gets of a resource (K1 to K14). `id` and `schemas` always stay; `schemas` names what is left. */
export function project(resource: Resource, type: ResourceType, projection: Projection): Resource {
  const refs = attributeRefs(type);
  const projected = refs.reduce<Resource>((result, ref) => {
    const value = getAttribute(resource, ref);
    if (value === undefined || !isAttributeSelected(projection, ref)) return result;
    return withAttribute(result, ref, projectValue(value, projection, ref));
  }, {});
  return withSchemas(projected, type);
}

function projectValue(value: JsonValue, projection: Projection, ref: AttributeRef): JsonValue | undefined {
  if (ref.attribute.type !== 'complex') return value;
  const names = new Set(selectedSubAttributes(projection, ref).map((sub) => sub.name));
  const cut = (element: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(element).filter(([name]) => names.has(name)));
  if (isJsonObject(value)) return isEmpty(cut(value)) ? undefined : cut(value);
  if (!Array.isArray(value)) return undefined;
  const elements = (value as readonly JsonValue[]).filter(isJsonObject).map(cut);
  const filled = elements.filter((element) => !isEmpty(element));
  return filled.length === 0 ? undefined : filled;
}

function isAttributeSelected(projection: Projection, ref: AttributeRef): boolean {
  switch (ref.attribute.returned) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'request':
      return (
        projection.attributes?.some((path) => path.kind === 'attribute' && covers(path, ref)) ??
        (isWritten(projection, ref) && !isExcluded(projection, ref))
      );
    case 'default':
      return projection.attributes?.some((path) => covers(path, ref)) ?? !isExcluded(projection, ref);
  }
}

function isExcluded(projection: Projection, ref: AttributeRef): boolean {
  return (projection.excludedAttributes ?? []).some((path) => covers(path, ref) && isWhole(path));
}

function isWritten(projection: Projection, ref: AttributeRef): boolean {
  return (projection.written ?? []).some((written) => sameAttribute(written, ref));
}

function sameAttribute(a: AttributeRef, b: AttributeRef): boolean {
  return a.urn === b.urn && a.attribute.name === b.attribute.name;
}

function covers(path: ProjectionPath, ref: AttributeRef): boolean {
  if (path.kind === 'schema') return path.urn === ref.urn && !isCommon(ref.attribute);
  return sameAttribute(path.ref, ref);
}

function isWhole(path: ProjectionPath): boolean {
  return path.kind === 'schema' || path.ref.subAttribute === undefined;
}

function isCommon(attribute: SchemaAttribute): boolean {
  return commonAttributes.includes(attribute);
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
