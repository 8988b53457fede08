// One operation on the values of a multi-valued attribute: which values it is about, what becomes of them, and that at
// most one stays primary (E9).

import { equalJson } from '../equal-resources.ts';
import { badRequest } from '../error.ts';
import { evaluateOnElement } from '../filter/evaluate.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ClientProfile } from '../profile.ts';
import { elementFinder, isPrimary, isReference, mergeElements, withoutElements } from '../schema/elements.ts';
import { attributeKey, type SchemaAttribute } from '../schema/schema.ts';
import { findImpliedParts, noMatch } from './implied-element.ts';
import { mergeObject, setPart } from './merge-object.ts';
import type { PatchOperation, PatchTarget } from './patch.ts';

/** The values after the operation. Throws 400 noTarget, mutability or invalidValue. */
export function changeElements(
  elements: readonly JsonValue[],
  operation: PatchOperation,
  profile: ClientProfile,
): readonly JsonValue[] {
  const { filter, subAttribute } = operation.target;
  const whole = filter === undefined && subAttribute === undefined;
  const changed = whole ? changeAll(elements, operation) : changeMatching(elements, operation, profile);
  return keepOnePrimary(elements, changed, operation);
}

function changeAll(elements: readonly JsonValue[], { op, value, target }: PatchOperation): readonly JsonValue[] {
  const { attribute } = target.ref;
  const values = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  switch (op) {
    case 'add':
      return mergeElements(elements, values, attribute);
    case 'remove':
      return value === undefined ? [] : withoutElements(elements, values, attribute);
    case 'replace': {
      const find = elementFinder(elements, attribute);
      return values.map((element) => withFixedParts(element, find(element), attribute));
    }
  }
}

function changeMatching(
  elements: readonly JsonValue[],
  operation: PatchOperation,
  profile: ClientProfile,
): readonly JsonValue[] {
  const { filter } = operation.target;
  const matching = new Set(elements.filter((element) => filter === undefined || evaluateOnElement(filter, element)));
  if (matching.size === 0) return withNewElement(elements, operation, profile);
  let replaced = false;
  return elements.flatMap((element) => {
    if (!matching.has(element)) return [element];
    if (operation.op !== 'replace' || operation.target.subAttribute !== undefined)
      return changeElement(element, operation);
    // The same record in place of each would be the same value several times (B12).
    if (replaced) return [];
    replaced = true;
    return [replaceElement(element, operation)];
  });
}

function changeElement(element: JsonValue, { op, value, target }: PatchOperation): JsonValue[] {
  const { ref, subAttribute } = target;
  if (subAttribute === undefined) {
    if (op === 'remove' || value === undefined) return [];
    if (!isJsonObject(element) || !isJsonObject(value)) return [value];
    checkFixedParts(element, value, target);
    return [mergeObject(element, value, ref.attribute)];
  }
  if (!isJsonObject(element)) return [element];
  return [setPart(element, subAttribute, op === 'remove' ? undefined : value, op, ref.attribute)];
}

/** The record anew (E33): what the filter says with `eq` stays unless the value says otherwise. */
function replaceElement(element: JsonValue, { value, target }: PatchOperation): JsonValue {
  if (!isJsonObject(element) || !isJsonObject(value)) return value ?? element;
  checkFixedParts(element, value, target);
  const implied = target.filter === undefined ? undefined : findImpliedParts(target.filter);
  return withFixedParts({ ...implied, ...value }, element, target.ref.attribute);
}

/** No value matches (E34, E36): add builds one from a filter that says enough, remove has nothing to do. */
function withNewElement(
  elements: readonly JsonValue[],
  { op, value, target }: PatchOperation,
  profile: ClientProfile,
): readonly JsonValue[] {
  if (op === 'remove' || value === undefined) return elements;
  const { filter, subAttribute, ref } = target;
  const implied = filter === undefined ? {} : findImpliedParts(filter);
  if (implied === undefined || (op === 'replace' && profile.replaceWithoutMatch === 'noTarget')) throw noMatch(target);
  if (ref.attribute.type !== 'complex') return mergeElements(elements, [value], ref.attribute);
  const parts: JsonObject = subAttribute === undefined ? (value as JsonObject) : { [subAttribute.name]: value };
  return [...elements, { ...implied, ...parts }];
}

/** 400 mutability where a value in place would change a part that is immutable (E47). */
function checkFixedParts(element: JsonObject, value: JsonObject, { ref }: PatchTarget): void {
  for (const subAttribute of ref.attribute.subAttributes ?? []) {
    const [before, after] = [element[subAttribute.name], value[subAttribute.name]];
    if (subAttribute.mutability !== 'immutable' || before === undefined || after === undefined) continue;
    if (equalJson(before, after)) continue;
    throw badRequest('mutability', `${attributeKey({ ...ref, subAttribute })} is immutable.`);
  }
}

/** A value that is put where the same one was keeps what clients do not write: readOnly and immutable parts, `$ref`. */
function withFixedParts(element: JsonValue, before: JsonValue | undefined, attribute: SchemaAttribute): JsonValue {
  if (!isJsonObject(element) || !isJsonObject(before)) return element;
  const reference = isReference(attribute);
  const fixed = (attribute.subAttributes ?? []).filter(
    ({ mutability, name }) => mutability === 'readOnly' || mutability === 'immutable' || (reference && name === '$ref'),
  );
  const kept = fixed.filter(({ name }) => before[name] !== undefined).map(({ name }) => [name, before[name]] as const);
  return { ...element, ...Object.fromEntries(kept) };
}

function keepOnePrimary(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  { target }: PatchOperation,
): readonly JsonValue[] {
  const primaries = after.filter(isPrimary);
  if (primaries.length < 2) return after;
  const untouched = new Set(before);
  const [chosen, ...others] = primaries.filter((element) => !untouched.has(element));
  if (chosen === undefined) return after;
  if (others.length > 0) {
    throw badRequest('invalidValue', `${attributeKey(target.ref)} would have more than one primary value.`);
  }
  return after.map((element) =>
    element !== chosen && isJsonObject(element) && isPrimary(element) ? { ...element, primary: false } : element,
  );
}
