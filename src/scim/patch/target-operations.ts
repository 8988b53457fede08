// One operation on one target: is it allowed (mutability, required), is its value of the right type, and which typed
// operations does it come to. Several, where it merges a value and unassigns parts of it by null.
import { badRequest } from '../error.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import type { ClientProfile } from '../profile.ts';
import {
  coerceElement,
  coerceValue,
  idOfUri,
  isNothing,
  subAttributeEntries,
  unwrapObject,
} from '../schema/coerce-value.ts';
import { isReference } from '../schema/elements.ts';
import { findByName } from '../schema/find-attribute.ts';
import { attributeKey, type SchemaAttribute } from '../schema/schema.ts';
import type { PatchOperation, PatchTarget } from './patch.ts';

/** Whether no client may write the target (E48). */
export function isReadOnly({ ref, subAttribute }: PatchTarget): boolean {
  return ref.attribute.mutability === 'readOnly' || subAttribute?.mutability === 'readOnly';
}

/**
 * What an operation comes to; none where it does nothing by itself (adding null, removing an empty list). Throws 400
 * mutability (E47, E48, E50) or invalidValue.
 */
export function operationsOn(
  op: PatchOperation['op'],
  target: PatchTarget,
  value: JsonValue | undefined,
  profile: ClientProfile,
): PatchOperation[] {
  checkMutability(target);
  const byUri = withoutUri(target, value);
  if (byUri !== undefined) return operationsOn(op, byUri.target, byUri.value, profile);
  switch (op) {
    case 'remove':
      return removeOperations(target, value, profile);
    case 'add':
      if (value === undefined) throw badRequest('invalidValue', `${targetKey(target)}: add needs a value.`);
      // null is no value to add; it does not take away one that is there either.
      return value === null ? [] : writeOperations(op, target, value, profile);
    case 'replace':
      return writeOperations(op, target, value, profile);
  }
}

/** The path of the target for messages, without its filter. */
export function targetKey({ ref, subAttribute }: PatchTarget): string {
  return attributeKey(subAttribute === undefined ? ref : { ...ref, subAttribute });
}

/** The URI of a referenced resource says its id, and goes with it: `manager.$ref` is `manager.value` in other words. */
function withoutUri(
  target: PatchTarget,
  value: JsonValue | undefined,
): { readonly target: PatchTarget; readonly value: JsonValue | undefined } | undefined {
  const { attribute } = target.ref;
  const id = findByName(attribute.subAttributes ?? [], 'value');
  if (target.subAttribute?.name !== '$ref' || id === undefined || !isReference(attribute)) return undefined;
  return { target: { ...target, subAttribute: id }, value: typeof value === 'string' ? idOfUri(value) : value };
}

function checkMutability(target: PatchTarget): void {
  const { ref, subAttribute } = target;
  if (isReadOnly(target)) throw badRequest('mutability', `${targetKey(target)} is readOnly.`);
  // A value of a list comes and goes as a whole (E47); a single value may still get what it lacks.
  if (ref.attribute.multiValued && subAttribute?.mutability === 'immutable') {
    throw badRequest('mutability', `${targetKey(target)} is immutable: remove the value and add another one.`);
  }
}

function removeOperations(target: PatchTarget, value: JsonValue | undefined, profile: ClientProfile): PatchOperation[] {
  const { ref, filter, subAttribute } = target;
  const whole = filter === undefined && subAttribute === undefined;
  if (whole && ref.attribute.multiValued && value !== undefined && value !== null) {
    const listed = listedElements(value, ref.attribute, attributeKey(ref), profile);
    // E30: an empty list removes nothing.
    return listed.length === 0 ? [] : [{ op: 'remove', target, value: listed }];
  }
  if (isRequired(target)) throw badRequest('mutability', `${targetKey(target)} is required and cannot be removed.`);
  return [{ op: 'remove', target }];
}

/** Entra names the values to remove in `value` instead of a filter. */
function listedElements(
  value: JsonValue,
  attribute: SchemaAttribute,
  path: string,
  profile: ClientProfile,
): JsonValue[] {
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  return elements.flatMap((element, index) => {
    const coerced = coerceElement(element, attribute, `${path}[${index}]`, profile);
    return coerced === undefined ? [] : [coerced];
  });
}

function writeOperations(
  op: 'add' | 'replace',
  target: PatchTarget,
  value: JsonValue | undefined,
  profile: ClientProfile,
): PatchOperation[] {
  const coerced = coerceForTarget(target, value, profile);
  const cleared = clearedParts(op, target, value, profile);
  if (coerced === undefined || isBlankRequired(target, coerced)) {
    return cleared.length > 0 ? cleared : unassign(op, target);
  }
  return [...cleared, { op, target, value: coerced }];
}

function coerceForTarget(
  target: PatchTarget,
  value: JsonValue | undefined,
  profile: ClientProfile,
): JsonValue | undefined {
  const { ref, filter, subAttribute } = target;
  const key = targetKey(target);
  if (subAttribute !== undefined) return coerceValue(value, subAttribute, key, profile);
  if (filter === undefined || !ref.attribute.multiValued) return coerceValue(value, ref.attribute, key, profile);
  if (isNothing(value)) return undefined;
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const element = coerceElement(only, ref.attribute, key, profile, { partial: true });
  return isJsonObject(element) && Object.keys(element).length === 0 ? undefined : element;
}

/** Where a value is merged into what is there, null parts unassign (RFC 7643 s2.5): each a removal of its own. */
function clearedParts(
  op: 'add' | 'replace',
  target: PatchTarget,
  value: JsonValue | undefined,
  profile: ClientProfile,
): PatchOperation[] {
  const { ref, filter, subAttribute } = target;
  const merges = ref.attribute.multiValued ? filter !== undefined && op === 'add' : true;
  if (!merges || subAttribute !== undefined || ref.attribute.type !== 'complex' || isNothing(value)) return [];
  const object = unwrapObject(value, ref.attribute, profile);
  if (!isJsonObject(object)) return [];
  return subAttributeEntries(object, ref.attribute, targetKey(target), profile)
    .filter(({ sub, raw }) => sub.name !== '$ref' && coerceValue(raw, sub, sub.name, profile) === undefined)
    .map(({ sub }): PatchTarget => ({ ...target, subAttribute: sub }))
    .flatMap((part) => {
      if (isRequired(part)) throw badRequest('invalidValue', `${targetKey(part)} is required.`);
      return [{ op: 'remove', target: part }];
    });
}

/** A value that says "unassigned" (B10, E30, E60): a removal, but adding nothing to a list changes nothing. */
function unassign(op: 'add' | 'replace', target: PatchTarget): PatchOperation[] {
  if (isRequired(target)) throw badRequest('invalidValue', `${targetKey(target)} is required.`);
  if (op === 'add' && target.ref.attribute.multiValued) return [];
  return [{ op: 'remove', target }];
}

/** Whether the target as a whole is required: not some values of a list, chosen by a filter. */
function isRequired({ ref, filter, subAttribute }: PatchTarget): boolean {
  if (subAttribute !== undefined) return subAttribute.required;
  return ref.attribute.required && (filter === undefined || !ref.attribute.multiValued);
}

function isBlankRequired(target: PatchTarget, value: JsonValue): boolean {
  return isRequired(target) && typeof value === 'string' && value.trim() === '';
}
