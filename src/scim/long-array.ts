// An array that may be very long: its elements are made one by one while they are printed, so that a group of 100,000
// members is never in memory as a whole. For answers only; whatever is compared or changed is made of plain arrays.

import { LazyIterable } from '../util/lazy-iterable.ts';
import type { JsonValue } from './json.ts';

export class LongArray implements Iterable<JsonValue> {
  readonly #elements: Iterable<JsonValue>;

  /** Each iteration of `elements` begins at the first one. */
  constructor(elements: Iterable<JsonValue>) {
    this.#elements = elements;
  }

  [Symbol.iterator](): Iterator<JsonValue> {
    return this.#elements[Symbol.iterator]();
  }

  /** With each element turned into another one. */
  map(turn: (element: JsonValue) => JsonValue | undefined): LongArray {
    const elements = this.#elements;
    const all = new LazyIterable(function* () {
      for (const element of elements) {
        const turned = turn(element);
        if (turned !== undefined) yield turned;
      }
    });
    return new LongArray(all);
  }

  isEmpty(): boolean {
    for (const _ of this.#elements) return false;
    return true;
  }

  /** So that whoever prints it without care prints all of it. */
  toJSON(): readonly JsonValue[] {
    return [...this.#elements];
  }
}
