// What a path means in a resource type: the target of a PATCH operation, a part of a projection, a sort key.
import { badRequest, type ScimError } from '../error.ts';
import { findAttributePath } from '../filter/attribute-path.ts';
import { quote } from '../filter/lex.ts';
import {
  hasElements,
  isSecret,
  type ResolveOptions,
  resolveElementFilter,
  withDefaultSubAttribute,
} from '../filter/resolve.ts';
import { explainUnknownAttribute, explainUnknownSubAttribute } from '../filter/unknown-attribute.ts';
import type { PatchTarget } from '../patch/patch.ts';
import type { ProjectionPath } from '../request.ts';
import { findAttribute, findByName, findSchema } from '../schema/find-attribute.ts';
import { type AttributeRef, attributeKey, type ResourceType } from '../schema/schema.ts';
import type { ParsedPatchPath } from './parse-path.ts';

/** One attribute, or a whole extension by its URN in the schema's spelling (E43). */
export type ResolvedPatchPath = PatchTarget | { readonly extension: string };

/**
 * The target that a PATCH path names. Throws 400 invalidPath for what the type does not have, invalidFilter for what is
 * wrong inside `[ ]`.
 */
export function resolvePatchPath(
  parsed: ParsedPatchPath,
  type: ResourceType,
  options: Pick<ResolveOptions, 'booleanStrings'> = {},
): ResolvedPatchPath {
  const schema = findSchema(type, parsed.text);
  if (schema === type.schema) throw unknownPath(`to change several attributes of ${schema.id}, leave the path out.`);
  if (schema !== undefined) return { extension: schema.id };
  if (parsed.kind === 'schema') throw unknownPath(`${type.name} has no schema ${quote(parsed.text)}.`);
  const found = findAttribute(type, parsed.path);
  if (found === undefined) throw unknownPath(explainUnknownAttribute(type, parsed.path));
  const { subAttribute: named, ...ref } = found;
  if (parsed.filter === undefined) return named === undefined ? { ref } : { ref, subAttribute: named };
  if (named !== undefined || !hasElements(ref.attribute)) {
    throw unknownPath(`"[ ]" cannot follow ${attributeKey(found)}, which has no elements.`);
  }
  const filter = resolveElementFilter(parsed.filter, ref, options);
  // The elements of a simple attribute are their own `value`.
  const simple = ref.attribute.type !== 'complex' && parsed.subAttribute?.toLowerCase() === 'value';
  if (parsed.subAttribute === undefined || simple) return { ref, filter };
  const subAttribute = findByName(ref.attribute.subAttributes ?? [], parsed.subAttribute);
  if (subAttribute === undefined) throw unknownPath(explainUnknownSubAttribute(ref.attribute, parsed.subAttribute));
  return { ref, filter, subAttribute };
}

/** One entry of `attributes` or `excludedAttributes`; undefined for unknown or malformed ones, which are ignored (K8). */
export function resolveProjectionPath(text: string, type: ResourceType): ProjectionPath | undefined {
  const path = text.trim();
  const schema = findSchema(type, path);
  if (schema !== undefined) return { kind: 'schema', urn: schema.id };
  const parsed = findAttributePath(path);
  const ref = parsed === undefined ? undefined : findAttribute(type, parsed);
  return ref === undefined ? undefined : { kind: 'attribute', ref };
}

/** The attribute of `sortBy`, with `value` for a complex one (H5). Throws 400 invalidValue (H9). */
export function resolveSortPath(text: string, type: ResourceType): AttributeRef {
  const path = findAttributePath(text.trim());
  if (path === undefined) throw unsortable(`expected an attribute such as name.familyName, found ${quote(text)}.`);
  const found = findAttribute(type, path);
  if (found === undefined) throw unsortable(explainUnknownAttribute(type, path));
  const ref = withDefaultSubAttribute(found);
  const attribute = ref.subAttribute ?? ref.attribute;
  if (isSecret(ref) || attribute.type === 'binary') {
    throw unsortable(`${attributeKey(ref)} cannot be sorted by.`);
  }
  if (attribute.type === 'complex') {
    const names = (attribute.subAttributes ?? []).map((sub) => `${attributeKey(ref)}.${sub.name}`);
    throw unsortable(`${attributeKey(ref)} is complex; name a sub-attribute: ${names.join(', ')}.`);
  }
  return ref;
}

function unknownPath(message: string): ScimError {
  return badRequest('invalidPath', `Path: ${message}`);
}

function unsortable(message: string): ScimError {
  return badRequest('invalidValue', `sortBy: ${message}`);
}
