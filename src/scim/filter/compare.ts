// How SCIM values compare: one preparation of text and one order, for filters and for sorting alike.
import { isJsonObject, type JsonValue } from '../json.ts';
import { getAttribute, type Resource } from '../resource.ts';
import { parseDateTime } from '../schema/date-time.ts';
import type { AttributeRef, SchemaAttribute } from '../schema/schema.ts';

/**
 * The form in which strings are equal or ordered (G20, G39): as it is where case counts, otherwise compatibility
 * composed, in lower case, white space trimmed and runs of it single, as directories prepare text (RFC 4518).
 */
export function comparableString(text: string, caseExact: boolean): string {
  return caseExact ? text : foldCase(text).replace(/\s+/g, ' ').trim();
}

/** The form in which one string contains another: white space counts there. */
export function comparableSubstring(text: string, caseExact: boolean): string {
  return caseExact ? text : foldCase(text);
}

/** Order by Unicode code point, which is not that of UTF-16 units beyond U+FFFF. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = codePointRank(a.charCodeAt(index)) - codePointRank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** What a value sorts by; undefined where it has no place in the order (absent, or not of the attribute's type). */
export type SortKey = string | number | undefined;

/** The sort key of a resource (H3 to H5): of the primary value of several, else of the first. */
export function sortKey(resource: Resource, ref: AttributeRef): SortKey {
  const { subAttribute, ...whole } = ref;
  const value = getAttribute(resource, whole);
  const element = Array.isArray(value) ? preferredElement(value) : value;
  if (subAttribute === undefined) return keyOfValue(element, ref.attribute);
  return isJsonObject(element) ? keyOfValue(element[subAttribute.name], subAttribute) : undefined;
}

/** Ascending; values without a key come last (H6). Negate for descending. */
export function compareSortKeys(a: SortKey, b: SortKey): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  // Two resource types, each with an attribute of that name.
  return typeof a === 'number' ? -1 : 1;
}

function keyOfValue(value: JsonValue | undefined, attribute: SchemaAttribute): SortKey {
  switch (attribute.type) {
    case 'string':
    case 'reference':
    case 'binary':
      return typeof value === 'string' && value !== '' ? comparableString(value, attribute.caseExact) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'decimal':
    case 'integer':
      return typeof value === 'number' ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' ? parseDateTime(value)?.milliseconds : undefined;
    case 'complex':
      return undefined;
  }
}

function preferredElement(elements: readonly JsonValue[]): JsonValue | undefined {
  return elements.find((element) => isJsonObject(element) && element['primary'] === true) ?? elements[0];
}

function foldCase(text: string): string {
  // Capital sigma alone is lowered by its place in the word, so that a prefix would not match the longer word.
  const lower = text.normalize('NFKC').replaceAll('\u03a3', '\u03c3').toLowerCase();
  // Lower case composes where upper case does not: U+03AA U+0301 becomes U+0390.
  return lower.normalize('NFKC');
}

// Surrogates stand for code points above all others, but have smaller numbers than U+E000 to U+FFFF.
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
