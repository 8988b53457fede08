// The operations of a connection that have gone out, by message id, and the choice of the next id. An array whose places are
// used again, not a Map: V8 rebuilds a Map that is always added to and deleted from, and each discarded table leads to the
// next one. As soon as one of them is old, all that the later ones held stays until the next full collection, and with an
// operation the whole request behind it (Node 24.21: a fifth of what was allocated outlived its request).
import type { Operation } from './operation.ts';

const MAX_MESSAGE_ID = 2 ** 31 - 1;

export class OperationTable {
  readonly #places: (Operation | undefined)[];
  readonly #mask: number;
  #lastId: number;
  #size = 0;

  /** Holds `most` operations. */
  constructor(most: number, firstId: number) {
    // Twice as many places as are used, so that a free one is near; a power of two, so that the low bits name it.
    const size = 2 ** Math.ceil(Math.log2(most * 2));
    this.#places = Array.from({ length: size }, () => undefined);
    this.#mask = size - 1;
    this.#lastId = firstId - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** An id that no operation has, and whose place is free. */
  nextId(): number {
    do {
      this.#lastId = this.#lastId >= MAX_MESSAGE_ID ? 1 : this.#lastId + 1;
    } while (this.#places[this.#lastId & this.#mask] !== undefined);
    return this.#lastId;
  }

  get(id: number): Operation | undefined {
    const operation = this.#places[id & this.#mask];
    return operation?.messageId === id ? operation : undefined;
  }

  /** By its message id, which came from `nextId`. */
  add(operation: Operation): void {
    this.#places[operation.messageId & this.#mask] = operation;
    this.#size += 1;
  }

  delete(operation: Operation): void {
    if (this.get(operation.messageId) !== operation) return;
    this.#places[operation.messageId & this.#mask] = undefined;
    this.#size -= 1;
  }

  all(): readonly Operation[] {
    return this.#places.filter((operation) => operation !== undefined);
  }
}
