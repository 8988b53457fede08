// JSON as parsed: what clients send and what they get.
import { LongArray } from './long-array.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | LongArray | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LongArray);
}
