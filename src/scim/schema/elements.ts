// The values of a multi-valued attribute as a set: which two are the same one, how new ones are added, and that at most
// one is primary (RFC 7643 s2.4).
import { badRequest } from '../error.ts';
import { comparableString } from '../filter/compare.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { findByName } from './find-attribute.ts';
import type { SchemaAttribute } from './schema.ts';

/** Says of two elements whether the second is the same value as the first. */
interface Identity {
  /** Elements with different keys are never the same. */
  readonly key: (element: JsonValue) => string;
  /** Of two elements with one key. */
  readonly matches: (element: JsonValue, candidate: JsonValue) => boolean;
}

/**
 * `elements` with `added` behind; one that is there already is not repeated but takes over what the added one says
 * besides (E28, B12). Sub-attributes that are immutable stay as they are.
 */
export function mergeElements(
  elements: readonly JsonValue[],
  added: readonly JsonValue[],
  attribute: SchemaAttribute,
): JsonValue[] {
  const { key, matches } = identityOf(attribute);
  const result = [...elements];
  const places = placesByKey(result, key);
  for (const candidate of added) {
    const candidateKey = key(candidate);
    const known = places.get(candidateKey) ?? [];
    const place = known.find((index) => matches(result[index] as JsonValue, candidate));
    if (place === undefined) {
      places.set(candidateKey, [...known, result.length]);
      result.push(candidate);
    } else {
      result[place] = mergeElement(result[place] as JsonValue, candidate, attribute);
    }
  }
  return result;
}

/** `elements` with each value once (B12); the one that is primary stays primary. */
export function uniqueElements(elements: readonly JsonValue[], attribute: SchemaAttribute): readonly JsonValue[] {
  const unique = mergeElements([], elements, attribute);
  if (unique.length === elements.length) return elements;
  const primary = elements.find(isPrimary);
  const chosen = primary === undefined ? undefined : elementFinder(unique, attribute)(primary);
  return unique.map((element) =>
    element === chosen && isJsonObject(element) ? { ...element, primary: true } : element,
  );
}

/** `elements` without those that `removed` names. */
export function withoutElements(
  elements: readonly JsonValue[],
  removed: readonly JsonValue[],
  attribute: SchemaAttribute,
): JsonValue[] {
  const { key, matches } = identityOf(attribute);
  const places = placesByKey(removed, key);
  return elements.filter(
    (element) => !(places.get(key(element)) ?? []).some((index) => matches(element, removed[index] as JsonValue)),
  );
}

/** The element of `elements` that is the same value as `candidate`: a function, made once for many candidates. */
export function elementFinder(
  elements: readonly JsonValue[],
  attribute: SchemaAttribute,
): (candidate: JsonValue) => JsonValue | undefined {
  const { key, matches } = identityOf(attribute);
  const places = placesByKey(elements, key);
  return (candidate) => {
    const index = (places.get(key(candidate)) ?? []).find((place) => matches(elements[place] as JsonValue, candidate));
    return index === undefined ? undefined : elements[index];
  };
}

/** 400 invalidValue where two values of one request say `primary: true` (B11, E68). */
export function checkPrimary(elements: readonly JsonValue[], path: string): void {
  if (elements.filter(isPrimary).length > 1) {
    throw badRequest('invalidValue', `${path} has more than one value with "primary": true.`);
  }
}

export function isPrimary(element: JsonValue): boolean {
  return isJsonObject(element) && element['primary'] === true;
}

/** Whether the attribute points to resources: then `value` is an id and `$ref` follows from it. */
export function isReference(attribute: SchemaAttribute): boolean {
  const subs = attribute.subAttributes ?? [];
  return findByName(subs, '$ref') !== undefined && findByName(subs, 'value') !== undefined;
}

function mergeElement(element: JsonValue, candidate: JsonValue, attribute: SchemaAttribute): JsonValue {
  if (!isJsonObject(element) || !isJsonObject(candidate)) return element;
  const fixed = (attribute.subAttributes ?? []).filter((sub) => sub.mutability === 'immutable');
  const kept = fixed.filter((sub) => element[sub.name] !== undefined).map((sub) => [sub.name, element[sub.name]]);
  return { ...element, ...candidate, ...(Object.fromEntries(kept) as JsonObject) };
}

function placesByKey(elements: readonly JsonValue[], key: Identity['key']): Map<string, number[]> {
  const places = new Map<string, number[]>();
  elements.forEach((element, index) => {
    const elementKey = key(element);
    const known = places.get(elementKey);
    if (known === undefined) places.set(elementKey, [index]);
    else known.push(index);
  });
  return places;
}

function identityOf(attribute: SchemaAttribute): Identity {
  if (attribute.type !== 'complex') return { key: (element) => scalarKey(element, attribute), matches: () => true };
  const value = findByName(attribute.subAttributes ?? [], 'value');
  if (value === undefined) return { key: (element) => withoutPrimary(element), matches: () => true };
  // Ids are compared exactly, whatever the schema says of the letter case of `value` (C3).
  if (isReference(attribute))
    return { key: (element) => scalarKey(part(element, 'value'), { ...value, caseExact: true }), matches: () => true };
  return {
    key: (element) =>
      part(element, 'value') === undefined ? withoutPrimary(element) : scalarKey(part(element, 'value'), value),
    matches: (element, candidate) => {
      const [type, wanted] = [part(element, 'type'), part(candidate, 'type')];
      return wanted === undefined || foldCase(type) === foldCase(wanted);
    },
  };
}

function part(element: JsonValue, name: string): JsonValue | undefined {
  return isJsonObject(element) ? element[name] : undefined;
}

function scalarKey(value: JsonValue | undefined, attribute: Pick<SchemaAttribute, 'caseExact'>): string {
  return JSON.stringify(attribute.caseExact ? value : foldCase(value)) ?? '';
}

function foldCase(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? comparableString(value, false) : value;
}

function withoutPrimary(element: JsonValue): string {
  if (!isJsonObject(element)) return JSON.stringify(element);
  const entries = Object.entries(element).filter(([name]) => name !== 'primary');
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
