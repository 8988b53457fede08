// Changes JSON values as values: what comes out is JSON, and one part of it is not what was expected there.
import type { JsonValue } from '../../src/scim/json.ts';
import type { Random } from './random.ts';

/** The text of `seed` with some parts changed; `seed` itself where it is no JSON. */
export function mutateJson(seed: Buffer, other: Buffer, random: Random, words: readonly string[]): Buffer {
  const value = parse(seed);
  if (value === undefined) return seed;
  const donor = parse(other) ?? null;
  let changed = value;
  for (let step = random.below(3); step >= 0; step -= 1) changed = change(changed, donor, random, words);
  return Buffer.from(JSON.stringify(changed) ?? 'null');
}

function parse(text: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(text.toString('utf8')) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Goes down by chance, and changes where it stops. */
function change(value: JsonValue, donor: JsonValue, random: Random, words: readonly string[]): JsonValue {
  if (random.oneIn(5) || typeof value !== 'object' || value === null) return replace(value, donor, random, words);
  if (Array.isArray(value)) return changeList(value as readonly JsonValue[], donor, random, words);
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>);
  const found = random.pick(entries);
  if (found === undefined || random.oneIn(6)) {
    return fromEntries([...entries, [random.pick(words) ?? 'x', part(donor, random)]]);
  }
  const [name, inner] = found;
  switch (random.below(6)) {
    case 0:
      return fromEntries(entries.filter((each) => each !== found));
    case 1:
      return fromEntries(entries.map((each) => (each === found ? [random.pick(words) ?? name, inner] : each)));
    case 2:
      return fromEntries([...entries, [name.toUpperCase(), inner]]);
    default:
      return fromEntries(entries.map((each) => (each === found ? [name, change(inner, donor, random, words)] : each)));
  }
}

/** Keeps `__proto__` as a name like any other. */
function fromEntries(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  return Object.fromEntries(entries);
}

function changeList(list: readonly JsonValue[], donor: JsonValue, random: Random, words: readonly string[]): JsonValue {
  const at = random.below(list.length);
  const found = list[at];
  if (found === undefined) return [part(donor, random)];
  switch (random.below(5)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, found);
    case 2:
      return list.toSpliced(at, 0, part(donor, random));
    default:
      return list.with(at, change(found, donor, random, words));
  }
}

function replace(value: JsonValue, donor: JsonValue, random: Random, words: readonly string[]): JsonValue {
  switch (random.below(7)) {
    case 0:
      return part(donor, random);
    case 1:
      return random.pick(words) ?? value;
    case 2:
      return random.pick<JsonValue>([null, true, false, 0, -1, 1.5, 1e308, '', [], {}, 'true', 'False', [[]]]) ?? null;
    case 3:
      return [value];
    case 4:
      return { value };
    case 5:
      return typeof value === 'string' ? value + (random.pick(words) ?? '') : [value, value];
    default:
      return typeof value === 'string' ? value.slice(random.below(value.length)) : String(value);
  }
}

/** A part of `value`, of any depth. */
function part(value: JsonValue, random: Random): JsonValue {
  let found = value;
  while (typeof found === 'object' && found !== null && !random.oneIn(4)) {
    const inner = random.pick(Object.values(found) as readonly JsonValue[]);
    if (inner === undefined) break;
    found = inner;
  }
  return found;
}
