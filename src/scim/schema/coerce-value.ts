// Turns a JSON value that a client sent into the canonical value of an attribute, or refuses it with a message that names
// the path. What real clients send besides the RFC's forms (conformance.md 2.14) is accepted here and nowhere else.
import { badRequest, type ScimError } from '../error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { type ClientProfile, interop } from '../profile.ts';
import { parseDateTime } from './date-time.ts';
import { checkPrimary, uniqueElements } from './elements.ts';
import { findByName } from './find-attribute.ts';
import type { SchemaAttribute } from './schema.ts';

/**
 * The value in the schema's names and types; undefined where it means "unassigned": null, "", [] and objects of nothing
 * else (RFC 7643 s2.5). A multi-valued attribute comes out as an array. `path` is for messages. Throws 400 invalidValue,
 * or invalidSyntax for names that differ in letter case only and, by profile, for unknown ones.
 */
export function coerceValue(
  value: unknown,
  attribute: SchemaAttribute,
  path: string,
  profile: ClientProfile = interop,
): JsonValue | undefined {
  if (!attribute.multiValued) return coerceSingle(value, attribute, path, profile);
  if (isNothing(value)) return undefined;
  const elements = (Array.isArray(value) ? value : [value]).flatMap((element: unknown, index) => {
    const coerced = coerceElement(element, attribute, `${path}[${index}]`, profile);
    return coerced === undefined ? [] : [coerced];
  });
  if (elements.length === 0) return undefined;
  checkPrimary(elements, path);
  return uniqueElements(elements, attribute);
}

/**
 * One value of a multi-valued attribute; undefined where all that matters in it is unassigned. An object without any data
 * is 400 invalidValue (E62), unless `partial`: then it changes a value that is there.
 */
export function coerceElement(
  value: unknown,
  attribute: SchemaAttribute,
  path: string,
  profile: ClientProfile = interop,
  { partial = false }: { readonly partial?: boolean } = {},
): JsonValue | undefined {
  if (value === null || attribute.type !== 'complex') return coerceSimple(value, attribute, path, profile);
  if (!isJsonObject(value)) throw wrong(path, 'an object', value);
  const element = coerceObject(value, attribute, path, profile);
  if (partial || hasData(element, attribute)) return element;
  const emptied = subAttributeEntries(value, attribute, path, profile).some(
    ({ sub, raw }) => !isLabel(sub) && isNothing(raw),
  );
  if (emptied) return undefined;
  throw badRequest('invalidValue', `${path} holds no value.${expectation(attribute)}`);
}

/** The keys of `value` with their sub-attributes, readOnly and unknown ones left out. */
export function subAttributeEntries(
  value: JsonObject,
  attribute: SchemaAttribute,
  path: string,
  profile: ClientProfile = interop,
): { readonly sub: SchemaAttribute; readonly raw: JsonValue | undefined }[] {
  const seen = new Set<string>();
  return Object.entries(value).flatMap(([key, raw]) => {
    const sub = findByName(attribute.subAttributes ?? [], key);
    if (sub === undefined) {
      if (profile.unknownAttributes === 'ignore') return [];
      throw badRequest('invalidSyntax', `${path}.${key} is not an attribute of this resource type.`);
    }
    if (seen.has(sub.name)) throw badRequest('invalidSyntax', `${path}.${sub.name} is given twice.`);
    seen.add(sub.name);
    return sub.mutability === 'readOnly' ? [] : [{ sub, raw }];
  });
}

/** Entra sends a manager as a list of one object, or as the bare id: the object in either, where the profile says so. */
export function unwrapObject(value: unknown, attribute: SchemaAttribute, profile: ClientProfile): unknown {
  if (profile.singleValues === 'exact') return value;
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const valueAttribute = findByName(attribute.subAttributes ?? [], 'value');
  return typeof only === 'string' && valueAttribute !== undefined ? { [valueAttribute.name]: only } : only;
}

/** Whether the value means "unassigned" on its own (B10, Q2). */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Whether an element says more than what kind it is and whether it is preferred. */
export function hasData(element: JsonObject, attribute: SchemaAttribute): boolean {
  return (attribute.subAttributes ?? []).some((sub) => !isLabel(sub) && element[sub.name] !== undefined);
}

function isLabel(sub: SchemaAttribute): boolean {
  return sub.name === 'type' || sub.name === 'primary';
}

function coerceSingle(
  value: unknown,
  attribute: SchemaAttribute,
  path: string,
  profile: ClientProfile,
): JsonValue | undefined {
  if (isNothing(value)) return undefined;
  if (attribute.type !== 'complex') return coerceSimple(value, attribute, path, profile);
  const object = unwrapObject(value, attribute, profile);
  if (!isJsonObject(object)) throw wrong(path, 'an object', value);
  const result = coerceObject(object, attribute, path, profile);
  return Object.keys(result).length === 0 ? undefined : result;
}

function coerceObject(value: JsonObject, attribute: SchemaAttribute, path: string, profile: ClientProfile): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const { sub, raw } of subAttributeEntries(value, attribute, path, profile)) {
    const coerced = coerceValue(raw, sub, `${path}.${sub.name}`, profile);
    if (coerced !== undefined) result[sub.name] = coerced;
  }
  return withValueOfReference(result, attribute);
}

/** `$ref` is made by the server out of `value`; where only `$ref` is given, its last segment is the id (RFC 7643 s2.4). */
function withValueOfReference(object: JsonObject, attribute: SchemaAttribute): JsonObject {
  const { $ref, ...rest } = object;
  if (typeof $ref !== 'string' || findByName(attribute.subAttributes ?? [], 'value') === undefined) return object;
  if (rest['value'] !== undefined) return rest;
  return $ref === '' ? rest : { ...rest, value: idOfUri($ref) };
}

/** The id that the URI of a resource ends in; what has no segments is itself the id. */
export function idOfUri(uri: string): string {
  const [path = ''] = uri.split(/[?#]/, 1);
  const whole = path.endsWith('/') ? path.slice(0, -1) : path;
  const segment = whole.slice(whole.lastIndexOf('/') + 1);
  return decodeSegment(segment === '' ? uri : segment);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function coerceSimple(
  value: unknown,
  attribute: SchemaAttribute,
  path: string,
  profile: ClientProfile,
): JsonValue | undefined {
  if (isNothing(value)) return undefined;
  const { type } = attribute;
  switch (type) {
    case 'string':
    case 'reference':
      if (typeof value !== 'string') throw wrong(path, 'a string', value);
      if (!value.isWellFormed()) throw badRequest('invalidValue', `${path} holds half of a surrogate pair.`);
      return value;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (profile.booleanStrings === 'accept' && typeof value === 'string' && /^(?:true|false)$/i.test(value)) {
        return value.toLowerCase() === 'true';
      }
      throw wrong(path, 'true or false', value);
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(path, 'a whole number', value);
      return value;
    case 'decimal':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, 'a number', value);
      return value;
    case 'dateTime': {
      const dateTime = typeof value === 'string' ? parseDateTime(value) : undefined;
      if (dateTime === undefined) throw wrong(path, 'a date and time with zone such as 2026-01-31T08:30:00Z', value);
      return dateTime.text;
    }
    case 'binary':
      if (typeof value !== 'string' || !isBase64(value)) throw wrong(path, 'base64 text', value);
      // Padding and unused bits in one form, so that equal octets are equal texts.
      return Buffer.from(value, 'base64').toString('base64');
    case 'complex':
      throw wrong(path, 'an object', value);
  }
}

function isBase64(text: string): boolean {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  const digits = text.replace(/=+$/, '').length;
  return digits % 4 !== 1 && (text.length === digits || text.length % 4 === 0);
}

function expectation(attribute: SchemaAttribute): string {
  return findByName(attribute.subAttributes ?? [], 'value') === undefined ? '' : ' Give it a "value".';
}

function wrong(path: string, expected: string, found: unknown): ScimError {
  return badRequest('invalidValue', `${path} must be ${expected}, not ${describe(found)}.`);
}

/** The kind of a value; never its text, which may be a secret. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return value === null ? 'null' : 'an object';
  if (typeof value === 'string') return 'this string';
  return `a ${typeof value}`;
}
