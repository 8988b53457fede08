// Members of a JSON object whose names have no letter case (RFC 7643 s2.1).
import { badRequest } from './error.ts';
import type { JsonObject, JsonValue } from './json.ts';

export type JsonEntry = readonly [name: string, value: JsonValue | undefined];

/** The members with their names as written; 400 invalidSyntax where two differ in letter case only (B14). */
export function uniqueEntries(object: JsonObject): readonly JsonEntry[] {
  const entries = Object.entries(object);
  const seen = new Set<string>();
  for (const [name] of entries) {
    if (seen.has(name.toLowerCase())) throw badRequest('invalidSyntax', `${name} is given twice.`);
    seen.add(name.toLowerCase());
  }
  return entries;
}

/** The member of that name in any letter case; undefined where there is none. Throws as `uniqueEntries` does. */
export function findMember(object: JsonObject, name: string): JsonValue | undefined {
  return uniqueEntries(object).find(([candidate]) => candidate.toLowerCase() === name.toLowerCase())?.[1];
}
