// Which attributes a client gets (RFC 7644 s3.9, RFC 7643 s7 `returned`). The mapping asks before it reads, `project`
// cuts what was read: both by the same rules.

import { createMemory } from '../util/memory.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { LongArray } from './long-array.ts';
import type { Projection, ProjectionPath } from './request.ts';
import { getAttribute, type Resource } from './resource.ts';
import { attributeRefs } from './schema/attribute-refs.ts';
import { commonAttributes } from './schema/common.ts';
import { type AttributeRef, attributeKey, type ResourceType, type SchemaAttribute } from './schema/schema.ts';
import { withSchemas } from './schemas-attribute.ts';

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

interface Selection {
  readonly ref: AttributeRef;
  /** Sub-attributes that are returned; undefined where all of the value is. */
  readonly names: ReadonlySet<string> | undefined;
}

interface Cut {
  readonly selections: readonly Selection[];
  /** Attributes of which a client gets nothing, where it gets all of every other one. */
  readonly hidden: readonly AttributeRef[] | undefined;
}

const recall = createMemory<ResourceType, Cut>(200);

/**
 * What a client gets of a resource with its `schemas` (K1 to K14). `id` and `schemas` always stay; `schemas` names what is
 * left.
 */
export function project(resource: Resource, type: ResourceType, projection: Projection): Resource {
  const { selections, hidden } = recall(type, projectionKey(projection), () => select(type, projection));
  if (hidden?.every((ref) => getAttribute(resource, ref) === undefined) === true) return resource;
  const projected: Record<string, JsonValue> = {};
  for (const { ref, names } of selections) {
    const value = getAttribute(resource, ref);
    const left = value === undefined || value === null || names === undefined ? value : cutValue(value, names);
    if (left === undefined) continue;
    if (ref.extension)
      projected[ref.urn] = { ...(projected[ref.urn] as JsonObject | undefined), [ref.attribute.name]: left };
    else projected[ref.attribute.name] = left;
  }
  return withSchemas(projected, type);
}

/** The same for projections that select the same. */
export function projectionKey({ attributes, excludedAttributes, written }: Projection): string {
  if (attributes === undefined && excludedAttributes === undefined && written === undefined) return '';
  const paths = (list: readonly ProjectionPath[] | undefined) =>
    list?.map((path) => (path.kind === 'schema' ? path.urn : attributeKey(path.ref))).join(' ') ?? '-';
  return `${paths(attributes)}|${paths(excludedAttributes)}|${written?.map(attributeKey).join(' ') ?? ''}`;
}

function select(type: ResourceType, projection: Projection): Cut {
  const hidden: AttributeRef[] = [];
  const selections = attributeRefs(type).flatMap((ref): Selection[] => {
    if (!isAttributeSelected(projection, ref)) {
      hidden.push(ref);
      return [];
    }
    if (ref.attribute.type !== 'complex') return [{ ref, names: undefined }];
    const subs = selectedSubAttributes(projection, ref);
    const all = subs.length === ref.attribute.subAttributes?.length;
    return [{ ref, names: all ? undefined : new Set(subs.map(({ name }) => name)) }];
  });
  return { selections, hidden: selections.every(({ names }) => names === undefined) ? hidden : undefined };
}

function cutValue(value: JsonValue, names: ReadonlySet<string>): JsonValue | undefined {
  const cut = (element: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(element).filter(([name]) => names.has(name)));
  if (isJsonObject(value)) return isEmpty(cut(value)) ? undefined : cut(value);
  if (value instanceof LongArray) {
    const filled = value.map((element) => {
      const left = isJsonObject(element) ? cut(element) : {};
      return isEmpty(left) ? undefined : left;
    });
    return filled.isEmpty() ? undefined : filled;
  }
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
