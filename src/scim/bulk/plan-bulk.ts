// The order in which the operations of a bulk request run (RFC 7644 s3.7.1). What is referenced is created first, wherever
// it stands; otherwise the client's order holds for operations that could see each other's work, and the rest may run side
// by side. Where creates refer to one another in a circle, one of them is first created without the reference.
import { findAttributePath } from '../filter/attribute-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { attributeRefs } from '../schema/attribute-refs.ts';
import { findAttribute } from '../schema/find-attribute.ts';
import type { ResourceType } from '../schema/schema.ts';
import { type BulkOperation, findBulkId, type RefusedOperation } from './bulk.ts';
import { referencesOf } from './bulk-references.ts';

export interface BulkStep {
  /** Of the operation in the request. */
  readonly index: number;
  /** `complete` puts in the references that `run` has left out. */
  readonly kind: 'run' | 'complete';
  /** bulkIds of creates that come later although this one refers to them. */
  readonly postponed: ReadonlySet<string>;
  /** Steps that must have ended, by their position in the plan: all of them earlier ones. Groups are shared. */
  readonly after: readonly (readonly number[])[];
}

type Operation = BulkOperation | RefusedOperation;

/** In an order in which the steps can run one after another. */
export function planBulk(operations: readonly Operation[]): readonly BulkStep[] {
  const references = operations.map((each) => ('error' in each ? [] : referencesOf(each)));
  const order = withCompletions(orderOf(operations, references), creatorsOf(operations));
  const take = createClaims();
  return order.map(({ index, kind, postponed }, position) => {
    const operation = operations[index];
    const claims =
      operation === undefined || 'error' in operation ? [] : claimsOf(operation, references[index] ?? [], kind);
    return { index, kind, postponed, after: take(position, claims) };
  });
}

type Ordered = Omit<BulkStep, 'after'>;

/** An operation under way to its place in the order: first come those that it refers to. */
interface Visit {
  readonly index: number;
  readonly open: string[];
  readonly postponed: Set<string>;
}

/** Depth first, without recursion: chains may be as long as a request. */
function orderOf(operations: readonly Operation[], references: readonly (readonly string[])[]): readonly Ordered[] {
  const creators = creatorsOf(operations);
  const order: Ordered[] = [];
  const states = new Map<number, 'begun' | 'placed'>();
  const visit = (index: number): Visit => {
    states.set(index, 'begun');
    const needed = neededBy(operations[index], references[index] ?? []).filter((bulkId) => creators.has(bulkId));
    // Taken from the end: what stands first in the request goes first.
    const open = needed.sort((a, b) => (creators.get(b) ?? 0) - (creators.get(a) ?? 0));
    return { index, open, postponed: new Set() };
  };
  for (const first of operations.keys()) {
    const path = states.has(first) ? [] : [visit(first)];
    for (let current = path.at(-1); current !== undefined; current = path.at(-1)) {
      const { index, open, postponed } = current;
      const bulkId = open.pop();
      if (bulkId === undefined) {
        states.set(index, 'placed');
        order.push({ index, kind: 'run', postponed });
        path.pop();
        continue;
      }
      const creator = creators.get(bulkId);
      if (creator === undefined || states.get(creator) === 'placed') continue;
      if (states.get(creator) === 'begun') postponed.add(bulkId);
      else path.push(visit(creator));
    }
  }
  return order;
}

/** Each `complete` right after the last create that it waits for. */
function withCompletions(order: readonly Ordered[], creators: ReadonlyMap<string, number>): readonly Ordered[] {
  const positions = new Map(order.map(({ index }, position) => [index, position]));
  const following = new Map<number, Ordered[]>();
  for (const [position, step] of order.entries()) {
    if (step.postponed.size === 0) continue;
    const targets = [...step.postponed].map((bulkId) => positions.get(creators.get(bulkId) ?? step.index) ?? position);
    const last = Math.max(position, ...targets);
    following.set(last, [...(following.get(last) ?? []), { ...step, kind: 'complete' }]);
  }
  return order.flatMap((step, position) => [step, ...(following.get(position) ?? [])]);
}

/** bulkId -> the create that has it. */
function creatorsOf(operations: readonly Operation[]): ReadonlyMap<string, number> {
  return new Map(
    operations.flatMap((each, index): [string, number][] =>
      'error' in each || each.method !== 'POST' || each.bulkId === undefined ? [] : [[each.bulkId, index]],
    ),
  );
}

function neededBy(operation: Operation | undefined, references: readonly string[]): string[] {
  const own =
    operation !== undefined && !('error' in operation) && operation.target !== undefined && 'bulkId' in operation.target
      ? [operation.target.bulkId]
      : [];
  return [...own, ...references.flatMap((reference) => findBulkId(reference) ?? [])];
}

/** Two claims of one key agree where both are made the same way, unless that is `alone`. */
type Claim = readonly [key: string, how: 'alone' | 'refer' | 'take' | 'free'];

function claimsOf(operation: BulkOperation, references: readonly string[], kind: BulkStep['kind']): readonly Claim[] {
  const { method, bulkId, target, resourceType } = operation;
  const subject =
    target === undefined ? `bulkId:${bulkId}` : 'bulkId' in target ? `bulkId:${target.bulkId}` : `id:${target.id}`;
  const claims: Claim[] = [[subject, 'alone']];
  for (const reference of references) {
    const key = findBulkId(reference) === undefined ? `id:${reference}` : reference;
    if (key !== subject) claims.push([key, 'refer']);
  }
  if (kind === 'complete') return claims;
  const names = `names:${resourceType.name}`;
  if (method === 'POST') return [...claims, [names, 'take'], ...uniqueValues(operation)];
  if (method === 'DELETE') return [...claims, [names, 'free']];
  return method === 'PUT' || mayRename(operation) ? [...claims, [names, 'alone']] : claims;
}

/** Of several creates that want the same name the first gets it. */
function uniqueValues({ resourceType, data }: BulkOperation): readonly Claim[] {
  if (!isJsonObject(data)) return [];
  return identifying(resourceType).flatMap((name): Claim[] => {
    const value = memberOf(data, name);
    return typeof value === 'string' ? [[`name:${resourceType.name} ${name} ${value.toLowerCase()}`, 'alone']] : [];
  });
}

/** Whether a PATCH may change a name that others could want; what is not understood may do anything. */
function mayRename({ resourceType, data }: BulkOperation): boolean {
  const names = identifying(resourceType);
  return changedBy(data).some((text) => {
    const bracket = text.indexOf('[');
    const path = findAttributePath(bracket === -1 ? text : text.slice(0, bracket));
    const ref = path === undefined ? undefined : findAttribute(resourceType, path);
    return ref === undefined || names.includes(ref.attribute.name.toLowerCase());
  });
}

/** Paths of PATCH operations, and keys where there is no path. */
function changedBy(data: JsonValue | undefined): readonly string[] {
  const operations = isJsonObject(data) ? memberOf(data, 'operations') : undefined;
  if (!Array.isArray(operations)) return [];
  return (operations as readonly JsonValue[]).filter(isJsonObject).flatMap((operation): readonly string[] => {
    const [path, value] = [memberOf(operation, 'path'), memberOf(operation, 'value')];
    if (typeof path === 'string') return [path];
    return isJsonObject(value) ? Object.keys(value) : [];
  });
}

function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Attributes that nobody else may have the same value of, or that every resource has, as a name does; in lower case. */
function identifying(type: ResourceType): readonly string[] {
  return attributeRefs(type)
    .map(({ attribute }) => attribute)
    .filter(({ mutability, multiValued }) => mutability !== 'readOnly' && !multiValued)
    .filter(({ uniqueness, required }) => uniqueness !== 'none' || required)
    .map(({ name }) => name.toLowerCase());
}

interface Group {
  readonly how: Claim[1];
  readonly members: number[];
  readonly before: readonly number[];
}

/** Takes the claims of one step after another; returns the steps that have to end before each. */
function createClaims(): (position: number, claims: readonly Claim[]) => readonly (readonly number[])[] {
  const latest = new Map<string, Group>();
  return (position, claims) =>
    claims.flatMap(([key, how]) => {
      const group = latest.get(key);
      if (group !== undefined && group.how === how && how !== 'alone') {
        group.members.push(position);
        return group.before.length === 0 ? [] : [group.before];
      }
      latest.set(key, { how, members: [position], before: group?.members ?? [] });
      return group === undefined ? [] : [group.members];
    });
}
