// Runs the operations of a bulk request (RFC 7644 s3.7), each through the same parser and the same gateway as a request of
// its own: what fails, fails alone, and nothing is undone for it. Knows no LDAP.
import { type BulkOperation, type BulkRequest, type BulkResult, findBulkId } from '../scim/bulk/bulk.ts';
import { mapReferences, postponeReferences } from '../scim/bulk/bulk-references.ts';
import { type BulkStep, planBulk } from '../scim/bulk/plan-bulk.ts';
import { ScimError } from '../scim/error.ts';
import { isJsonObject } from '../scim/json.ts';
import { parseCreate, parseDelete, parsePatchRequest, parseReplace } from '../scim/parse-request.ts';
import type { ClientProfile } from '../scim/profile.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import type { Gateway, RequestContext } from './gateway.ts';

/** Operations under way at once: more only wait for one another in the directory. */
const PARALLEL = 8;

export interface BulkOptions {
  readonly gateway: Gateway;
  readonly context: RequestContext;
  /** Anything thrown, as what the client gets. */
  readonly explain: (thrown: unknown) => ScimError;
}

/**
 * One result for every operation that was processed, in the order of the request (M2). With `failOnErrors` the operations
 * run one by one, so that nothing is begun after the last error that is accepted (M11). Rejects where the request is
 * given up.
 */
export async function runBulk(request: BulkRequest, options: BulkOptions): Promise<readonly BulkResult[]> {
  const { operations, failOnErrors = Number.POSITIVE_INFINITY } = request;
  const { signal } = options.context;
  const results = new Map<number, BulkResult>();
  const failed = new Set<number>();
  const created: Created = new Map();
  const keep = (index: number, result: BulkResult): void => {
    results.set(index, result);
    if (result.error !== undefined) failed.add(index);
  };

  const runStep = async ({ index, kind, postponed }: BulkStep): Promise<void> => {
    signal.throwIfAborted();
    const operation = operations[index];
    const before = results.get(index);
    if (operation === undefined || (kind === 'run' && failed.size >= failOnErrors)) return;
    if ('error' in operation) keep(index, { ...operation, status: operation.error.status });
    else if (kind === 'run') keep(index, await runOperation(operation, postponed, created, options));
    else if (before !== undefined) keep(index, await complete(operation, before, postponed, created, options));
  };

  const steps = planBulk(operations);
  if (request.failOnErrors === undefined) await runSideBySide(steps, runStep);
  else for (const step of steps) await runStep(step);
  return operations.flatMap((_operation, index) => results.get(index) ?? []);
}

/** Each step as soon as those before it have ended and there is room. */
async function runSideBySide(steps: readonly BulkStep[], run: (step: BulkStep) => Promise<void>): Promise<void> {
  const room = createRoom(PARALLEL);
  const ends: Promise<void>[] = [];
  const groups = new Map<readonly number[], Promise<unknown>>();
  const ended = (group: readonly number[]): Promise<unknown> => {
    const known = groups.get(group) ?? Promise.all(group.flatMap((position) => ends[position] ?? []));
    groups.set(group, known);
    return known;
  };
  for (const step of steps) {
    const before = step.after.map(ended);
    ends.push(
      (async () => {
        await Promise.all(before);
        await room(() => run(step));
      })(),
    );
  }
  await Promise.all(ends);
}

/** At most `size` works at once, first come, first served. */
function createRoom(size: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

type Created = Map<string, string>;

async function runOperation(
  operation: BulkOperation,
  postponed: ReadonlySet<string>,
  created: Created,
  options: BulkOptions,
): Promise<BulkResult> {
  const { method, bulkId } = operation;
  const shown = { method, ...(bulkId === undefined ? {} : { bulkId }) };
  let place = {};
  try {
    const id = idOf(operation, created);
    if (id !== undefined) place = { location: locationOf(operation, id, options) };
    const { status, body, location, version } = await runOne(withoutPostponed(operation, postponed), created, options);
    const newId = body?.['id'];
    if (method === 'POST' && bulkId !== undefined && typeof newId === 'string') created.set(bulkId, newId);
    return {
      ...shown,
      ...place,
      ...(location !== undefined && { location }),
      ...(version !== undefined && { version }),
      status,
    };
  } catch (thrown) {
    const error = explain(thrown, options);
    return { ...shown, ...place, status: error.status, error };
  }
}

/** Puts in the references that could not be had when the resource was created; a create that lacks them has failed. */
async function complete(
  operation: BulkOperation,
  before: BulkResult,
  postponed: ReadonlySet<string>,
  created: Created,
  options: BulkOptions,
): Promise<BulkResult> {
  const { data, bulkId = '', resourceType } = operation;
  if (before.error !== undefined || !isJsonObject(data)) return before;
  const { location, version: _outdated, ...shown } = before;
  const place = location === undefined ? {} : { location };
  const target = { bulkId };
  try {
    const { patch } = postponeReferences(data, resourceType, isAmong(postponed));
    const { version } = await runOne({ method: 'PATCH', resourceType, target, data: patch }, created, options);
    return { ...shown, ...place, ...(version === undefined ? {} : { version }) };
  } catch (thrown) {
    const error = explain(thrown, options);
    try {
      await runOne({ method: 'DELETE', resourceType, target }, created, options);
      created.delete(bulkId);
      return { ...shown, status: error.status, error };
    } catch (undoThrown) {
      explain(undoThrown, options);
      // What is there nevertheless can be found.
      return { ...shown, ...place, status: error.status, error };
    }
  }
}

function withoutPostponed(operation: BulkOperation, postponed: ReadonlySet<string>): BulkOperation {
  const { data, resourceType } = operation;
  if (postponed.size === 0 || !isJsonObject(data)) return operation;
  return { ...operation, data: postponeReferences(data, resourceType, isAmong(postponed)).data };
}

function isAmong(bulkIds: ReadonlySet<string>): (reference: string) => boolean {
  return (reference) => bulkIds.has(findBulkId(reference) ?? '');
}

function runOne(operation: BulkOperation, created: Created, { gateway, context }: BulkOptions): Promise<ScimResponse> {
  return gateway.run(toRequest(operation, created, context.profile), context);
}

function toRequest(operation: BulkOperation, created: Created, profile: ClientProfile): ScimRequest {
  const { method, resourceType, version } = operation;
  const id = idOf(operation, created) ?? '';
  const body = mapReferences(operation, (reference) => resolveReference(reference, created));
  // No resource goes into the answer, so that none needs to be read.
  const parts = { resourceType, profile, parameters: [['attributes', 'id'] as const], ifMatch: version, id, body };
  switch (method) {
    case 'POST':
      return parseCreate(parts);
    case 'PUT':
      return parseReplace(parts);
    case 'PATCH':
      return parsePatchRequest(parts);
    case 'DELETE':
      return parseDelete(parts);
  }
}

/** Undefined for a create. */
function idOf({ target }: BulkOperation, created: Created): string | undefined {
  if (target === undefined) return undefined;
  return 'id' in target ? target.id : getCreated(target.bulkId, created);
}

function resolveReference(reference: string, created: Created): string {
  const bulkId = findBulkId(reference);
  return bulkId === undefined ? reference : getCreated(bulkId, created);
}

/** Throws 409 (M13). */
function getCreated(bulkId: string, created: Created): string {
  const id = created.get(bulkId);
  if (id !== undefined) return id;
  const shown = JSON.stringify(bulkId.slice(0, 80));
  throw new ScimError(409, undefined, `No operation of this request has created a resource with the bulkId ${shown}.`);
}

function locationOf({ resourceType }: BulkOperation, id: string, { context }: BulkOptions): string {
  return `${context.baseUrl}${resourceType.endpoint}/${encodeURIComponent(id)}`;
}

/** Rejects instead where the whole request is given up. */
function explain(thrown: unknown, { context, explain: toScimError }: BulkOptions): ScimError {
  context.signal.throwIfAborted();
  return toScimError(thrown);
}
