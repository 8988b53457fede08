// Where references to other resources stand in the data of a bulk operation (M12): in the values of reference attributes,
// in the values of PATCH operations and in the filters of their paths. Texts of other attributes are never touched, even
// where they look like a bulkId.
import { findAttributePath } from '../filter/attribute-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { findAttribute, findSchema } from '../schema/find-attribute.ts';
import type { ResourceType, SchemaAttribute } from '../schema/schema.ts';
import { urns } from '../urns.ts';
import type { BulkOperation } from './bulk.ts';

/** From a reference as written to what shall stand there. */
export type MapReference = (reference: string) => string;

/** The data with every reference replaced. Whatever has not the form of a message is left for its parser to refuse. */
export function mapReferences(operation: BulkOperation, map: MapReference): JsonValue | undefined {
  const { method, resourceType: type, data } = operation;
  if (!isJsonObject(data)) return data;
  const isPatch = method === 'PATCH';
  const context = { type, map, keysArePaths: isPatch };
  return isPatch ? mapPatch(data, context) : mapAttributes(data, '', context);
}

interface Context {
  readonly type: ResourceType;
  readonly map: MapReference;
  /** As Entra writes them in PATCH values (E22). */
  readonly keysArePaths: boolean;
}

/** All references of an operation, as written. */
export function referencesOf(operation: BulkOperation): readonly string[] {
  const found = new Set<string>();
  mapReferences(operation, (reference) => {
    found.add(reference);
    return reference;
  });
  return [...found];
}

/** A resource without some of its references, and the PATCH message that puts them in once they can be had (M14). */
export function postponeReferences(
  data: JsonObject,
  type: ResourceType,
  isPostponed: (reference: string) => boolean,
): { readonly data: JsonObject; readonly patch: JsonObject } {
  const operations: JsonObject[] = [];
  const cut = (object: JsonObject, prefix: string): JsonObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([key, value]): [string, JsonValue | undefined][] => {
        const schema = findSchema(type, key);
        if (schema !== undefined && isJsonObject(value)) return [[key, cut(value, `${schema.id}:`)]];
        if (isFiltered(key) || !findReference(prefix + key, type).value) return [[key, value]];
        const elements = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
        const [kept, postponed] = partition(elements, (element) => !holdsReference(element, isPostponed));
        if (postponed.length === 0) return [[key, value]];
        operations.push({ op: 'add', path: prefix + key, value: Array.isArray(value) ? postponed : postponed[0] });
        return Array.isArray(value) ? [[key, kept]] : [];
      }),
    );
  const rest = cut(data, '');
  return { data: rest, patch: { schemas: [urns.patchOp], Operations: operations } };
}

function holdsReference(value: JsonValue | undefined, test: (reference: string) => boolean): boolean {
  let holds = false;
  mapValue(value, (reference) => {
    holds ||= test(reference);
    return reference;
  });
  return holds;
}

function partition<T>(
  items: readonly (T | undefined)[],
  keep: (item: T | undefined) => boolean,
): [kept: T[], others: T[]] {
  const present = items.filter((item): item is T => item !== undefined);
  return [present.filter(keep), present.filter((item) => !keep(item))];
}

function mapPatch(message: JsonObject, context: Context): JsonObject {
  return mapMembers(message, (name, operations) =>
    name.toLowerCase() === 'operations' && Array.isArray(operations)
      ? (operations as readonly JsonValue[]).map((each) =>
          isJsonObject(each) ? mapPatchOperation(each, context) : each,
        )
      : operations,
  );
}

function mapPatchOperation(operation: JsonObject, context: Context): JsonObject {
  const { type, map } = context;
  const path = Object.entries(operation).find(([name]) => name.toLowerCase() === 'path')?.[1];
  const target = typeof path === 'string' ? findReference(path, type) : { filter: false, value: false };
  const schema = typeof path === 'string' ? findSchema(type, path) : undefined;
  const extension = schema === undefined ? '' : `${schema.id}:`;
  return mapMembers(operation, (name, member) => {
    switch (name.toLowerCase()) {
      case 'path':
        return target.filter && typeof member === 'string' ? mapLiterals(member, map) : member;
      case 'value':
        if (target.value) return mapValue(member, map);
        return isJsonObject(member) ? mapAttributes(member, extension, context) : member;
      default:
        return member;
    }
  });
}

/** `prefix` is the URN of the extension that the object belongs to, with a colon, or empty. */
function mapAttributes(object: JsonObject, prefix: string, context: Context): JsonObject {
  const { type, map, keysArePaths } = context;
  const entries = Object.entries(object).map(([key, value]): [string, JsonValue | undefined] => {
    const schema = findSchema(type, key);
    if (schema !== undefined && isJsonObject(value)) return [key, mapAttributes(value, `${schema.id}:`, context)];
    if (isFiltered(key) && !keysArePaths) return [key, value];
    const target = findReference(prefix + key, type);
    return [target.filter ? mapLiterals(key, map) : key, target.value ? mapValue(value, map) : value];
  });
  return Object.fromEntries(entries);
}

/** The value of a reference attribute: ids, or elements with the id in `value`. */
function mapValue(value: JsonValue | undefined, map: MapReference): JsonValue | undefined {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((each) => mapValue(each, map) ?? null);
  if (!isJsonObject(value)) return value;
  return mapMembers(value, (name, member) =>
    name.toLowerCase() === 'value' && typeof member === 'string' ? map(member) : member,
  );
}

function mapMembers(
  object: JsonObject,
  map: (name: string, member: JsonValue | undefined) => JsonValue | undefined,
): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [name, map(name, member)]));
}

/** The strings of a filter; one that is malformed is left for the parser to refuse. */
function mapLiterals(path: string, map: MapReference): string {
  return path.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => {
    const text = readLiteral(literal);
    return text === undefined ? literal : JSON.stringify(map(text));
  });
}

function readLiteral(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

/** Whether a path leads into a reference attribute: then its filter may name ids; and whether its value is one. */
function findReference(text: string, type: ResourceType): { readonly filter: boolean; readonly value: boolean } {
  const bracket = text.indexOf('[');
  const path = findAttributePath(bracket === -1 ? text : text.slice(0, bracket));
  const ref = path === undefined ? undefined : findAttribute(type, path);
  if (ref === undefined || !isReference(ref.attribute)) return { filter: false, value: false };
  const sub = bracket === -1 ? ref.subAttribute?.name : /\]\.([^.\]]+)$/.exec(text)?.[1];
  return { filter: bracket !== -1, value: sub === undefined || sub.toLowerCase() === 'value' };
}

function isFiltered(path: string): boolean {
  return path.includes('[');
}

/** To a resource of this server, not to anything on the web. */
function isReference({ type, referenceTypes = [], subAttributes = [] }: SchemaAttribute): boolean {
  if (type === 'complex') return subAttributes.some((sub) => sub.name === '$ref' || isReference(sub));
  return type === 'reference' && referenceTypes.some((name) => name !== 'external' && name !== 'uri');
}
