// Applies typed operations to a resource in memory (RFC 7644 s3.5.2, conformance.md E4 to E71). Pure: the resource that
// comes in is never changed, and the same state comes out equal, so that the caller sees that there is nothing to write.

import { equalJson } from '../equal-resources.ts';
import { badRequest, ScimError } from '../error.ts';
import { evaluateOnElement } from '../filter/evaluate.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ClientProfile } from '../profile.ts';
import { getAttribute, type Resource, withAttribute } from '../resource.ts';
import { hasData, isNothing } from '../schema/coerce-value.ts';
import { uniqueElements } from '../schema/elements.ts';
import { type AttributeRef, attributeKey, type ResourceType, type SchemaAttribute } from '../schema/schema.ts';
import { withSchemas } from '../schemas-attribute.ts';
import { checkRequiredParts } from '../validate-resource.ts';
import { changeElements } from './change-elements.ts';
import { findImpliedParts, noMatch } from './implied-element.ts';
import { mergeObject, setPart } from './merge-object.ts';
import type { PatchOperation } from './patch.ts';

/** Values of lists that the operations of one request may look at, all together: a second or two of work. */
const MOST_LOOKS = 1_000_000;

/**
 * The resource after all operations, in canonical form. Throws 400 noTarget, mutability (immutable values, required ones)
 * or invalidValue (several primary values), 413 where many operations meet many values.
 */
export function applyPatch(
  resource: Resource,
  operations: readonly PatchOperation[],
  type: ResourceType,
  profile: ClientProfile,
): Resource {
  let looks = 0;
  const patched = operations.reduce((current, operation) => {
    looks += listOf(getAttribute(current, operation.target.ref)).length;
    if (looks > MOST_LOOKS) throw tooMuchWork();
    return applyOperation(current, operation, profile);
  }, resource);
  const touched = new Map(operations.map(({ target: { ref } }) => [attributeKey(ref), ref]));
  const finished = [...touched.values()].reduce((current, ref) => finishAttribute(resource, current, ref), patched);
  return withSchemas(finished, type);
}

/** Every operation looks at all values that are there, and nobody else is served meanwhile. */
function tooMuchWork(): ScimError {
  const detail = 'These operations have too many values to look at. Put the values into fewer operations or requests.';
  return new ScimError(413, undefined, detail);
}

function applyOperation(resource: Resource, operation: PatchOperation, profile: ClientProfile): Resource {
  const { ref } = operation.target;
  const current = getAttribute(resource, ref);
  const next = ref.attribute.multiValued
    ? changeElements(listOf(current), operation, profile)
    : changeSingle(current, operation, profile);
  checkImmutable(ref, current, isNothing(next) ? undefined : next);
  return withAttribute(resource, ref, isNothing(next) ? undefined : next);
}

function changeSingle(
  current: JsonValue | undefined,
  operation: PatchOperation,
  profile: ClientProfile,
): JsonValue | undefined {
  const { op, value, target } = operation;
  const { ref, filter, subAttribute } = target;
  if (ref.attribute.type !== 'complex') return op === 'remove' ? undefined : value;
  const before: JsonObject = isJsonObject(current) ? current : {};
  if (filter !== undefined && !(current !== undefined && evaluateOnElement(filter, before))) {
    if (op === 'remove') return current;
    const implied = current === undefined && mayCreate(op, profile) ? findImpliedParts(filter) : undefined;
    if (implied === undefined) throw noMatch(target);
    return changeSingle(
      implied,
      { ...operation, target: { ref, ...(subAttribute !== undefined && { subAttribute }) } },
      profile,
    );
  }
  const after = changeObject(before, operation);
  return after === undefined || Object.keys(after).length === 0 ? undefined : after;
}

function changeObject(before: JsonObject, { op, value, target }: PatchOperation): JsonObject | undefined {
  const { ref, subAttribute } = target;
  if (subAttribute !== undefined) {
    return setPart(before, subAttribute, op === 'remove' ? undefined : value, op, ref.attribute);
  }
  return op === 'remove' || !isJsonObject(value) ? undefined : mergeObject(before, value, ref.attribute);
}

function mayCreate(op: 'add' | 'replace', profile: ClientProfile): boolean {
  return op === 'add' || profile.replaceWithoutMatch === 'create';
}

/** E10: a value that is there stays; one that is not may be set. */
function checkImmutable(ref: AttributeRef, current: JsonValue | undefined, next: JsonValue | undefined): void {
  if (current === undefined) return;
  if (ref.attribute.mutability === 'immutable' && !equalJson(current, next)) throw immutable(ref);
  if (ref.attribute.multiValued || !isJsonObject(current)) return;
  for (const subAttribute of ref.attribute.subAttributes ?? []) {
    const before = current[subAttribute.name];
    const after = isJsonObject(next) ? next[subAttribute.name] : undefined;
    if (subAttribute.mutability !== 'immutable' || before === undefined || equalJson(before, after)) continue;
    throw immutable({ ...ref, subAttribute });
  }
}

function immutable(ref: AttributeRef): Error {
  return badRequest('mutability', `${attributeKey(ref)} is immutable: it has a value and keeps it.`);
}

/**
 * After the last operation, not before: several operations may build or empty one value (E37). Values that hold no data
 * go (E35), equal ones become one (B12), and nothing that is required may have gone.
 */
function finishAttribute(before: Resource, after: Resource, ref: AttributeRef): Resource {
  const value = getAttribute(after, ref);
  const kept = Array.isArray(value) ? keepData(value, ref.attribute) : value;
  // An optional extension may go with all that it requires.
  const expected = ref.attribute.required && (!ref.extension || Object.hasOwn(after, ref.urn));
  if (expected && !isNothing(getAttribute(before, ref)) && isNothing(kept)) {
    throw badRequest('mutability', `${attributeKey(ref)} is required and cannot be removed.`);
  }
  const present = new Set(listOf(getAttribute(before, ref)));
  checkRequiredParts(
    listOf(kept).filter((element) => !present.has(element)),
    ref,
    'replace',
  );
  return kept === value ? after : withAttribute(after, ref, isNothing(kept) ? undefined : kept);
}

function keepData(elements: readonly JsonValue[], attribute: SchemaAttribute): readonly JsonValue[] {
  const lacksData = (element: JsonValue) => isJsonObject(element) && !hasData(element, attribute);
  const filled = elements.some(lacksData) ? elements.filter((element) => !lacksData(element)) : elements;
  return uniqueElements(filled, attribute);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
}
