// Reads a BulkRequest message (RFC 7644 s3.7). What is wrong with the message refuses it; what is wrong with one
// operation is kept with that operation. The data of an operation is looked at when its turn comes, as its references
// are not known before.
import { badRequest, ScimError } from '../error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { findMember } from '../json-members.ts';
import type { ResourceType } from '../schema/schema.ts';
import { sameUrn, urns } from '../urns.ts';
import { type BulkMethod, type BulkOperation, type BulkRequest, findBulkId, type RefusedOperation } from './bulk.ts';

export interface BulkScope {
  readonly types: readonly ResourceType[];
  /** External, without a trailing slash: paths may begin with it. */
  readonly baseUrl: string;
  readonly maxOperations: number;
}

/** Throws 400 invalidSyntax or invalidValue for the message as a whole, 413 for too many operations (M15, M21). */
export function parseBulk(body: unknown, scope: BulkScope): BulkRequest {
  if (!isJsonObject(body)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  const schemas: unknown = findMember(body, 'schemas');
  if (!Array.isArray(schemas) || !schemas.some((urn) => typeof urn === 'string' && sameUrn(urn, urns.bulkRequest))) {
    throw badRequest('invalidSyntax', `schemas must name "${urns.bulkRequest}".`);
  }
  const operations: unknown = findMember(body, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0) {
    throw badRequest('invalidSyntax', 'Operations must be an array with at least one operation.');
  }
  if (operations.length > scope.maxOperations) {
    const detail = `A bulk request may hold ${scope.maxOperations} operations (maxOperations); this one holds ${operations.length}.`;
    throw new ScimError(413, undefined, detail);
  }
  const failOnErrors = parseFailOnErrors(findMember(body, 'failOnErrors'));
  return {
    operations: refuseRepeated((operations as readonly JsonValue[]).map((each) => parseOperation(each, scope))),
    ...(failOnErrors === undefined ? {} : { failOnErrors }),
  };
}

function parseFailOnErrors(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw badRequest('invalidValue', 'failOnErrors must be a whole number above 0.');
}

function parseOperation(operation: JsonValue, scope: BulkScope): BulkOperation | RefusedOperation {
  if (!isJsonObject(operation)) return { error: badRequest('invalidSyntax', 'An operation must be an object.') };
  const shown: { method?: string; bulkId?: string } = {};
  try {
    const [method, bulkId] = [findMember(operation, 'method'), findMember(operation, 'bulkId')];
    if (typeof method === 'string') shown.method = method;
    if (typeof bulkId === 'string') shown.bulkId = bulkId;
    return { ...shown, ...readOperation(operation, method, bulkId, scope) };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { ...shown, error };
  }
}

function readOperation(
  operation: JsonObject,
  givenMethod: JsonValue | undefined,
  bulkId: JsonValue | undefined,
  scope: BulkScope,
): BulkOperation {
  const method = parseMethod(givenMethod);
  const bulkIdIsMissing = bulkId === undefined || bulkId === null || bulkId === '';
  if (!bulkIdIsMissing && typeof bulkId !== 'string') throw badRequest('invalidSyntax', 'bulkId must be a string.');
  if (bulkIdIsMissing && method === 'POST') throw badRequest('invalidSyntax', 'POST needs a bulkId.');
  const path = findMember(operation, 'path');
  if (typeof path !== 'string') throw badRequest('invalidSyntax', 'path must be a string such as "/Users".');
  const version = findMember(operation, 'version') ?? undefined;
  if (version !== undefined && typeof version !== 'string')
    throw badRequest('invalidSyntax', 'version must be a string.');
  const data = method === 'DELETE' ? undefined : parseData(method, findMember(operation, 'data'));
  return {
    method,
    ...parsePath(method, path, scope),
    ...(version === undefined ? {} : { version }),
    ...(data === undefined ? {} : { data }),
  };
}

function parseMethod(method: JsonValue | undefined): BulkMethod {
  const name = typeof method === 'string' ? method.toUpperCase() : undefined;
  if (name === 'POST' || name === 'PUT' || name === 'PATCH' || name === 'DELETE') return name;
  throw badRequest('invalidSyntax', 'method must be POST, PUT, PATCH or DELETE.');
}

/** The data of a PATCH is a whole message (erratum 5050); the bare operations of RFC 7644's own example are taken too. */
function parseData(method: BulkMethod, data: JsonValue | undefined): JsonValue {
  if (isJsonObject(data)) return data;
  if (method === 'PATCH' && Array.isArray(data)) return { schemas: [urns.patchOp], Operations: data };
  throw badRequest('invalidSyntax', `${method} needs data, a JSON object.`);
}

/** Below the base URL, or with it, or with its path, or with the version before it (M5). */
function parsePath(
  method: BulkMethod,
  path: string,
  { types, baseUrl }: BulkScope,
): Pick<BulkOperation, 'resourceType' | 'target'> {
  const local = withoutBase(path, baseUrl);
  const [, endpoint = '', segment] = /^(\/.+?)(?:\/([^/]+))?\/?$/.exec(local) ?? [];
  const collection = types.find((type) => type.endpoint === local.replace(/\/$/, ''));
  const resourceType = collection ?? types.find((type) => type.endpoint === endpoint);
  if (resourceType === undefined) {
    throw new ScimError(404, undefined, 'path must be an endpoint of a resource type, or a resource below it.');
  }
  if (method === 'POST') {
    if (collection !== undefined) return { resourceType };
    throw new ScimError(405, undefined, 'POST takes the endpoint of a resource type as path.');
  }
  if (collection !== undefined || segment === undefined) {
    throw new ScimError(
      405,
      undefined,
      `${method} takes the path of a resource, such as "${resourceType.endpoint}/1".`,
    );
  }
  const id = decodeSegment(segment);
  const bulkId = findBulkId(id);
  return { resourceType, target: bulkId === undefined ? { id } : { bulkId } };
}

function withoutBase(path: string, baseUrl: string): string {
  const prefixes = [baseUrl, URL.parse(baseUrl)?.pathname.replace(/\/$/, '') ?? '', '/v2'];
  const prefix = prefixes.find((each) => each !== '' && path.startsWith(`${each}/`)) ?? '';
  const local = path.slice(prefix.length);
  return local.startsWith('/') ? local : `/${local}`;
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ScimError(404, undefined, 'path names no resource.');
  }
}

/** Of several operations with one bulkId the first keeps it (M4). */
function refuseRepeated(
  operations: readonly (BulkOperation | RefusedOperation)[],
): readonly (BulkOperation | RefusedOperation)[] {
  const seen = new Set<string>();
  return operations.map((operation) => {
    const { method, bulkId } = operation;
    if (bulkId === undefined || 'error' in operation) return operation;
    if (!seen.has(bulkId)) {
      seen.add(bulkId);
      return operation;
    }
    const error = badRequest('invalidValue', `bulkId ${JSON.stringify(bulkId.slice(0, 80))} is given more than once.`);
    return { error, bulkId, ...(method === undefined ? {} : { method }) };
  });
}
