// Equality of resources and of values in canonical form: keys have no order, nor have the values of an array (Q3, D14).
import type { JsonValue } from './json.ts';
import type { Resource } from './resource.ts';

/** Whether nothing changed: a patch that ends here must not touch the directory (E11). */
export function equalResources(a: Resource, b: Resource): boolean {
  return equalJson(a, b);
}

/** Equality of two values; the order of keys and of array elements means nothing, letter case does. */
export function equalJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || canonicalText(a) === canonicalText(b);
}

function canonicalText(value: JsonValue | undefined): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonicalText).sort().join()}]`;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const texts = entries.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member as JsonValue)}`);
  return `{${texts.sort().join()}}`;
}
