// What most transforms do first: the text of a value that came from the directory, or that goes there.
import { badRequest, type ScimError } from '../../scim/error.ts';
import type { JsonValue } from '../../scim/json.ts';

/** The first value that is not empty, as UTF-8 text. */
export function firstText(values: readonly Buffer[]): string | undefined {
  for (const value of values) if (value.length > 0) return value.toString('utf8');
  return undefined;
}

/** JSON null, the empty string and the empty list all mean "unassigned" (RFC 7643 s2.5). */
export function isUnassigned(value: JsonValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** 400 invalidValue for a value that the directory cannot hold; `expected` completes "must be ...". */
export function notStorable(value: JsonValue, expected: string): ScimError {
  const text = JSON.stringify(value);
  return badRequest('invalidValue', `${text.length > 80 ? `${text.slice(0, 80)}...` : text} must be ${expected}`);
}
