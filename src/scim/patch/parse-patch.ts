// Reads a PatchOp message (RFC 7644 s3.5.2) into typed operations, one attribute each. All that real clients send beside
// the RFC's forms is straightened here, so that whoever applies operations sees one form. Never looks at the resource.
import { badRequest, ScimError } from '../error.ts';
import { evaluateOnElement } from '../filter/evaluate.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { findMember, uniqueEntries } from '../json-members.ts';
import { parsePatchPath } from '../path/parse-path.ts';
import { type ResolvedPatchPath, resolvePatchPath } from '../path/resolve-path.ts';
import type { ClientProfile } from '../profile.ts';
import { isNothing } from '../schema/coerce-value.ts';
import { findSchema } from '../schema/find-attribute.ts';
import { attributeKey, type ResourceType, type SchemaExtension } from '../schema/schema.ts';
import { sameUrn, urns } from '../urns.ts';
import type { PatchOperation, PatchTarget } from './patch.ts';
import { isReadOnly, operationsOn } from './target-operations.ts';

type Op = PatchOperation['op'];

interface Context {
  readonly type: ResourceType;
  readonly profile: ClientProfile;
}

/**
 * The operations of a PATCH body, in their order. Throws 400 with the scimType that conformance.md 1.E names for each
 * mistake; the detail begins with the operation's place.
 */
export function parsePatch(body: unknown, type: ResourceType, profile: ClientProfile): PatchOperation[] {
  return readOperations(body, profile).flatMap((operation, index) => {
    try {
      return parseOperation(operation, { type, profile });
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      throw new ScimError(error.status, error.scimType, `Operations[${index}]: ${error.detail}`, { cause: error });
    }
  });
}

function readOperations(body: unknown, { emptyOperations }: ClientProfile): readonly unknown[] {
  if (!isJsonObject(body)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  const schemas: unknown = findMember(body, 'schemas');
  if (!Array.isArray(schemas) || !schemas.some((urn) => typeof urn === 'string' && sameUrn(urn, urns.patchOp))) {
    throw badRequest('invalidSyntax', `schemas must name "${urns.patchOp}".`);
  }
  const operations: unknown = findMember(body, 'Operations');
  if (Array.isArray(operations) && (operations.length > 0 || emptyOperations === 'nothing')) return operations;
  throw badRequest('invalidSyntax', 'Operations must be an array with at least one operation.');
}

function parseOperation(operation: unknown, context: Context): PatchOperation[] {
  if (!isJsonObject(operation)) throw badRequest('invalidSyntax', 'an operation must be an object.');
  const op = parseOp(findMember(operation, 'op'));
  const path = findMember(operation, 'path') ?? undefined;
  const value = findMember(operation, 'value');
  if (path === undefined) return parsePathless(op, value, context);
  if (typeof path !== 'string') throw badRequest('invalidPath', 'path must be a string.');
  if (sameUrn(path, context.type.schema.id)) return parsePathless(op, value, context);
  const resolved = resolvePatchPath(parsePatchPath(path), context.type, context.profile);
  if ('extension' in resolved) return parseExtension(op, resolved.extension, value, context);
  return isSchemas(resolved)
    ? parseSchemas(op, resolved, value, context)
    : operationsOn(op, resolved, value, context.profile);
}

function parseOp(op: unknown): Op {
  const name = typeof op === 'string' ? op.toLowerCase() : undefined;
  if (name === 'add' || name === 'remove' || name === 'replace') return name;
  throw badRequest('invalidSyntax', 'op must be "add", "remove" or "replace".');
}

function parsePathless(op: Op, value: JsonValue | undefined, context: Context): PatchOperation[] {
  if (op === 'remove') throw badRequest('noTarget', 'remove needs a path.');
  if (!isJsonObject(value)) throw badRequest('invalidValue', 'without a path, value must be an object of attributes.');
  return uniqueEntries(value).flatMap(([key, member]) => {
    const schema = findSchema(context.type, key);
    if (schema === context.type.schema) return parsePathless(op, member, context);
    if (schema !== undefined) return parseExtension(op, schema.id, member ?? null, context);
    if (context.profile.pathsAsKeys === 'unknown' && isPath(key)) return skipUnknown(key, context);
    return parseKey(op, key, member, context);
  });
}

/** A key of a path-less value: an attribute, or a path as Entra writes them there (E22). */
function parseKey(
  op: 'add' | 'replace',
  key: string,
  value: JsonValue | undefined,
  context: Context,
): PatchOperation[] {
  const target = findKeyTarget(key, context);
  if (target === undefined || isReadOnly(target)) return [];
  return operationsOn(op, target, value, context.profile);
}

/** Undefined for a key that no attribute has, where the profile lets it pass (B5). */
function findKeyTarget(key: string, context: Context): PatchTarget | undefined {
  let resolved: ResolvedPatchPath;
  try {
    resolved = resolvePatchPath(parsePatchPath(key), context.type, context.profile);
  } catch (error) {
    if (!(error instanceof ScimError) || error.scimType !== 'invalidPath') throw error;
    skipUnknown(key, context);
    return undefined;
  }
  return 'extension' in resolved ? undefined : resolved;
}

/** Whether a key spells more than an attribute's name. */
function isPath(key: string): boolean {
  return /[.:[]/.test(key);
}

function skipUnknown(key: string, { type, profile }: Context): [] {
  if (profile.unknownAttributes === 'ignore') return [];
  throw badRequest('invalidSyntax', `${key} is not an attribute of ${type.name}.`);
}

/** A path that names an extension whole (E43). */
function parseExtension(op: Op, urn: string, value: JsonValue | undefined, context: Context): PatchOperation[] {
  const extension = context.type.extensions.find(({ schema }) => schema.id === urn);
  if (extension === undefined) throw badRequest('invalidPath', `${context.type.name} has no extension "${urn}".`);
  if (op === 'remove') return clearExtension(extension);
  if (op === 'add' && value === undefined) throw badRequest('invalidValue', 'add needs a value.');
  if (isNothing(value)) return op === 'add' ? [] : clearExtension(extension);
  if (!isJsonObject(value)) throw badRequest('invalidValue', `${urn} must be an object of attributes.`);
  return uniqueEntries(value).flatMap(([key, member]) => parseKey(op, `${urn}:${key}`, member, context));
}

function clearExtension({ schema, required }: SchemaExtension): PatchOperation[] {
  if (required) throw badRequest('mutability', `${schema.id} is required and cannot be removed.`);
  return schema.attributes
    .map((attribute): PatchTarget => ({ ref: { urn: schema.id, extension: true, attribute } }))
    .filter((target) => !isReadOnly(target))
    .map((target) => ({ op: 'remove', target }));
}

function isSchemas({ ref }: PatchTarget): boolean {
  return !ref.extension && ref.attribute.name === 'schemas';
}

/** `schemas` follows from the data: naming URNs does nothing, taking the core schema away is refused (E54). */
function parseSchemas(op: Op, target: PatchTarget, value: JsonValue | undefined, { type }: Context): [] {
  const named: readonly unknown[] = Array.isArray(value) ? value : isNothing(value) ? [] : [value];
  const namesCore = named.some((urn) => typeof urn === 'string' && sameUrn(urn, type.schema.id));
  const { filter } = target;
  const removesCore =
    filter === undefined ? named.length === 0 || namesCore : evaluateOnElement(filter, type.schema.id);
  if ((op === 'remove' && removesCore) || (op === 'replace' && !namesCore)) {
    throw badRequest('mutability', `${attributeKey(target.ref)} must keep "${type.schema.id}".`);
  }
  if (op === 'add' && !(named.length > 0 && named.every((urn) => typeof urn === 'string'))) {
    throw badRequest('invalidValue', 'schemas must be an array of URNs.');
  }
  return [];
}
