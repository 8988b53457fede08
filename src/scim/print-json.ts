// JSON text of an answer, in pieces where it is long. What is short stays one call of `JSON.stringify`.
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { LongArray } from './long-array.ts';

/** Characters that a piece has at least, but for the last one: below that a write costs more than what it carries. */
const PIECE = 32_768;

/** Whether it is worth printing in pieces. */
export function isLong(body: unknown): body is JsonObject {
  return isJsonObject(body) && holdsLong(body);
}

/** The text of `body`; a piece is made when it is asked for. */
export function* printJson(body: JsonValue): Generator<string, undefined> {
  let piece = '';
  for (const part of partsOf(body)) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function* partsOf(value: JsonValue): Generator<string> {
  if (value instanceof LongArray) yield* partsOfArray(value);
  else if (isJsonObject(value) && holdsLong(value)) yield* partsOfObject(value);
  else yield JSON.stringify(value);
}

/** An extension has its attributes one level down, and nothing has long arrays further down than that. */
function holdsLong(object: JsonObject, extension = false): boolean {
  for (const name in object) {
    const value = object[name];
    if (typeof value !== 'object' || value === null) continue;
    if (value instanceof LongArray || (!extension && isJsonObject(value) && holdsLong(value, true))) return true;
  }
  return false;
}

function* partsOfArray(elements: Iterable<JsonValue>): Generator<string> {
  let before = '[';
  for (const element of elements) {
    yield before;
    yield* partsOf(element);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

function* partsOfObject(object: JsonObject): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* partsOf(value);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}
