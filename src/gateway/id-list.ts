// Ids of very many resources: sorted, each once, in as little memory as can be. Those that are UUIDs, as nearly all are,
// take 16 octets each and never become text before a client sees them; any other makes the list one of texts.
import { printUuid, UUID_WORDS } from '../ldap/syntaxes/uuid.ts';

/** In the order of their texts. */
export interface IdList {
  readonly length: number;
  /** Octets of memory, about. */
  readonly bytes: number;
  at(index: number): string | undefined;
}

/** An id that may be written as the words of a UUID (false where it is none), or else read as text. */
export interface IdSource<From> {
  writeUuid(from: From, words: Uint32Array, at: number): boolean;
  /** Undefined where there is no id at all. */
  text(from: From): string | undefined;
}

export interface IdCollector<From> {
  add(from: From): void;
  /** Sorts what was added and ends the collecting. */
  finish(): IdList;
}

const FIRST_ROOM = 256;

export function createIdCollector<From>(source: IdSource<From>): IdCollector<From> {
  let words = new Uint32Array(FIRST_ROOM * UUID_WORDS);
  let used = 0;
  let texts: string[] | undefined;
  const addText = (id: string | undefined): void => {
    if (id === undefined) return;
    texts ??= Array.from({ length: used / UUID_WORDS }, (_, index) => printUuid(words, index * UUID_WORDS));
    texts.push(id);
  };
  return {
    add(from) {
      if (texts !== undefined) {
        addText(source.text(from));
        return;
      }
      if (used === words.length) {
        const larger = new Uint32Array(words.length * 2);
        larger.set(words);
        words = larger;
      }
      if (source.writeUuid(from, words, used)) used += UUID_WORDS;
      else addText(source.text(from));
    },
    finish: () => (texts === undefined ? sortUuids(words.subarray(0, used)) : sortTexts(texts)),
  };
}

function sortTexts(texts: string[]): IdList {
  const sorted = [...new Set(texts)].sort();
  let bytes = 0;
  for (const text of sorted) bytes += textBytes(text);
  return { length: sorted.length, bytes, at: (index) => sorted[index] };
}

/** What a string takes with its place in an array. */
export function textBytes(text: string): number {
  return 24 + 2 * text.length;
}

function sortUuids(words: Uint32Array): IdList {
  const order = orderOf(words);
  const sorted = new Uint32Array(words.length);
  let end = 0;
  for (const from of order) {
    if (end > 0 && compareWords(words, from, sorted, end - UUID_WORDS) === 0) continue;
    for (let word = 0; word < UUID_WORDS; word += 1) sorted[end + word] = words[from + word] ?? 0;
    end += UUID_WORDS;
  }
  const ids = end === sorted.length ? sorted : sorted.slice(0, end);
  return {
    length: end / UUID_WORDS,
    bytes: ids.byteLength,
    at: (index) => (index >= 0 && index < end / UUID_WORDS ? printUuid(ids, index * UUID_WORDS) : undefined),
  };
}

const BUCKETS = 65_536;

/**
 * Where each UUID begins in `words`, in their order. They are dealt out by their first 16 bits, and what falls together is
 * sorted: a third of the time of sorting them all at once, during which nothing else can run.
 */
function orderOf(words: Uint32Array): Uint32Array {
  const bounds = new Uint32Array(BUCKETS + 1);
  for (let at = 0; at < words.length; at += UUID_WORDS) {
    const bucket = bucketOf(words, at);
    bounds[bucket + 1] = (bounds[bucket + 1] ?? 0) + 1;
  }
  for (let bucket = 1; bucket <= BUCKETS; bucket += 1)
    bounds[bucket] = (bounds[bucket] ?? 0) + (bounds[bucket - 1] ?? 0);
  const next = bounds.slice();
  const order = new Uint32Array(words.length / UUID_WORDS);
  for (let at = 0; at < words.length; at += UUID_WORDS) {
    const bucket = bucketOf(words, at);
    const place = next[bucket] ?? 0;
    order[place] = at;
    next[bucket] = place + 1;
  }
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const [start = 0, end = 0] = [bounds[bucket], bounds[bucket + 1]];
    if (end - start > 1) order.subarray(start, end).sort((a, b) => compareWords(words, a, words, b));
  }
  return order;
}

function bucketOf(words: Uint32Array, at: number): number {
  return (words[at] ?? 0) >>> 16;
}

function compareWords(a: Uint32Array, from: number, b: Uint32Array, to: number): number {
  for (let word = 0; word < UUID_WORDS; word += 1) {
    const difference = (a[from + word] ?? 0) - (b[to + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
