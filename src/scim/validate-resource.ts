// Takes the body of a POST or PUT to a canonical resource (RFC 7643 s2 and s3, RFC 7644 s3.3 and s3.5.1), or refuses it.
// Never looks at what is stored: uniqueness, references and immutable values are for those who know the directory.

import { equalJson } from './equal-resources.ts';
import { badRequest } from './error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { findMember, type JsonEntry, uniqueEntries } from './json-members.ts';
import type { ClientProfile } from './profile.ts';
import { getAttribute, type Resource } from './resource.ts';
import { attributeRefs } from './schema/attribute-refs.ts';
import { coerceValue, isNothing } from './schema/coerce-value.ts';
import { findAttribute, findSchema } from './schema/find-attribute.ts';
import {
  type AttributeRef,
  attributeKey,
  type ResourceType,
  type Schema,
  type SchemaAttribute,
} from './schema/schema.ts';
import { withSchemas } from './schemas-attribute.ts';
import { sameUrn } from './urns.ts';

export interface ValidateOptions {
  readonly mode: 'create' | 'replace';
  readonly profile: ClientProfile;
}

/**
 * The canonical resource. What clients may not write (`id`, `meta`, readOnly attributes) is left out (B3, D3); unassigned
 * attributes are left out. Throws 400 invalidSyntax or invalidValue with the attribute's path.
 */
export function validateResource(body: unknown, type: ResourceType, { mode, profile }: ValidateOptions): Resource {
  const given = readBody(body);
  checkSchemas(given, type, profile);
  const content: Record<string, JsonValue> = {};
  for (const { ref, raw } of attributeEntries(given, type, profile)) {
    const value = coerceValue(raw, ref.attribute, attributeKey(ref), profile);
    if (value === undefined) continue;
    if (!ref.extension) content[ref.attribute.name] = value;
    else content[ref.urn] = { ...(content[ref.urn] as JsonObject | undefined), [ref.attribute.name]: value };
  }
  const resource = withSchemas(content, type);
  checkRequired(resource, type, mode);
  return resource;
}

/**
 * The attributes that a PUT body names with null, "" or [] (D5): these are cleared even where omitting them would have
 * kept them, as with `members`. Of a whole extension given as null: all its attributes.
 */
export function findCleared(body: unknown, type: ResourceType, profile: ClientProfile): AttributeRef[] {
  return attributeEntries(readBody(body), type, profile)
    .filter(({ ref, raw }) => coerceValue(raw, ref.attribute, attributeKey(ref), profile) === undefined)
    .map(({ ref }) => ref);
}

/** 400 invalidValue where a required attribute or sub-attribute is missing or blank (B6, D6, Q23). */
export function checkRequired(resource: Resource, type: ResourceType, mode: 'create' | 'replace'): void {
  for (const { schema, required } of type.extensions) {
    if (required && !Object.hasOwn(resource, schema.id)) {
      throw badRequest('invalidValue', `${schema.id} is required: give at least one attribute of this extension.`);
    }
  }
  for (const ref of attributeRefs(type)) {
    const value = getAttribute(resource, ref);
    // A required attribute of an optional extension is missing only where the extension is used.
    const expected = !ref.extension || Object.hasOwn(resource, ref.urn);
    if (expected && isDemanded(ref.attribute, mode) && isBlank(value)) {
      throw badRequest('invalidValue', `${attributeKey(ref)} is required.`);
    }
    checkRequiredParts(value, ref, mode);
  }
}

/**
 * 400 mutability where `after` changes or drops a value of `before` that is immutable (D7). Values of a multi-valued
 * attribute come and go as wholes, so their sub-attributes cannot differ.
 */
export function checkImmutable(before: Resource, after: Resource, type: ResourceType): void {
  for (const ref of attributeRefs(type)) {
    const parts = ref.attribute.multiValued ? [] : (ref.attribute.subAttributes ?? []);
    const fixed: AttributeRef[] = [
      ...(ref.attribute.mutability === 'immutable' ? [ref] : []),
      ...parts.filter((sub) => sub.mutability === 'immutable').map((subAttribute) => ({ ...ref, subAttribute })),
    ];
    for (const target of fixed) {
      const value = getAttribute(before, target);
      if (value !== undefined && !equalJson(value, getAttribute(after, target))) {
        throw badRequest('mutability', `${attributeKey(target)} is immutable: it has a value and keeps it.`);
      }
    }
  }
}

function readBody(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  return body;
}

function checkSchemas(body: JsonObject, type: ResourceType, profile: ClientProfile): void {
  const schemas: unknown = findMember(body, 'schemas');
  const listed = Array.isArray(schemas) && schemas.every((urn): urn is string => typeof urn === 'string');
  if (profile.missingSchema === 'reject') {
    if (!listed)
      throw badRequest('invalidSyntax', `schemas must be an array of URNs, with "${type.schema.id}" among them.`);
    if (!schemas.some((urn) => sameUrn(urn, type.schema.id))) {
      throw badRequest('invalidSyntax', `schemas must name "${type.schema.id}".`);
    }
  }
  if (!listed || profile.unknownAttributes === 'ignore') return;
  const known = [type.schema.id, ...type.extensions.map(({ schema }) => schema.id)];
  const stranger = schemas.find((urn) => !known.some((candidate) => sameUrn(candidate, urn)));
  if (stranger !== undefined) throw badRequest('invalidSyntax', `schemas: "${stranger}" is not known here.`);
}

interface AttributeEntry {
  readonly ref: AttributeRef;
  readonly raw: JsonValue | undefined;
}

/** What the body says of attributes that a client may write. */
function attributeEntries(body: JsonObject, type: ResourceType, profile: ClientProfile): AttributeEntry[] {
  return uniqueEntries(body).flatMap(([name, raw]) => {
    const schema = findSchema(type, name);
    if (schema === undefined || schema === type.schema) return entriesOf([[name, raw]], type, type.schema, profile);
    // null for the extension is null for each of its attributes.
    const inner = raw === null ? schema.attributes.map((attribute) => [attribute.name, null] as const) : undefined;
    return entriesOf(inner ?? extensionEntries(raw, schema), type, schema, profile);
  });
}

function entriesOf(
  entries: readonly JsonEntry[],
  type: ResourceType,
  schema: Schema,
  profile: ClientProfile,
): AttributeEntry[] {
  return entries.flatMap(([attribute, raw]) => {
    const ref = findAttribute(type, { urn: schema.id, attribute });
    if (ref !== undefined) return ref.attribute.mutability === 'readOnly' ? [] : [{ ref, raw }];
    if (profile.unknownAttributes === 'ignore') return [];
    const name = schema === type.schema ? attribute : `${schema.id}:${attribute}`;
    throw badRequest('invalidSyntax', `${name} is not an attribute of ${type.name}.`);
  });
}

function extensionEntries(raw: JsonValue | undefined, schema: Schema): readonly JsonEntry[] {
  if (isNothing(raw)) return [];
  if (isJsonObject(raw)) return uniqueEntries(raw);
  throw badRequest('invalidValue', `${schema.id} must be an object with the extension's attributes.`);
}

/** 400 invalidValue where a value of a complex attribute, or one of its values, lacks a required part. */
export function checkRequiredParts(value: JsonValue | undefined, ref: AttributeRef, mode: 'create' | 'replace'): void {
  const demanded = (ref.attribute.subAttributes ?? []).filter((sub) => isDemanded(sub, mode));
  if (demanded.length === 0 || value === undefined) return;
  const elements = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  for (const element of elements.filter(isJsonObject)) {
    const missing = demanded.find((sub) => isBlank(element[sub.name]));
    if (missing === undefined) continue;
    throw badRequest('invalidValue', `${attributeKey({ ...ref, subAttribute: missing })} is required.`);
  }
}

/** A write-only value, such as a password, need not come again with every PUT (D5). */
function isDemanded(attribute: SchemaAttribute, mode: 'create' | 'replace'): boolean {
  if (!attribute.required || attribute.mutability === 'readOnly') return false;
  return mode === 'create' || attribute.mutability !== 'writeOnly';
}

function isBlank(value: JsonValue | undefined): boolean {
  return isNothing(value) || (typeof value === 'string' && value.trim() === '');
}
